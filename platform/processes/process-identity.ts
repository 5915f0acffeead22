import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process of this machine. Process ids are given again; together with the time of its start one is unique. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in words of this machine: only good for comparing. */
  readonly started: string;
}

/** Asks for the start of a process; undefined when there is no such process (a zombie is none). */
export type StartOfProcess = (pid: number) => string | undefined;

/** Whether exactly this process still runs, not another one that was given its id. */
export function isRunning(identity: ProcessIdentity, startOf: StartOfProcess = startOfProcess): boolean {
  return startOf(identity.pid) === identity.started;
}

/** From /proc where there is one (Linux), else from ps. */
export const startOfProcess: StartOfProcess = (pid) => {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
};

/** Sends a signal to exactly this process; false when it does not run any more. */
export function signalProcess(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL' | 'SIGUSR2'): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Whether this user may send signals to a process that runs. */
export function maySignal({ pid }: ProcessIdentity): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
  }
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOfProcess(process.pid) ?? 'unknown' };
}

/** Ticks since the boot (field 22 of /proc/PID/stat, proc(5)), and which boot. */
function startFromProc(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The name, in parentheses, may itself hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' || ticks === undefined ? undefined : `${ticks}@${boot()}`;
  } catch {
    return undefined;
  }
}

function boot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'boot';
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
