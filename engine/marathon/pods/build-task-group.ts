import { randomUUID } from 'node:crypto';
import type { CommandInfo, ContainerInfo, Json, Offer, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import type {
  Environment,
  PodContainer,
  PodHealthCheck,
  PodResources,
  PodTemplate,
} from '../../../protocol/marathon/pods.ts';
import { hostnameOf, safePath } from '../apps/path-id.ts';
import { healthTimesOf } from '../health/mesos-checks.ts';
import type { TaskGroup } from '../../framework/scheduler-api/scheduler-call.ts';
import { isVolume } from '../residency/reserved-resources.ts';
import { secretFile, secretReference, secretVariables } from '../secrets/secret-references.ts';
import type { PodTask } from '../scheduling/instances.ts';
import { ownCommand } from '../scheduling/own-command.ts';
import { asDouble, labelVariables } from '../scheduling/task-environment.ts';
import { endpointVariables, portOf, withAllocatedPorts } from './pod-endpoints.ts';
import type { PodSpec } from './pod-spec.ts';

interface PodIds {
  readonly instanceId: string;
  readonly executorId: string;
}

/** Ids of a new instance and its executor (Instance.Id of Marathon). */
export function newPodIds(podId: string): PodIds {
  const instanceId = `${safePath(podId)}.instance-${randomUUID()}`;
  return { instanceId, executorId: executorIdOf(instanceId) };
}

/** `instance-group_name.<uuid>` of `group_name.instance-<uuid>` */
export const executorIdOf = (instanceId: string): string =>
  instanceId.replace(/^(.*)\.instance-([^.]*)$/, 'instance-$1.$2');

/** @param attempt of its tasks; 0 for none */
const taskId = (instanceId: string, { name }: PodContainer, attempt = 1) => `${instanceId}.${name}.${attempt}`;

interface NewTasks {
  readonly instanceId: string;
  readonly hostPorts: readonly number[];
  readonly now: number;
  readonly attempt?: number;
}

/** The tasks of a new instance, as they are before Mesos knows of them. */
export const newPodTasks = ({ pod }: PodSpec, { instanceId, hostPorts, now, attempt }: NewTasks): readonly PodTask[] =>
  withAllocatedPorts(pod, hostPorts).containers.map((container) => ({
    taskId: taskId(instanceId, container, attempt),
    name: container.name,
    hostPorts: (container.endpoints ?? []).flatMap(({ hostPort }) => hostPort ?? []),
    state: 'TASK_STAGING',
    since: now,
  }));

interface Launch extends PodIds {
  readonly offer: Offer;
  /** For all containers and the executor together, with the ports. */
  readonly resources: readonly Resource[];
  readonly hostPorts: readonly number[];
  readonly attempt?: number;
  /** Of the variables of endpoints. */
  readonly envVarsPrefix?: string;
}

/** What Mesos launches for an instance, at once and on one agent (TaskGroupBuilder.scala of Marathon). */
export function buildTaskGroup(spec: PodSpec, launch: Launch): TaskGroup {
  const pod = withAllocatedPorts(spec.pod, launch.hostPorts);
  const labels = labelsOf(pod.labels);
  return {
    executor: {
      type: 'DEFAULT',
      executor_id: { value: launch.executorId },
      framework_id: launch.offer.framework_id,
      resources: [...shareOf(launch.resources, pod.executorResources), ...launch.resources.filter(isVolume)],
      ...(labels === undefined ? {} : { labels }),
    },
    task_group: { tasks: pod.containers.map((container) => taskOf(container, { ...spec, pod }, launch)) },
  };
}

/** So much of each kind as somebody needs, of what has been found for all. */
const shareOf = (
  resources: readonly Resource[],
  needed: Partial<PodResources>,
  ports: ReadonlySet<number> = new Set(),
): readonly Resource[] =>
  resources.flatMap((resource) => {
    if (isVolume(resource)) return [];
    if (resource.name === 'ports') {
      const range = (resource.ranges?.range ?? []).filter(({ begin }) => ports.has(begin));
      return range.length === 0 ? [] : { ...resource, ranges: { range } };
    }
    const value = needed[resource.name as keyof PodResources] ?? 0;
    return value === 0 ? [] : { ...resource, scalar: { value } };
  });

function labelsOf(labels: Readonly<Record<string, string>> = {}) {
  const entries = Object.entries(labels).map(([key, value]) => ({ key, value }));
  return entries.length === 0 ? undefined : { labels: entries };
}

function taskOf(container: PodContainer, spec: PodSpec, launch: Launch): TaskInfo {
  const labels = labelsOf(container.labels);
  const info = containerOf(container, spec.pod);
  // Marathon gives all ports to the executor. Here a task has its own: so its views show, and simulated ones answer there.
  const ports = new Set((container.endpoints ?? []).flatMap(({ hostPort }) => hostPort ?? []));
  const grace = container.lifecycle?.killGracePeriodSeconds;
  return {
    name: container.name,
    task_id: { value: taskId(launch.instanceId, container, launch.attempt) },
    agent_id: launch.offer.agent_id,
    resources: shareOf(launch.resources, container.resources, ports),
    command: commandOf(container, spec, launch),
    ...(info === undefined ? {} : { container: info }),
    discovery: {
      visibility: 'FRAMEWORK',
      name: hostnameOf(spec.id),
      ports: { ports: discoveryPorts(container) },
    },
    ...(labels === undefined ? {} : { labels }),
    ...(container.healthCheck === undefined ? {} : { health_check: healthCheckOf(container.healthCheck, container) }),
    ...(grace === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: Math.round(grace * 1e9) } } }),
  };
}

