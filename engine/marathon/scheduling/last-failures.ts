import type { TaskState, TaskStatus } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import { failures, type Instance } from './instances.ts';

interface Failure {
  readonly state: TaskState;
  readonly message: string;
}

export const killedAsIll = (reason: string): Failure => ({
  state: 'TASK_FAILED',
  message: `Task was killed since health check failed. Reason: ${reason}`,
});

/** How a task has failed, if that is what Mesos says. */
export function failureIn({ state, healthy, message = '' }: TaskStatus, { goal }: Instance): Failure | undefined {
  if (failures.has(state)) return { state, message };
  // Mesos gave its health check up: nobody asked for the end of it.
  const isIll = state === 'TASK_KILLED' && healthy === false && goal === 'Running';
  return isIll ? killedAsIll(message) : undefined;
}

/** An app that comes back under the id of one that is gone begins anew (HistoryActor.scala of Marathon). */
export function forgetFailures(
  { failures: known, delays }: Pick<SharedParts, 'failures' | 'delays'>,
  appId: string,
): void {
  known.delete(appId);
  delays.reset(appId);
}

/** Keeps what an app shows as its `lastTaskFailure`; of one that is gone, nothing. */
export function noteFailure(
  shared: Pick<SharedParts, 'failures' | 'timestamps' | 'apps'>,
  instance: Instance,
  { state, message }: Failure,
): void {
  if (shared.apps.get(instance.appId) === undefined) return;
  shared.failures.set(instance.appId, {
    appId: instance.appId,
    host: instance.host,
    message,
    state,
    taskId: instance.taskId,
    timestamp: shared.timestamps.now(),
    version: instance.version,
    slaveId: instance.agentId,
    ...(instance.containers === undefined ? {} : { startedAt: isoTime(instance.startedAt ?? instance.stagedAt) }),
  });
}
