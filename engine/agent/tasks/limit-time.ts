import { timerMs } from '../../timer-limit.ts';
import type { TaskRecord } from './task-record.ts';

/**
 * A task's max_completion_time, from its launch on (launcher/executor.cpp); undefined when it has none.
 * @param onOver is told when it is over, unless the task is being killed anyway
 */
export function limitTime(record: TaskRecord, onOver: () => void) {
  const { task, statuses } = record;
  const nanoseconds = task.max_completion_time?.nanoseconds ?? 0;
  if (nanoseconds <= 0) return undefined;
  const launchedAt = (statuses[0]?.timestamp ?? Date.now() / 1000) * 1000;
  const leftMs = Math.max(0, launchedAt + nanoseconds / 1e6 - Date.now());
  const timer = setTimeout(() => {
    if (record.killGraceMs !== undefined) return;
    record.ranTooLong = true;
    onOver();
  }, timerMs(leftMs)).unref();
  return {
    stop: () => {
      clearTimeout(timer);
    },
  };
}
