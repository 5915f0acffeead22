import type { StreamingCommands } from '../../../platform/processes/streaming-commands.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';

/** Images of fake Engines: references, by the names of the machines; `here` is this one. */
export interface FakeMachineImages {
  readonly on: (machine: string) => Set<string>;
  /** Answers of `docker image inspect`; undefined for other commands. */
  readonly inspect: (words: readonly string[]) => CommandResult | undefined;
  /** `docker save` into `docker load`. */
  readonly pipe: StreamingCommands['pipe'];
}

const ended = (exitCode: number, stdout = ''): CommandResult => ({ kind: 'ended', exitCode, stdout, stderr: '' });

/** `--host unix:///fake/node1.sock image …`, or without a host: the machine, and the words of docker. */
function called(words: readonly string[]): readonly [machine: string, words: readonly string[]] {
  const machine = /\/fake\/(.+)\.sock$/.exec(words[1] ?? '')?.[1];
  return machine === undefined ? ['here', words] : [machine, words.slice(2)];
}

/** Fake Engines that have the images that they are given, or that are copied to them, and nothing else. */
export function fakeMachineImages(): FakeMachineImages {
  const images = new Map<string, Set<string>>();
  const on = (machine: string) => {
    const own = images.get(machine) ?? new Set();
    images.set(machine, own);
    return own;
  };
  return {
    on,
    inspect: (given) => {
      const [machine, words] = called(given);
      if (words[0] !== 'image' || words[1] !== 'inspect') return undefined;
      return on(machine).has(words.at(-1) ?? '') ? ended(0, 'linux/amd64\t') : ended(1);
    },
    pipe: (source, targets) => {
      const [from, [, ...references]] = called(source.arguments);
      const isThere = references.every((reference) => on(from).has(reference));
      for (const target of targets)
        for (const reference of references) if (isThere) on(called(target.arguments)[0]).add(reference);
      return Promise.resolve({ source: ended(isThere ? 0 : 1), targets: targets.map(() => ended(isThere ? 0 : 1)) });
    },
  };
}
