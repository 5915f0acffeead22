import { jsonText, listOf, objectOf } from '../../http/json-parts.ts';
import { logFlags } from '../../observability/log-flags.ts';
import { allocationOf } from '../allocations.ts';
import type { ClusterState } from '../cluster-state.ts';
import { Consumption } from '../quota/consumption.ts';
import { describeQuota } from '../quota/describe-quota.ts';
import { weightOf } from '../quota/weights.ts';
import { masterCapabilities, masterPid } from './master-info.ts';
import { isActive, type FrameworkRecord, type TaskRecord } from '../records.ts';
import { reservedScalars } from '../reservations/checkpointed.ts';
import { noResources, plus, type Resources } from '../resources.ts';
import type { Term } from '../term.ts';
import { agentText, toFullAgent } from './view-agent.ts';
import { toFramework } from './view-framework.ts';
import { toTask } from './view-task.ts';

const seconds = (milliseconds: number) => milliseconds / 1000;

export function toVersion({ settings: { version } }: Pick<Term, 'settings'>) {
  const { buildDate, buildTime, buildUser } = version;
  return { build_date: buildDate, build_time: buildTime, build_user: buildUser, version: version.version };
}

/** `/state` (docs/endpoints/master/state.md; field order as src/master/http.cpp). */
export function toState(term: Term): unknown {
  const { settings, cluster } = term;
  const { masterId, port, hostname, version } = settings;
  const { agents, connectedAgents, frameworks, completedFrameworks } = cluster;
  const active = [...connectedAgents].filter(isActive).length;
  return objectOf({
    version: version.version,
    build_date: version.buildDate,
    build_time: version.buildTime,
    build_user: version.buildUser,
    start_time: seconds(settings.startTime),
    elected_time: seconds(term.electedTime),
    id: masterId,
    pid: masterPid(settings),
    hostname,
    capabilities: masterCapabilities,
    activated_slaves: active,
    deactivated_slaves: agents.size - active,
    unreachable_slaves: cluster.unreachableAgents.size,
    leader: masterPid(settings),
    leader_info: { id: masterId, pid: masterPid(settings), port, hostname },
    cluster: settings.cluster,
    ...logFlags(settings.flags),
    flags: settings.flags,
    slaves: listOf(agents.values(), (agent) => jsonText(agentText(agent))),
    recovered_slaves: [],
    frameworks: listOf(frameworks.values(), toFramework),
    completed_frameworks: listOf(completedFrameworks.values(), toFramework),
    orphan_tasks: [],
    unregistered_frameworks: [],
  });
}

export function toAgents({ cluster }: Term, id: string | null): unknown {
  const agents = [...cluster.agents.values()].filter((agent) => id === null || agent.id === id);
  return objectOf({ slaves: listOf(agents, toFullAgent), recovered_slaves: [] });
}

export function toFrameworks({ cluster }: Term, id: string | null): unknown {
  const chosen = (frameworks: ReadonlyMap<string, FrameworkRecord>) =>
    listOf(
      [...frameworks.values()].filter((framework) => id === null || framework.id === id),
      toFramework,
    );
  return objectOf({
    frameworks: chosen(cluster.frameworks),
    completed_frameworks: chosen(cluster.completedFrameworks),
    unregistered_frameworks: [],
  });
}

const allTasks = (framework: FrameworkRecord): readonly TaskRecord[] => [
  ...framework.tasks.values(),
  ...framework.unreachableTasks.values(),
  ...framework.completedTasks,
];

/** `/tasks`: 100 of them unless asked otherwise, the youngest first (docs/endpoints/master/tasks.md). */
export function toTasks({ cluster }: Term, query: URLSearchParams): unknown {
  const [frameworkId, taskId] = [query.get('framework_id'), query.get('task_id')];
  const tasks = [...cluster.frameworks.values(), ...cluster.completedFrameworks.values()]
    .filter(({ id }) => frameworkId === null || id === frameworkId)
    .flatMap(allTasks)
    .filter(({ info }) => taskId === null || info.task_id.value === taskId);
  const startOf = ({ statuses }: TaskRecord) => statuses[0]?.timestamp ?? 0;
  tasks.sort((a, b) => startOf(a) - startOf(b));
  if (query.get('order') !== 'asc') tasks.reverse();
  const offset = integer(query.get('offset'), 0);
  const end = offset + integer(query.get('limit'), 100);
  // Less than nothing wraps around there, to more than all: mesos-cli asks for `limit=-1` (readonly_handler.cpp).
  const asked = offset < 0 ? [] : tasks.slice(offset, end < 0 ? undefined : end);
  return objectOf({ tasks: listOf(asked, toTask) });
}

/** An integer of the query; anything else counts as not given, as in Mesos. */
function integer(text: string | null, otherwise: number): number {
  return text !== null && /^[+-]?\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

/** Roles that frameworks have subscribed with or still have something of, and who. */
export function frameworksByRole({ frameworks }: ClusterState): ReadonlyMap<string, readonly FrameworkRecord[]> {
  const roles = new Map<string, FrameworkRecord[]>();
  for (const framework of frameworks.values()) {
    for (const role of new Set([...framework.roles, ...framework.allocations.keys()])) {
      const members = roles.get(role);
      if (members === undefined) roles.set(role, [framework]);
      else members.push(framework);
    }
  }
  return roles;
}

/** Roles of frameworks, and those that have a quota, a weight or a reservation, each with its frameworks. */
export function knownRoles({ cluster, registrar }: Term): readonly (readonly [string, readonly FrameworkRecord[]])[] {
  const { quotas, weights } = registrar.registry;
  const members = frameworksByRole(cluster);
  const reserved = reservedScalars(cluster.agents.values()).keys();
  const names = new Set([...members.keys(), ...Object.keys(quotas), ...Object.keys(weights), ...reserved]);
  return [...names].sort().map((name) => [name, members.get(name) ?? []]);
}

const sorted = (amounts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** `/roles` */
export function toRoles(term: Term): unknown {
  const consumption = new Consumption(term.cluster, 'used');
  const reserved = reservedScalars(term.cluster.agents.values());
  const roles = knownRoles(term).map(([name, frameworks]) => {
    const used = frameworks.reduce((sum, framework) => plus(sum, allocationOf(framework, name).used), noResources);
    const offered = frameworks.reduce(
      (sum, framework) => plus(sum, allocationOf(framework, name).offered),
      noResources,
    );
    const allocated = quantities(used);
    return {
      name,
      weight: weightOf(term.registrar.registry, name),
      quota: describeQuota(term, name, sorted(consumption.all(name))),
      resources: quantities(plus(used, offered)),
      allocated,
      offered: quantities(offered),
      reserved: quantities({ scalars: reserved.get(name) ?? new Map() }),
      frameworks: frameworks.map(({ id }) => id),
    };
  });
  return { roles };
}

/** Roles count scalars only, by name. */
const quantities = ({ scalars }: Pick<Resources, 'scalars'>) =>
  Object.fromEntries([...scalars].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, value / 1000]));
