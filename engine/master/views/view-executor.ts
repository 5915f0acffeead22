import type { CommandInfo } from '../../../protocol/mesos.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { ExecutorRecord } from '../records.ts';
import { summariseResources } from '../resources.ts';

/* Fields that are undefined are not there once it is JSON. */

const toCommand = ({ shell, value, arguments: argv = [], environment, uris = [] }: CommandInfo) => ({
  ...{ shell, value, argv, environment, uris },
});

/** An executor in `/state` and `/frameworks` (src/common/http.cpp, json(ExecutorInfo)). */
export function toExecutor({ info, framework, agentId, role, resources }: ExecutorRecord): unknown {
  return {
    executor_id: info.executor_id.value,
    name: info.name ?? '',
    framework_id: framework.id,
    command: toCommand(info.command ?? {}),
    resources: summariseResources(resources),
    role: (info.resources ?? []).length === 0 ? undefined : role,
    labels: info.labels?.labels,
    type: info.type,
    slave_id: agentId,
  };
}

/** GET_EXECUTORS of the v1 API (master.proto, Response.GetExecutors). */
export function toExecutorsV1({ frameworks }: ClusterState): unknown {
  const all = [...frameworks.values()].flatMap(({ executors }) => [...executors]);
  return { executors: all.map(({ info, agentId }) => ({ executor_info: info, agent_id: { value: agentId } })) };
}
