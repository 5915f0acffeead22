import type { TaskState } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import type { Instance } from './instances.ts';

/** Keeps what an app shows as its `lastTaskFailure`. */
export function noteFailure(
  { failures, timestamps }: Pick<SharedParts, 'failures' | 'timestamps'>,
  instance: Instance,
  state: TaskState,
  message: string,
): void {
  failures.set(instance.appId, {
    appId: instance.appId,
    host: instance.host,
    message,
    state,
    taskId: instance.taskId,
    timestamp: timestamps.now(),
    version: instance.version,
    slaveId: instance.agentId,
    ...(instance.containers === undefined ? {} : { startedAt: isoTime(instance.startedAt ?? instance.stagedAt) }),
  });
}
