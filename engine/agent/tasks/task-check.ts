import { objectOf, valueAt } from '../../../protocol/json.ts';
import type { Json, TaskInfo, TaskState } from '../../../protocol/mesos.ts';
import { timerMs } from '../../timer-limit.ts';
import type { RunningTask } from '../executors/executor.ts';
import type { TaskRecord } from './task-record.ts';
import { parseProbe, runProbe, type Probe, type Seen } from './probe.ts';

/** mesos.v1.CheckInfo, with its defaults: it says how a task does, and decides nothing. */
export interface TaskCheck {
  readonly probe: Probe;
  readonly delayMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

const longestMs = 2 ** 31 - 1;
const secondsIn = (value: Json | undefined, other: number) =>
  timerMs(1000 * (typeof value === 'number' && value >= 0 ? value : other));

export function parseTaskCheck(task: TaskInfo): TaskCheck | undefined {
  const probe = parseProbe(task.check, valueAt(task.check, 'command', 'command') as Json | undefined, task);
  if (probe === undefined) return undefined;
  const { delay_seconds: delay, interval_seconds: interval, timeout_seconds: timeout } = objectOf(task.check);
  return {
    probe,
    delayMs: secondsIn(delay, 15),
    intervalMs: secondsIn(interval, 10),
    // Zero: as long as it takes.
    timeoutMs: secondsIn(timeout, 20) || longestMs,
  };
}

/** CheckStatusInfo of mesos.proto; of a check that has seen nothing its details are empty. */
function checkStatus({ kind }: Probe, seen: Seen): Json {
  const details =
    seen === undefined ? {} : { [{ COMMAND: 'exit_code', HTTP: 'status_code', TCP: 'succeeded' }[kind]]: seen };
  return { type: kind, [kind.toLowerCase()]: details };
}

/** What every status of a task with a check says of it. */
export function checkDetails({ task, checkSeen }: TaskRecord, state: TaskState): { readonly checkStatus?: Json } {
  const check = parseTaskCheck(task);
  return check === undefined
    ? {}
    : { checkStatus: checkStatus(check.probe, state === 'TASK_RUNNING' ? checkSeen : undefined) };
}

/**
 * Checks a task until it is told to stop (src/checks/checker.cpp).
 * @param onSeen is called at the first result, and whenever it changed
 */
export function startTaskCheck(check: TaskCheck, host: string, running: RunningTask, onSeen: (seen: Seen) => void) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Seen;
  const look = async () => {
    const seen = await runProbe(check.probe, host, running, check.timeoutMs);
    if (isStopped) return;
    if (seen !== last) onSeen(seen);
    last = seen;
    schedule(check.intervalMs);
  };
  const schedule = (delayMs: number) => {
    timer = setTimeout(() => void look(), delayMs).unref();
  };
  schedule(check.delayMs);
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
