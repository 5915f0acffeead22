import type { Endpoint, PodContainer, PodResources, PodTemplate } from '../../../../protocol/marathon/pods.ts';
import type { Leader } from '../../leadership/leader.ts';
import { isAlive, isPodInstance, specOf, type PodInstance } from '../../pods/pod-instance.ts';
import { podOf, sumOf, type PodSpec } from '../../pods/pod-spec.ts';
import { isReserved, isUnused } from '../../residency/resident.ts';
import type { PodTask } from '../../scheduling/instances.ts';
import { instanceIdOf } from '../../scheduling/instances.ts';
import { isoTime } from '../../timestamps.ts';
import { localVolumes } from '../task-view.ts';

/* What /v2/pods/…::status answers (PodStatusConversion.scala and AppInfoBaseData.podStatus of Marathon). */

interface Status {
  readonly status: 'PENDING' | 'STAGING' | 'STABLE' | 'DEGRADED' | 'TERMINAL';
  readonly message?: string;
}

interface ContainerView {
  readonly conditions: readonly { readonly name: string; readonly value: string }[];
}

export function podStatus({ shared }: Leader, spec: PodSpec): object {
  const now = isoTime(shared.clock());
  const instances = shared.instances
    .ofApp(spec.id)
    .filter(isPodInstance)
    .map((each) => instanceStatus(each, specOf(shared, each) ?? spec));
  const statusSince = instances.reduce((latest, { statusSince: since }) => (since > latest ? since : latest), '');
  const stable = instances.filter(({ status }) => status === 'STABLE').length;
  const failure = shared.failures.get(spec.id);
  return {
    id: spec.id,
    spec: podOf(spec),
    status: stable >= spec.instances ? 'STABLE' : 'DEGRADED',
    statusSince: statusSince === '' ? now : statusSince,
    instances,
    terminationHistory:
      failure === undefined
        ? []
        : [
            {
              instanceID: instanceIdOf(failure.taskId),
              startedAt: failure.startedAt ?? failure.timestamp,
              terminatedAt: failure.timestamp,
              message: failure.message,
              containers: [{ containerId: failure.taskId, lastKnownState: failure.state }],
            },
          ],
    lastUpdated: now,
    lastChanged: statusSince === '' ? now : statusSince,
  };
}

function instanceStatus(instance: PodInstance, spec: PodSpec) {
  const definitions = new Map(spec.pod.containers.map((container) => [container.name, container]));
  const containers = instance.containers.map((task) => containerStatus(task, definitions.get(task.name)));
  const since = isoTime(Math.max(...instance.containers.map((each) => each.since)));
  return {
    id: instance.id,
    ...statusOf(instance, containers),
    statusSince: since,
    agentHostname: instance.host,
    agentId: instance.agentId,
    agentRegion: instance.attributes['@region'],
    agentZone: instance.attributes['@zone'],
    resources: resourcesOf(instance, spec.pod),
    networks: networksOf(instance),
    containers,
    specReference: `/v2/pods${spec.id}::versions/${instance.version}`,
    localVolumes: localVolumes(instance),
    lastUpdated: since,
    lastChanged: since,
    role: instance.reservation?.role ?? spec.role,
  };
}

function statusOf(instance: PodInstance, containers: readonly ContainerView[]): Status {
  const { condition, goal } = instance;
  const isIll = containers.some(({ conditions }) => conditions.some(({ value }) => value === 'false'));
  if (condition === 'Unreachable' || condition === 'UnreachableInactive') {
    return { status: 'DEGRADED', message: 'pod instance has become unreachable' };
  }
  if (isUnused(instance)) return { status: 'PENDING' };
  if (goal !== 'Running' || condition === 'Killing' || isReserved(instance)) return { status: 'TERMINAL' };
  if (condition !== 'Running') return { status: 'STAGING' };
  return isIll ? { status: 'DEGRADED', message: 'at least one container is not healthy' } : { status: 'STABLE' };
}

function containerStatus(task: PodTask, definition: PodContainer | undefined) {
  const since = isoTime(task.since);
  return {
    name: task.name,
    status: task.state,
    statusSince: since,
    conditions: healthConditions(task, definition, since),
    containerId: task.taskId,
    endpoints: isAlive(task) && definition !== undefined ? endpointStatuses(task, definition) : [],
    ...(isAlive(task) && definition !== undefined ? { resources: definition.resources } : {}),
    lastUpdated: since,
    lastChanged: since,
  };
}

/** Nothing is said of one that has not run yet. */
function healthConditions({ state, healthy }: PodTask, definition: PodContainer | undefined, since: string) {
  const isEarly = state === 'TASK_STAGING' || state === 'TASK_STARTING';
  if (definition?.healthCheck === undefined || isEarly) return [];
  const reason = healthy === undefined ? 'health-unreported-by-mesos' : 'health-reported-by-mesos';
  return [{ name: 'healthy', lastChanged: since, lastUpdated: since, value: String(healthy === true), reason }];
}

function endpointStatuses({ hostPorts, healthy }: PodTask, { endpoints = [], healthCheck }: PodContainer) {
  const left = [...hostPorts];
  const checked = (healthCheck?.http ?? healthCheck?.tcp)?.endpoint;
  return endpoints.map(({ name, hostPort }: Endpoint) => {
    const allocatedHostPort = hostPort === undefined ? undefined : left.shift();
    return {
      name,
      ...(allocatedHostPort === undefined ? {} : { allocatedHostPort }),
      ...(name === checked && healthy !== undefined ? { healthy } : {}),
    };
  });
}

/** Of the executor, and of the containers that have not ended. */
function resourcesOf({ containers }: PodInstance, pod: PodTemplate): PodResources {
  const alive = new Set(containers.filter(isAlive).map(({ name }) => name));
  const left = pod.containers.filter(({ name }) => alive.has(name));
  return sumOf([pod.executorResources, ...left.map(({ resources }) => resources)]);
}

/** All addresses, by the name of their network. */
function networksOf({ containers }: PodInstance): readonly object[] {
  const byName = new Map<string | undefined, Set<string>>();
  for (const { name, addresses } of containers.flatMap(({ networks = [] }) => networks)) {
    const known = byName.get(name) ?? new Set();
    for (const address of addresses) known.add(address);
    byName.set(name, known);
  }
  return [...byName].map(([name, addresses]) => ({
    ...(name === undefined ? {} : { name }),
    addresses: [...addresses],
  }));
}
