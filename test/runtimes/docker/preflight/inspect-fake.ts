import type { EntryKind } from '../../../../platform/files/file-system.ts';
import type { CommandResult } from '../../../../platform/processes/run-command.ts';
import type { DockerFacts, DockerProblem } from '../../../../runtimes/docker/preflight/docker-facts.ts';
import { inspectDocker } from '../../../../runtimes/docker/preflight/inspect-docker.ts';
import { asPrograms, type DockerAnswers } from './docker-answers.ts';

/** Looks at a fake Docker that gives these answers, on a machine that has these files. */
export function inspectFake(given: DockerAnswers, files: readonly string[] = []): Promise<DockerFacts | DockerProblem> {
  const programs: Readonly<Record<string, CommandResult>> = asPrograms(given);
  return inspectDocker({
    runCommand: (program, words) =>
      Promise.resolve(programs[[program, ...words].join(' ')] ?? { kind: 'missing' as const }),
    env: {},
    cwd: '/',
    files: { kindOf: (path): EntryKind | undefined => (files.includes(path) ? 'file' : undefined) },
    signal: new AbortController().signal,
  });
}

/** The facts of a fake Docker that answers. */
export async function factsOf(given: DockerAnswers, files: readonly string[] = []): Promise<DockerFacts> {
  const facts = await inspectFake(given, files);
  if (facts.kind === 'facts') return facts;
  throw new Error(facts.message);
}
