import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync, fchownSync, openSync } from 'node:fs';
import { endGroup } from '../end-group.ts';
import { limitOutput } from '../output-limit.ts';
import type { ProcessEnd, ProcessRequest } from '../process-request.ts';
import { describeProcess, listProcesses } from '../process-table.ts';
import { idsOf } from '../user-ids.ts';
import { readEnd } from './read-end.ts';

export interface SurvivingRequest extends Omit<ProcessRequest, 'argv0'> {
  /** Absolute; in a folder that exists. What waits for the program writes there how it ended. */
  readonly endFile: string;
}

/** A process that was started by this process or by one before it, and that does not end with it. */
export interface SurvivingProcess {
  /** Of what waits for the program, and of their group. */
  readonly id: number;
  /** Of the program itself; undefined when it has ended. */
  readonly programId: () => Promise<number | undefined>;
  /** As of StartedProcess; undefined when it was let go. */
  readonly ended: Promise<ProcessEnd | undefined>;
  /** Stops watching. */
  readonly letGo: () => void;
}

/** Processes that outlive who started them. */
export interface SurvivingProcesses {
  /** @throws the system's error when not even the shell can be started that waits for the program */
  readonly start: (request: SurvivingRequest) => Promise<SurvivingProcess>;
  /**
   * Goes on with one that was started with the same request, also when it has ended since.
   * @param id and start time, as the process table had it
   * @returns undefined when it is gone, and nobody knows how it ended
   */
  readonly attach: (id: number, startTime: string, request: SurvivingRequest) => Promise<SurvivingProcess | undefined>;
}

/** Those of this machine. */
export const nodeSurvivors: SurvivingProcesses = { start, attach };

/** How often it is looked whether a process that is nobody's child still runs. */
const pollMs = 100;
const childPollMs = 5;

/*
 * Waits for the program, and says how it ended. It does not end by the signals that its group is sent, but the program
 * does: traps are not inherited. The program's standard error is the third descriptor, as the shell's own words go to the
 * file: they tell one that was killed from one that exited with 128 and the same number.
 */
const waiting = 'trap : HUP INT QUIT TERM USR1 USR2; (exec "$@" 2>&3 3>&-); echo "exited $?" >&2';

async function start(request: SurvivingRequest): Promise<SurvivingProcess> {
  const ids = request.user === undefined ? undefined : await idsOf(request.user);
  const descriptors: number[] = [];
  try {
    const open = (file: string, flags: string, mode?: number) => {
      const descriptor = openSync(file, flags, mode);
      descriptors.push(descriptor);
      return descriptor;
    };
    const [out, end, error] = [
      open(request.stdoutFile, 'a'),
      open(request.endFile, 'w', 0o600),
      open(request.stderrFile, 'a'),
    ];
    if (ids !== undefined) {
      chownSync(request.cwd, ids.uid, ids.gid);
      for (const descriptor of [out, error]) fchownSync(descriptor, ids.uid, ids.gid);
    }
    const child = spawn('/bin/sh', ['-c', waiting, 'sh', request.program, ...request.arguments], {
      cwd: request.cwd,
      env: { ...request.environment },
      ...ids,
      // A session and a process group of its own.
      detached: true,
      stdio: ['ignore', out, end, error],
    });
    const ended = exitOf(child);
    const id = await idOf(child);
    child.unref();
    return watched(id, ended, request);
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

async function attach(id: number, startTime: string, request: SurvivingRequest): Promise<SurvivingProcess | undefined> {
  const runs = async () => (await describeProcess(id))?.startTime === startTime;
  if (!(await runs())) {
    const end = await readEnd(request.endFile);
    return end === undefined
      ? undefined
      : { ...{ id, programId: () => Promise.resolve(undefined) }, ended: Promise.resolve(end), letGo: () => undefined };
  }
  let isOver = false;
  const poll = async () => {
    while (!isOver && (await runs())) await new Promise((resolve) => setTimeout(resolve, pollMs).unref());
    // Only one that was killed itself says nothing.
    return 'SIGKILL';
  };
  const process = watched(id, poll(), request);
  return {
    ...process,
    letGo: () => {
      isOver = true;
      process.letGo();
    },
  };
}

/** @param gone with the signal that ended the shell, if it did */
function watched(id: number, gone: Promise<string | undefined>, request: SurvivingRequest): SurvivingProcess {
  const limits = [request.stdoutFile, request.stderrFile].map((file) => limitOutput(file, request.maxOutputBytes));
  let letGo: () => void = () => undefined;
  const wasLetGo = new Promise<undefined>((resolve) => {
    letGo = () => {
      for (const limit of limits) limit.stop();
      resolve(undefined);
    };
  });
  const heard = gone.then(async (signal): Promise<ProcessEnd> => {
    const end = await readEnd(request.endFile);
    return end ?? { kind: 'signalled', signal: signal ?? 'SIGKILL' };
  });
  const ended = async () => {
    const end = await Promise.race([heard, wasLetGo]);
    if (end === undefined) return undefined;
    // As a container that is destroyed: nothing of the task outlives its command.
    await endGroup(id, request.timeLeft ?? (() => 0));
    for (const limit of limits) limit.stop();
    return end;
  };
  return { id, programId: () => programOf(id), ended: ended(), letGo };
}

/** The shell's only child, which is there a moment after the shell is. */
async function programOf(shellId: number): Promise<number | undefined> {
  for (;;) {
    const rows = await listProcesses();
    const child = rows.find(({ parentId }) => parentId === shellId);
    if (child !== undefined) return child.id;
    if (!rows.some(({ id }) => id === shellId)) return undefined;
    await new Promise((resolve) => setTimeout(resolve, childPollMs).unref());
  }
}

const exitOf = (child: ChildProcess): Promise<string | undefined> =>
  new Promise((resolve) => {
    child.once('exit', (_, signal) => {
      resolve(signal ?? undefined);
    });
  });

const idOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