/** Its image, and its volumes: folders in the executor's sandbox, which the containers share that mount them. */
function containerOf({ image, tty, volumeMounts = [] }: PodContainer, pod: PodTemplate): ContainerInfo | undefined {
  if (image === undefined && tty !== true && volumeMounts.length === 0) return undefined;
  const volumes = volumeMounts.map(({ name, mountPath }) => {
    const { secret, persistent } = pod.volumes?.find((volume) => volume.name === name) ?? {};
    if (secret !== undefined) return secretFile(mountPath, secretReference(pod.secrets, secret));
    const path = persistent === undefined ? `volumes/${name}` : name;
    const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path } };
    return { mode: 'RW', container_path: mountPath, source };
  });
  const cached = image?.forcePull === undefined ? {} : { cached: !image.forcePull };
  return {
    type: 'MESOS',
    ...(image === undefined ? {} : { mesos: { image: { type: 'DOCKER', docker: { name: image.id }, ...cached } } }),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(tty === true ? { tty_info: {} } : {}),
  };
}

function commandOf(container: PodContainer, spec: PodSpec, launch: Launch): CommandInfo {
  const { exec, image, user = spec.pod.user } = container;
  const isProgramGiven = image === undefined || exec?.overrideEntrypoint === true;
  const uris = (container.artifacts ?? []).map(({ uri, extract, executable, cache, destPath }) => ({
    ...{ value: uri, extract, executable, cache },
    ...(destPath === undefined ? {} : { output_file: destPath }),
  }));
  const own = { ...spec.pod.environment, ...container.environment };
  const plain: Readonly<Record<string, string>> = environmentOf(own, container, spec, launch);
  const secrets = secretVariables(own, spec.pod.secrets).filter(({ name }) => !Object.hasOwn(plain, name));
  const variables = Object.entries(plain).map(([name, value]) => ({ name, value }));
  return {
    ...(exec === undefined ? { shell: false } : ownCommand(exec.command, isProgramGiven)),
    ...(user === undefined ? {} : { user }),
    ...(uris.length === 0 ? {} : { uris }),
    environment: { variables: [...variables, ...secrets] },
  };
}

/** Those of Marathon win over those of the user, and those of the container over those of the pod: as in Marathon. */
function environmentOf(
  own: Environment,
  container: PodContainer,
  { id, version, pod }: PodSpec,
  { instanceId, executorId, offer, attempt, envVarsPrefix }: Launch,
) {
  const { cpus, mem, disk, gpus } = container.resources;
  const plain = Object.entries(own).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    ...Object.fromEntries(plain),
    HOST: offer.hostname,
    MESOS_TASK_ID: taskId(instanceId, container, attempt),
    MESOS_EXECUTOR_ID: executorId,
    MARATHON_APP_ID: id,
    MARATHON_APP_VERSION: version,
    MARATHON_CONTAINER_ID: container.name,
    MARATHON_APP_ENFORCE_GROUP_ROLE: 'FALSE',
    MARATHON_CONTAINER_RESOURCE_CPUS: asDouble(cpus),
    MARATHON_CONTAINER_RESOURCE_MEM: asDouble(mem),
    MARATHON_CONTAINER_RESOURCE_DISK: asDouble(disk),
    MARATHON_CONTAINER_RESOURCE_GPUS: String(gpus),
    ...labelVariables({ ...pod.labels, ...container.labels }),
    ...endpointVariables(pod, envVarsPrefix),
  };
}

/** One for each protocol: an endpoint without any is not told to others (PortDiscovery.generateForPod of Marathon). */
const discoveryPorts = ({ endpoints = [] }: PodContainer) =>
  endpoints.flatMap((endpoint) => {
    const labels = labelsOf(endpoint.labels);
    return (endpoint.protocol ?? []).map((protocol) => ({
      ...{ number: portOf(endpoint), name: endpoint.name, protocol },
      ...(labels === undefined ? {} : { labels }),
    }));
  });

function healthCheckOf(check: PodHealthCheck, { endpoints = [] }: PodContainer): Json {
  const common = healthTimesOf(check);
  const { http, tcp, exec } = check;
  const named = endpoints.find(({ name }) => name === (http ?? tcp)?.endpoint);
  const port = named === undefined ? 0 : portOf(named);
  if (http !== undefined) {
    const path = http.path === undefined ? {} : { path: http.path };
    return { type: 'HTTP', http: { scheme: http.scheme.toLowerCase(), port, ...path }, ...common };
  }
  if (exec === undefined) return { type: 'TCP', tcp: { port }, ...common };
  return { type: 'COMMAND', command: ownCommand(exec.command) as unknown as Json, ...common };
}
