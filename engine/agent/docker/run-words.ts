import { objectOf } from '../../../protocol/json.ts';
import type { ContainerInfo, DockerPortMapping, Json, TaskInfo } from '../../../protocol/mesos.ts';
import { dnsWords, type ContainerDns } from './container-dns.ts';
import type { TaskVolume } from '../volumes/volume-folders.ts';
import { scalarOf } from '../views/describe-resources.ts';

/** What of the agent decides how a container is run. */
export interface RunSettings {
  /** `mesos-<container id>`, as Mesos calls it since 1.4. */
  readonly name: string;
  /** On the Engine's machine; without a colon, which `-v` could not take. */
  readonly sandbox: string;
  /** Where it is in the container. */
  readonly sandboxDirectory: string;
  readonly enableCfs: boolean;
  /** Persistent volumes. */
  readonly volumes?: readonly TaskVolume[];
  /** The words that give the container its environment. */
  readonly environmentWords: readonly string[];
  /** Whom containers ask for names that do not say it themselves. */
  readonly dns?: readonly ContainerDns[];
}

/** src/slave/containerizer/mesos/isolators/cgroups/constants.hpp of Mesos. */
const cpuSharesPerCpu = 1024;
const minCpuShares = 2;
const cpuPeriodMicroseconds = 100_000;
const minCpuQuotaMicroseconds = 1000;
const minMemoryBytes = 32 * 1024 * 1024;

/**
 * The words after `docker -H …` that run a task's container, in Mesos's order (RunOptions::create and Docker::run in its
 * src/docker/docker.cpp). `--detach` is ours: so the Engine's own words can be told from the container's output.
 * @throws Error in Mesos's words for what cannot be run
 */
export function runWords(task: TaskInfo, settings: RunSettings): readonly string[] {
  const { docker } = task.container ?? {};
  if (docker === undefined) throw new Error('No docker info found in container info');
  const network = networkOf(task.container);
  return [
    'run',
    '--detach',
    // Ours, as Mesos has a terminal for its own containers only.
    ...(task.container?.tty_info === undefined ? [] : ['--tty']),
    ...(docker.privileged === true ? ['--privileged'] : []),
    ...limitWords(task, settings.enableCfs),
    ...settings.environmentWords,
    ...volumeWords(task, settings),
    ...['--net', network],
    ...dnsWords(settings.dns ?? [], network, docker.parameters ?? []),
    ...hostnameWords(task.container, network),
    ...portWords(task, network),
    ...(isShell(task) ? ['--entrypoint', '/bin/sh'] : []),
    ...['--name', settings.name],
    ...(docker.parameters ?? []).map(({ key, value }) => `--${key}=${value}`),
    docker.image,
    ...commandWords(task),
  ];
}

function limitWords({ resources }: TaskInfo, enableCfs: boolean): readonly string[] {
  const has = (name: string) => resources.some((resource) => resource.name === name);
  const cpus = scalarOf(resources, 'cpus');
  const shares = Math.max(Math.trunc(cpus * cpuSharesPerCpu), minCpuShares);
  const quota = Math.max(Math.round(cpus * cpuPeriodMicroseconds), minCpuQuotaMicroseconds);
  return [
    ...(has('cpus') ? ['--cpu-shares', String(shares)] : []),
    ...(has('cpus') && enableCfs ? ['--cpu-quota', String(quota)] : []),
    ...(has('mem') ? ['--memory', String(memoryLimitBytes({ resources }))] : []),
  ];
}

/** What a container of the task may use at most. */
export const memoryLimitBytes = ({ resources }: Pick<TaskInfo, 'resources'>): number =>
  Math.max(Math.trunc(scalarOf(resources, 'mem') * 1024 * 1024), minMemoryBytes);

function networkOf({ docker, network_infos: infos = [] }: Partial<ContainerInfo> = {}): string {
  const kind = docker?.network ?? 'HOST';
  if (kind !== 'USER') return kind.toLowerCase();
  if (infos.length === 0) throw new Error('No network info found in container info');
  if (infos.length > 1) throw new Error('Only a single network can be defined in Docker run');
  const name = textOf(infos[0], 'name');
  if (name === undefined) throw new Error('No network name found in network info');
  return name;
}

function hostnameWords({ hostname }: Partial<ContainerInfo> = {}, network: string): readonly string[] {
  if (hostname === undefined) return [];
  if (network === 'host') throw new Error('Unable to set hostname with host network mode');
  return ['--hostname', hostname];
}

