import type { CommandResult } from '../../../../platform/processes/run-command.ts';
import type { DockerEngine } from '../../../../runtimes/docker/docker-engine.ts';

/** An Engine that gives these answers, by the words behind `docker`; to others it says no. */
export function fakeEngine(answers: Readonly<Record<string, CommandResult>>): DockerEngine {
  const run = (words: readonly string[]) =>
    Promise.resolve(
      answers[words.join(' ')] ??
        ({ kind: 'ended', exitCode: 1, stdout: '', stderr: 'not known to this fake' } as const),
    );
  return {
    endpoint: undefined,
    run,
    ask: async (words) => {
      const result = await run(words);
      return result.kind === 'ended' ? result.stdout : '';
    },
    attach: run,
    command: (words) => ({ program: 'docker', arguments: words }),
  };
}

export const ended = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({
  kind: 'ended',
  exitCode,
  stdout,
  stderr,
});

/** How an Engine is asked for an image. */
export const inspectWords = (reference: string) =>
  `image inspect --format {"bytes":{{.Size}},"arch":{{json .Architecture}}} ${reference}`;
