import type { AgentRegistration } from '../../protocol/agent-api.ts';
import { ipOf } from './agent-options.ts';
import type { HeldResources } from './volumes/held-resources.ts';
import { stagingStatus } from './tasks/task-status.ts';
import type { AgentView } from './views/agent-view.ts';

/**
 * What an agent says of itself now.
 * @param id empty when it has none yet
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
  const active = [...table.frameworks.values()].filter(({ tasks }) => tasks.size > 0);
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
    frameworks: active.map(({ id, info }) => ({ ...info, id: { value: id } })),
  };
}
