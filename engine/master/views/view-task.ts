import type { Json, TaskStatus } from '../../../protocol/mesos.ts';
import type { TaskRecord } from '../records.ts';
import { summariseResources } from '../resources.ts';

/* Fields that are undefined are not there once it is JSON. */

const listed = (labels: { readonly labels: readonly unknown[] } | undefined) => labels?.labels;

/** The old endpoints show container, network and cgroup, and no process id. */
function containerStatus(status: Json | undefined): unknown {
  if (typeof status !== 'object' || status === null || Array.isArray(status)) return undefined;
  const { container_id, network_infos, cgroup_info } = status as Readonly<Record<string, Json>>;
  return { container_id, network_infos, cgroup_info };
}

function toStatus(status: TaskStatus): unknown {
  return {
    state: status.state,
    timestamp: status.timestamp,
    labels: listed(status.labels),
    container_status: containerStatus(status.container_status),
    healthy: status.healthy,
  };
}

/** A task in `/state`, `/tasks` and `/frameworks` (src/common/http.cpp, json(Task)). */
export function toTask(task: TaskRecord): unknown {
  const { info, framework, agentId, state, resources, statuses } = task;
  return {
    id: info.task_id.value,
    name: info.name,
    framework_id: framework.id,
    executor_id: info.executor?.executor_id.value ?? '',
    slave_id: agentId,
    state,
    resources: summariseResources(resources),
    role: task.role,
    statuses: statuses.map(toStatus),
    user: info.command?.user,
    labels: listed(info.labels),
    discovery: info.discovery,
    container: info.container,
    health_check: info.health_check,
    check: info.check,
  };
}

/** A task of the v1 API (mesos.proto, message Task). */
export function toTaskV1(task: TaskRecord): unknown {
  const { info, framework, agentId, state, statuses, statusUpdateState, statusUpdateUuid } = task;
  return {
    name: info.name,
    task_id: info.task_id,
    framework_id: { value: framework.id },
    executor_id: info.executor?.executor_id,
    agent_id: { value: agentId },
    state,
    resources: info.resources,
    statuses: statuses.length === 0 ? undefined : statuses,
    status_update_state: statusUpdateState,
    status_update_uuid: statusUpdateUuid,
    labels: info.labels,
    discovery: info.discovery,
    container: info.container,
    health_check: info.health_check,
    check: info.check,
    kill_policy: info.kill_policy,
    max_completion_time: info.max_completion_time,
    user: info.command?.user,
  };
}