function portWords({ container, resources }: TaskInfo, network: string): readonly string[] {
  const mappings = container?.docker?.port_mappings ?? [];
  if (mappings.length === 0) return [];
  if (network === 'host' || network === 'none') {
    throw new Error('Port mappings are only supported for bridge and user-defined networks');
  }
  const ranges = resources.filter(({ name }) => name === 'ports').flatMap((resource) => resource.ranges?.range ?? []);
  if (ranges.length === 0) throw new Error('Port mappings require port resources');
  const stranger = mappings.find(
    ({ host_port: port }) => !ranges.some(({ begin, end }) => port >= begin && port <= end),
  );
  if (stranger !== undefined) throw new Error(`Port [${stranger.host_port}] not included in resources`);
  return mappings.flatMap((mapping) => ['-p', portWord(mapping)]);
}

const portWord = ({ host_port: host, container_port: inside, protocol }: DockerPortMapping) =>
  `${host}:${inside}${protocol === undefined ? '' : `/${protocol.toLowerCase()}`}`;

function volumeWords({ container }: TaskInfo, settings: RunSettings): readonly string[] {
  const { sandbox, sandboxDirectory, volumes = [] } = settings;
  let driver = container?.docker?.volume_driver;
  const words = (container?.volumes ?? []).flatMap((volume) => {
    const path = textOf(volume, 'container_path') ?? '';
    const inside = path.startsWith('/') ? path : `${sandboxDirectory}/${path}`;
    const mode = textOf(volume, 'mode') === 'RO' ? 'ro' : 'rw';
    const hostPath = textOf(volume, 'host_path');
    if (hostPath !== undefined && hostPath !== '') {
      return [
        '-v',
        `${persistentSource(hostPath, volumes) ?? sourceOf(hostPath, path, sandbox, driver)}:${inside}:${mode}`,
      ];
    }
    const source = objectOf(volume)['source'];
    if (source === undefined) throw new Error('Host path or volume source is required');
    if (textOf(source, 'type') !== 'DOCKER_VOLUME') return [];
    const dockerVolume = objectOf(source)['docker_volume'];
    const itsDriver = textOf(dockerVolume, 'driver');
    if (itsDriver !== undefined && driver !== undefined && itsDriver !== driver) {
      throw new Error('Only one volume driver is supported');
    }
    driver ??= itsDriver;
    return ['-v', `${textOf(dockerVolume, 'name') ?? ''}:${inside}:${mode}`];
  });
  const mapped = ['-v', `${sandbox}:${sandboxDirectory}`];
  return [
    ...words,
    ...mapped,
    ...volumes.flatMap((volume) => ['-v', persistentWord(volume, sandboxDirectory)]),
    ...(driver === undefined ? [] : [`--volume-driver=${driver}`]),
  ];
}

/** In the sandbox, where Mesos mounts it (DockerContainerizerProcess::mountPersistentVolumes), unless it is absolute. */
function persistentWord({ folder, containerPath, isReadOnly }: TaskVolume, sandboxDirectory: string): string {
  if (folder.includes(':')) throw new Error(`The volume at '${folder}' cannot be mounted: its path has a colon`);
  const inside = containerPath.startsWith('/') ? containerPath : `${sandboxDirectory}/${containerPath}`;
  return `${folder}:${inside}:${isReadOnly ? 'ro' : 'rw'}`;
}

/** A path in the sandbox that is one in a persistent volume. */
function persistentSource(hostPath: string, volumes: readonly TaskVolume[]): string | undefined {
  const holder = volumes.find(
    ({ containerPath }) => hostPath === containerPath || hostPath.startsWith(`${containerPath}/`),
  );
  if (holder === undefined || hostPath.startsWith('/')) return undefined;
  return `${holder.folder}${hostPath.slice(holder.containerPath.length)}`;
}

/** A relative path is in the sandbox, unless a driver knows what it means. */
function sourceOf(hostPath: string, containerPath: string, sandbox: string, driver: string | undefined): string {
  if (hostPath.startsWith('/')) return hostPath;
  if (!containerPath.startsWith('/')) {
    throw new Error(`Both host_path '${hostPath}' and container_path '${containerPath}' of a volume are relative`);
  }
  return driver === undefined ? `${sandbox}/${hostPath}` : hostPath;
}

const isShell = ({ command }: TaskInfo) => command !== undefined && command.shell !== false;

function commandWords(task: TaskInfo): readonly string[] {
  const { value, arguments: words = [] } = task.command ?? {};
  if (!isShell(task)) return [...(value === undefined ? [] : [value]), ...words];
  if (value === undefined) throw new Error('Shell specified but no command value provided');
  return ['-c', value];
}

function textOf(value: Json | undefined, name: string): string | undefined {
  const text = objectOf(value)[name];
  return typeof text === 'string' ? text : undefined;
}
