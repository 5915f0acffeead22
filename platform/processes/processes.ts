import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync, fchownSync, openSync } from 'node:fs';
import { decompress, type Decompress } from './decompress.ts';
import { endGroup, sendSignal } from './end-group.ts';
import { limitOutput } from './output-limit.ts';
import { startPiped, type PipedProcess, type PipedRequest } from './piped-process.ts';
import {
  describeProcess,
  environmentOf,
  listProcesses,
  readUsage,
  type ProcessRow,
  type ProcessUsage,
} from './process-table.ts';
import type { ProcessEnd, ProcessRequest, StartedProcess } from './process-request.ts';
import { runCommand, type RunCommand } from './run-command.ts';
import { idsOf, type UserIds } from './user-ids.ts';

export type GroupSignal = 'SIGTERM' | 'SIGKILL';

/** Starts, lists and ends processes. */
export interface Processes {
  /** What tasks may see of the environment of this process: PATH, HOME, LANG and TMPDIR, as far as they are set. */
  readonly inheritedEnvironment: Readonly<Record<string, string>>;
  /** @throws the system's error (`ENOENT`, `EACCES`, `E2BIG`, `EAGAIN`, …) when the program cannot be started */
  readonly start: (request: ProcessRequest) => Promise<StartedProcess>;
  /** Starts a process that is talked to. @throws as start, and Error when there is no terminal for it */
  readonly startPiped: (request: PipedRequest) => Promise<PipedProcess>;
  /** Runs a tool of the agent's own, with its environment, and waits for its end. */
  readonly run: RunCommand;
  readonly decompress: Decompress;
  /** Whether there was such a group to send it to. */
  readonly signalGroup: (groupId: number, signal: GroupSignal) => boolean;
  /** Whether there was such a process to send it to, and we may. */
  readonly signalProcess: (id: number, signal: GroupSignal | number) => boolean;
  /** Undefined when there is no such process, or it has ended and only waits for its parent to take note. */
  readonly describe: (id: number) => Promise<ProcessRow | undefined>;
  /** All processes of this machine that can be seen and have not ended. */
  readonly list: () => Promise<readonly ProcessRow[]>;
  /** The environment that a process was started with; undefined where the system does not tell. */
  readonly environmentOf: (id: number) => Promise<Readonly<Record<string, string>> | undefined>;
  /** By group; groups without processes are left out. */
  readonly usageOf: (groupIds: ReadonlySet<number>) => Promise<ReadonlyMap<number, ProcessUsage>>;
}

/** The processes of this machine (Linux and macOS). */
export const nodeProcesses: Processes = {
  get inheritedEnvironment() {
    return Object.fromEntries(
      ['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  },
  start,
  startPiped,
  run: runCommand,
  decompress,
  signalGroup: (groupId, signal) => sendSignal(groupId, -groupId, signal),
  signalProcess: (id, signal) => sendSignal(id, id, signal),
  describe: describeProcess,
  list: listProcesses,
  environmentOf,
  usageOf: readUsage,
};

/*
 * Output goes straight into files, not through pipes of ours: as with Mesos, /dev/stdout can be opened by the task,
 * and a busy or vanished agent neither slows it down nor breaks its pipe.
 */
async function start(request: ProcessRequest): Promise<StartedProcess> {
  const ids = request.user === undefined ? undefined : await idsOf(request.user);
  const child = spawnIntoFiles(request, ids);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (status, signal) => {
      // As a container that is destroyed: nothing of the task outlives its command.
      void endGroup(child.pid ?? 0, request.timeLeft ?? (() => 0)).then(() => {
        resolve(toEnd(status, signal));
      });
    });
  });
  const id = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
  const limits = [request.stdoutFile, request.stderrFile].map((file) => limitOutput(file, request.maxOutputBytes));
  return {
    id,
    ended: ended.then((end) => {
      for (const limit of limits) limit.stop();
      return end;
    }),
  };
}

function spawnIntoFiles(request: ProcessRequest, ids: UserIds | undefined): ChildProcess {
  const descriptors: number[] = [];
  try {
    for (const file of [request.stdoutFile, request.stderrFile]) descriptors.push(openSync(file, 'a'));
    if (ids !== undefined) {
      chownSync(request.cwd, ids.uid, ids.gid);
      for (const descriptor of descriptors) fchownSync(descriptor, ids.uid, ids.gid);
    }
    return spawn(request.program, [...request.arguments], {
      cwd: request.cwd,
      env: { ...request.environment },
      ...ids,
      // A session and a process group of its own.
      detached: true,
      stdio: ['ignore', ...descriptors],
      ...(request.argv0 === undefined ? {} : { argv0: request.argv0 }),
    });
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function toEnd(status: number | null, signal: string | null): ProcessEnd {
  if (signal !== null) return { kind: 'signalled', signal };
  return { kind: 'exited', status: status ?? 1 };
}
