import type { TaskStatus } from '../../protocol/mesos.ts';
import type { EventBus } from './event-bus.ts';
import { isoTime } from './timestamps.ts';
import type { SchedulerEvent } from '../framework/scheduler-api/scheduler-call.ts';
import type { Instance } from './scheduling/instances.ts';

/** Tells what Mesos says of a task. @param ports those of the host that it has */
export function publishStatus(
  events: EventBus,
  instance: Instance,
  status: TaskStatus,
  ports: readonly number[] = instance.hostPorts,
): void {
  events.publish('status_update_event', {
    slaveId: instance.agentId,
    taskId: status.task_id.value,
    taskStatus: status.state,
    message: status.message ?? '',
    appId: instance.appId,
    host: instance.host,
    ipAddresses: instance.ipAddresses,
    ports,
    version: instance.version,
  });
}

/** Tells of an instance whose condition or goal has changed. */
export function announceInstance(events: EventBus, instance: Instance, before: Instance | undefined): void {
  if (before?.condition === instance.condition && before.goal === instance.goal) return;
  events.publish('instance_changed_event', instanceChanged(instance, instance.condition));
}

export function instanceChanged(instance: Instance, condition: string): object {
  return {
    instanceId: instance.id,
    condition,
    runSpecId: instance.appId,
    agentId: instance.agentId,
    host: instance.host,
    runSpecVersion: instance.version,
    goal: instance.goal,
    since: isoTime(instance.startedAt ?? instance.stagedAt),
  };
}

/** Tells of what an executor has sent. */
export function announceMessage(
  events: EventBus,
  { agent_id, executor_id, data }: Extract<SchedulerEvent, { type: 'MESSAGE' }>['message'],
): void {
  events.publish('framework_message_event', { slaveId: agent_id.value, executorId: executor_id.value, message: data });
}
