import { listAt, objectOf, textAt, valueAt } from '../../../../protocol/json.ts';
import type { ContainerInfo, Json, TaskInfo } from '../../../../protocol/mesos.ts';
import { refuseCheck, refuseHealthCheck } from './check-fields.ts';
import { notHonoured, refuseCommand, refuseSecret } from './command-fields.ts';

/*
 * What a task may say (src/common/validation.cpp), and what of it nobody here would do: that is refused, too, for whoever
 * asks for it would believe to have it.
 */

interface Where {
  /** Tasks of a group have the sandbox of their executor in common. */
  readonly isInGroup: boolean;
}

/** Why a task is invalid, whatever is offered. */
export function refuseFields(task: TaskInfo, where: Where = { isInGroup: false }): string | undefined {
  const { command, container, health_check: health, check, max_completion_time: limit } = task;
  if ((task.kill_policy?.grace_period?.nanoseconds ?? 0) < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative";
  }
  if ((limit?.nanoseconds ?? 0) < 0) return "Task's `max_completion_time` must be non-negative";
  const badCheck = check === undefined ? undefined : refuseCheck(check);
  if (badCheck !== undefined) return `Task uses invalid check: ${badCheck}`;
  const badHealth = health === undefined ? undefined : refuseHealthCheck(health);
  if (badHealth !== undefined) return `Task uses invalid health check: ${badHealth}`;
  const badCommand = command === undefined ? undefined : refuseCommand(command);
  if (badCommand !== undefined) return `Task's \`CommandInfo\` is invalid: ${badCommand}`;
  const badContainer = container === undefined ? undefined : refuseContainer(container, where);
  if (badContainer !== undefined) return `Task's \`ContainerInfo\` is invalid: ${badContainer}`;
  return Object.keys(task.limits ?? {}).length > 0 ? `Task's ${notHonoured('limits')}` : undefined;
}

/** Why a ContainerInfo is invalid. */
export function refuseContainer(container: ContainerInfo, where: Where): string | undefined {
  const isDocker = container.type === 'DOCKER';
  const hasImage = valueAt(container, 'mesos', 'image') !== undefined;
  for (const volume of container.volumes ?? []) {
    const problem =
      where.isInGroup && isOfParent(volume) ? refuseShared(volume, hasImage) : refuseVolume(volume, isDocker);
    if (problem !== undefined) return `Invalid volume: ${problem}`;
  }
  if (isDocker && container.docker === undefined) {
    return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo";
  }
  if (container.docker?.parameters?.some(({ key }) => key === 'name') === true) {
    return "Parameter in DockerInfo must not be 'name'";
  }
  const image = valueAt(container, 'mesos', 'image');
  const given = ['appc', 'docker.credential', 'docker.config'].find(
    (path) => valueAt(image, ...path.split('.')) !== undefined,
  );
  if (given !== undefined) return notHonoured(`mesos.image.${given}`);
  const { linux_info: linux, rlimit_info: limits, tty_info: terminal, hostname, docker } = container;
  if (linux !== undefined) return notHonoured('linux_info');
  if (limits !== undefined) return notHonoured('rlimit_info');
  // `docker run --tty` takes no size.
  if (isDocker && valueAt(terminal, 'window_size') !== undefined) {
    return `${notHonoured('tty_info.window_size')} in a container of type DOCKER`;
  }
  // Docker has both, as docker.cpp gives them to it.
  if (!isDocker && docker !== undefined) return `${notHonoured('docker')} in a container of type MESOS`;
  if (!isDocker && hostname !== undefined) return `${notHonoured('hostname')} in a container of type MESOS`;
  return (container.network_infos ?? [])
    .map((info) => refuseNetwork(info, { isDocker, hasImage }))
    .find((each) => each !== undefined);
}

/**
 * Docker takes the name alone. Where an agent has containers of type MESOS with an image they are simulated, and so are
 * their networks; other tasks have the network of their agent.
 */
function refuseNetwork(
  info: Json,
  { isDocker, hasImage }: { readonly isDocker: boolean; readonly hasImage: boolean },
): string | undefined {
  const isSet = (name: string) => valueAt(info, name) !== undefined && listAt(info, name).length !== 0;
  // Any address of version 4, as Marathon says it, is what each network gives.
  const addresses = listAt(info, 'ip_addresses').filter(
    (each) => textAt(each, 'ip_address') !== undefined || textAt(each, 'protocol') === 'IPv6',
  );
  const lists = (hasImage ? ['groups'] : ['groups', 'port_mappings']).filter((name) => isSet(name));
  if (addresses.length > 0) lists.unshift('ip_addresses');
  const named = isDocker || hasImage || textAt(info, 'name') === undefined ? [] : ['name'];
  const [first] = [...lists, ...named];
  return first === undefined ? undefined : notHonoured(`network_infos.${first}`);
}

const sourceFields: Readonly<Record<string, string>> = {
  DOCKER_VOLUME: 'docker_volume',
  HOST_PATH: 'host_path',
  SANDBOX_PATH: 'sandbox_path',
  SECRET: 'secret',
  CSI_VOLUME: 'csi_volume',
};

const isOfParent = (volume: Json) => textAt(volume, 'source', 'sandbox_path', 'type') === 'PARENT';

/** A folder of the executor's sandbox that tasks of a group share: without an image it is a link in the task's own. */
function refuseShared(volume: Json, hasImage: boolean): string | undefined {
  const path = textAt(volume, 'source', 'sandbox_path', 'path') ?? '';
  const inside = textAt(volume, 'container_path') ?? '';
  if (path.startsWith('/')) return "'source.sandbox_path.path' is an absolute path";
  const isOutside = [path, inside].some((each) => each.split('/').includes('..'));
  if (isOutside) return "'..' leads out of the sandbox";
  if (hasImage || !inside.startsWith('/')) return undefined;
  return `'container_path' must be relative: without an image a task has the files of its agent`;
}

/** Of all there are, only a secret: a file in the sandbox. */
function refuseVolumeOfMesos(volume: Json): string | undefined {
  if (textAt(volume, 'source', 'type') !== 'SECRET') return `${notHonoured('volumes')} in a container of type MESOS`;
  const secret = valueAt(volume, 'source', 'secret') as Json | undefined;
  if (secret === undefined) return "'source.secret' is not set for SECRET volume";
  const path = textAt(volume, 'container_path') ?? '';
  if (path.startsWith('/')) return "'container_path' of a secret must be relative: it is a file in the sandbox";
  return path.split('/').includes('..') ? "'..' leads out of the sandbox" : refuseSecret(secret);
}

function refuseVolume(volume: Json, isDocker: boolean): string | undefined {
  const { host_path: hostPath, image, source } = objectOf(volume);
  if ([hostPath, image, source].filter((each) => each !== undefined).length > 1) {
    return "Only one of them should be set: 'host_path', 'image' and 'source'";
  }
  if (!isDocker) return refuseVolumeOfMesos(volume);
  if (image !== undefined) return notHonoured('image');
  if (source === undefined) return undefined;
  const type = textAt(source, 'type') ?? '';
  const field = Object.hasOwn(sourceFields, type) ? sourceFields[type] : undefined;
  if (field === undefined) return "'source.type' is unknown";
  if (valueAt(source, field) === undefined) return `'source.${field}' is not set for ${type} volume`;
  if (type !== 'DOCKER_VOLUME') return notHonoured(`source.${field}`);
  return valueAt(source, field, 'driver_options') === undefined
    ? undefined
    : notHonoured('source.docker_volume.driver_options');
}
