import type { Component } from '../../engine/component.ts';
import type { OpenLog } from '../../platform/files/log-file.ts';
import type { Output } from '../../platform/terminal.ts';
import { ProgramError, type PreparedProgram, type Program, type ProgramWorld } from './program.ts';
import { logLine } from './program-log.ts';

export interface RunWorld extends Omit<ProgramWorld, 'log'> {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly openLog: OpenLog;
  readonly now: () => Date;
  /** Calls back with an error that nobody caught; it then does not end the process. */
  readonly onUncaughtError: (callback: (error: Error) => void) => void;
  /** Calls back when SIGUSR1 comes, which then does nothing else. */
  readonly onUserSignal: (callback: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Runs a program until it is told to end or cannot go on.
 * @param name of the command
 * @param words what stands behind it
 * @returns the exit code: 0 when it was told to end, else that of the real program
 */
export async function runProgram(
  name: string,
  program: Program,
  words: readonly string[],
  world: RunWorld,
): Promise<number> {
  const isAsked = (word: string) =>
    words.includes(`--${word}`) || (program.hasGoFlags === true && words.includes(`-${word}`));
  if (isAsked('help') || words.includes('-h')) {
    world.stdout.write(program.help());
    return 0;
  }
  if (isAsked('version')) {
    world.stdout.write(program.version);
    return 0;
  }
  let prepared: PreparedProgram;
  try {
    prepared = program.prepare(words, world);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    world.stderr.write(`${error.message}\n\n${name} --help says what it takes\n`);
    return error.exitCode;
  }
  return serve(name, program, prepared, world);
}

async function serve(name: string, program: Program, prepared: PreparedProgram, world: RunWorld): Promise<number> {
  const { logDirectory, isQuiet = false, withoutEffect } = prepared;
  if (logDirectory !== undefined) await world.sandboxes.makeFolder(logDirectory);
  // Mesos's link to its newest log has this name, too.
  const file = logDirectory === undefined ? undefined : world.openLog(`${logDirectory}/${name}.INFO`);
  const last = (line: string) => {
    world.stderr.write(logLine(program.logStyle, name, line, world.now()));
    file?.write(line);
  };
  const log = (line: string) => {
    if (!isQuiet) world.stderr.write(logLine(program.logStyle, name, line, world.now()));
    file?.write(line);
  };
  log(`Starting ${program.version.trimEnd()}`);
  for (const flag of withoutEffect) log(`--${flag} has no effect in the lite set`);
  const told = Promise.race([ended(world.signal), uncaught(world)]);
  let component: Component | undefined;
  try {
    const started = await Promise.race([prepared.start({ ...world, log }), told]);
    if (started !== undefined && !(started instanceof Error)) {
      component = started;
      log(`Listening at ${started.url}`);
    }
    const failed = component?.failed === undefined ? [] : [component.failed];
    const failure = await Promise.race([told, ...failed, ...toldToLeave(component, world)]);
    if (failure === 'leave') await Promise.race([component?.leave?.(), world.sleep(stopTimeoutMs)]);
    else if (failure === undefined) log('Told to end');
    else last(failureWords(failure));
    return failure === undefined || failure === 'leave' ? 0 : 1;
  } catch (error) {
    last(failureWords(error));
    return error instanceof ProgramError ? error.exitCode : 1;
  } finally {
    await Promise.race([component?.stop(), world.sleep(stopTimeoutMs)]);
    file?.close();
  }
}

/** Docker waits ten seconds before it kills. */
const stopTimeoutMs = 5000;

/** Mesos's agent is the only program that leaves on a signal. */
function toldToLeave(component: Component | undefined, { onUserSignal }: RunWorld): readonly Promise<'leave'>[] {
  if (component?.leave === undefined) return [];
  const told = new Promise<'leave'>((resolve) => {
    onUserSignal(() => {
      resolve('leave');
    });
  });
  return [told];
}

function uncaught({ onUncaughtError }: RunWorld): Promise<Error> {
  return new Promise((resolve) => {
    onUncaughtError((error) => {
      resolve(new Uncaught(error));
    });
  });
}

/** A bug of ours: its stack is wanted. */
class Uncaught extends Error {
  constructor(cause: Error) {
    super(`Uncaught ${cause.stack ?? cause.message}`, { cause });
  }
}

function ended(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
}

/** What strerror says: the system's own words, which a search engine knows. */
const systemWords: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EACCES: 'Permission denied',
};

/** Why a start failed. A port that cannot be had is said as libprocess does; a bug with its stack. */
function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const {
    syscall,
    code = '',
    address = '',
    port,
  } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
  };
  if (syscall === 'listen') return `Failed to bind on ${address}:${port ?? 0}: ${systemWords[code] ?? code}`;
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message) : error.message;
}
