import type { AgentRegistration } from '../../protocol/agent-api.ts';
import { ipOf } from './agent-options.ts';
import type { HeldResources } from './volumes/held-resources.ts';
import { stagingStatus } from './tasks/task-status.ts';
import { isActive } from './tasks/task-table.ts';
import type { AgentView } from './views/agent-view.ts';

/**
 * What an agent says of itself to a master, which may know nothing else.
 * @param id empty: it has none yet
 */
export function registrationOf(
  {
    options,
    table,
    resources,
    attributes,
    port,
  }: Pick<AgentView, 'options' | 'table' | 'resources' | 'attributes' | 'port'>,
  id: string,
  held: HeldResources,
): AgentRegistration {
  const active = [...table.frameworks.values()].filter(isActive);
  const executors = [...table.executors()];
  const [checkpointed, operations] = [held.checkpointed(), held.updates.ids()];
  return {
    ...(id !== '' && { agent_id: { value: id } }),
    hostname: options.hostname,
    port,
    ip: ipOf(options),
    resources,
    ...(checkpointed.length > 0 && { checkpointed_resources: checkpointed }),
    ...(operations.length > 0 && { operations }),
    attributes,
    version: options.version,
    tasks: [...table.active()]
      .filter((record) => !record.isSilent)
      .map((record) => ({
        framework_id: { value: record.frameworkId },
        task: record.task,
        status: record.statuses.at(-1) ?? stagingStatus(record),
      })),
    frameworks: active.map((framework) => ({ ...framework.info, id: { value: framework.id } })),
    ...(executors.length > 0 && {
      executors: executors.map(({ frameworkId, info }) => ({
        framework_id: { value: frameworkId },
        executor_info: info,
      })),
    }),
  };
}
