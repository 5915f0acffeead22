import { systemClock } from '../../platform/clock.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { runAfterwards } from '../../platform/processes/surviving/afterwards.ts';
import { nodeSurvivors } from '../../platform/processes/surviving/surviving-process.ts';
import { openLogFile } from '../../platform/files/log-file.ts';
import { ownAddress } from '../../platform/network/own-address.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { onUserSignal, onUncaughtError } from '../../platform/processes/own-process.ts';
import type { Context } from '../../platform/context.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { endTasksIfAsked } from './end-tasks.ts';
import { programs } from './programs.ts';
import { runProgram } from './run-program.ts';

/**
 * `__component NAME …`: one program of the lite image. Its words are those of the real program, so they do not pass
 * through our own parser.
 * @returns the exit code of the program
 */
export async function component(context: Context): Promise<number> {
  const { env, files, stdout, stderr, signal } = context;
  const [, name = '', ...words] = context.argv;
  const ended = await endTasksIfAsked(context.argv.slice(1));
  if (ended !== undefined) return ended;
  const program = programs.get(name);
  if (program === undefined) {
    stderr.write(`There is no program ${name} in the lite set: ${[...programs.keys()].join(', ')}\n`);
    return exitCodes.usage;
  }
  return runProgram(name, program, words, {
    environment: env,
    readFile: (path) => readFile(files, path),
    own: ownAddress,
    processes: nodeProcesses,
    survivors: nodeSurvivors,
    afterwards: runAfterwards(context.script),
    sandboxes: nodeSandboxes,
    stdout,
    stderr,
    openLog: openLogFile,
    signal,
    now: () => new Date(),
    onUncaughtError,
    onUserSignal,
    sleep: (ms) => systemClock.sleep(ms),
  });
}

function readFile(files: FileSystem, path: string): string | undefined {
  try {
    return files.readText(path);
  } catch {
    return undefined;
  }
}
