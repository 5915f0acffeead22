import { objectOf, textAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import type { CommandInfo, ContainerInfo, Json } from '../../../protocol/mesos.ts';
import { notHonoured, refuseCommand } from '../../master/scheduler/validation/command-fields.ts';
import { refuseContainer } from '../../master/scheduler/validation/task-fields.ts';
import { refuseId, type ContainerId } from './container-id.ts';

/** Calls whose container is in another one; at the last one about one by itself a real agent aborts. */
const nested = new Set([
  ...['LAUNCH_NESTED_CONTAINER', 'LAUNCH_NESTED_CONTAINER_SESSION', 'WAIT_NESTED_CONTAINER'],
  ...['KILL_NESTED_CONTAINER', 'REMOVE_NESTED_CONTAINER', 'REMOVE_CONTAINER'],
]);

/** Why a call about a container cannot be taken (src/slave/validation.cpp, whose texts these are). */
export function refuseContainerCall(type: string, call: JsonObject): string | undefined {
  const field = type.toLowerCase();
  if (call[field] === undefined) return `Expecting '${field}' to be present`;
  const content = objectOf(call[field]);
  if (type === 'ATTACH_CONTAINER_INPUT') {
    if (content['type'] === undefined) return "Expecting 'attach_container_input.type' to be present";
    if (content['type'] === 'UNKNOWN') return "'attach_container_input.type' is unknown";
    if (content['type'] === 'PROCESS_IO') return undefined;
  }
  const id = content['container_id'] as ContainerId | undefined;
  const problem = refuseId(id ?? { value: '' });
  if (problem !== undefined) return `'${field}.container_id' is invalid: ${problem}`;
  if (nested.has(type) && id?.parent === undefined) return `Expecting '${field}.container_id.parent' to be present`;
  return type.startsWith('LAUNCH_') ? refuseLaunch(field, content, id?.parent) : undefined;
}

function refuseLaunch(field: string, content: JsonObject, parent: ContainerId | undefined): string | undefined {
  const isSession = field === 'launch_nested_container_session';
  const ofResources = refuseResources(content, parent);
  if (ofResources !== undefined) return ofResources;
  const { command, container } = content as { readonly command?: CommandInfo; readonly container?: ContainerInfo };
  const ofCommand = command === undefined ? undefined : refuseCommand(command);
  if (ofCommand !== undefined) return `'${field}.command' is invalid: ${ofCommand}`;
  if (container === undefined) return undefined;
  const hasSecret = container.volumes?.some((volume) => textAt(volume, 'source', 'type') === 'SECRET') === true;
  if (hasSecret) return `'${field}.container' is invalid: ${notHonoured('source.secret')}`;
  // Its volumes are folders of a parent.
  const ofContainer = refuseContainer(container, { isInGroup: parent !== undefined && !isSession });
  return ofContainer === undefined ? undefined : `'${field}.container' is invalid: ${ofContainer}`;
}

/** Those of a container by itself come from nobody's offer. */
function refuseResources({ resources, limits }: JsonObject, parent: ContainerId | undefined): string | undefined {
  const hasSome = (value: Json | undefined) => Object.keys(value ?? {}).length > 0;
  const twice = "'launch_container' is invalid: containers nested at the second level or greater cannot specify";
  if (parent?.parent !== undefined && hasSome(resources)) return `${twice} resources`;
  if (parent?.parent !== undefined && hasSome(limits)) return `${twice} resource limits`;
  if (hasSome(limits)) return notHonoured('launch_container.limits');
  if (parent !== undefined || !Array.isArray(resources)) return undefined;
  for (const resource of resources as readonly Json[]) {
    const isReserved = hasSome(objectOf(resource)['reservations']) || !['*', undefined].includes(roleOf(resource));
    if (isReserved) return "'launch_container.resources' must be unreserved";
    if (valueAt(resource, 'disk', 'persistence') !== undefined) {
      return "'launch_container.resources' may not use persistent volumes";
    }
    if (valueAt(resource, 'revocable') !== undefined) return "'launch_container.resources' must be non-revocable";
  }
  return undefined;
}

const roleOf = (resource: Json) => valueAt(resource, 'role') as string | undefined;
