import type { TaskState } from '../../../protocol/mesos.ts';
import type { ClusterState } from '../cluster-state.ts';
import { masterCapabilities, masterPid } from './master-info.ts';
import type { FrameworkRecord, TaskRecord } from '../records.ts';
import { noResources, plus, type Resources } from '../resources.ts';
import type { Term } from '../term.ts';
import { toAgent, toFullAgent } from './view-agent.ts';
import { summariseFramework, toFramework } from './view-framework.ts';
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
  const agents = [...cluster.agents.values()];
  const active = agents.filter(({ stream }) => stream !== undefined).length;
  return {
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
    deactivated_slaves: agents.length - active,
    unreachable_slaves: cluster.unreachableAgents.size,
    leader: masterPid(settings),
    leader_info: { id: masterId, pid: masterPid(settings), port, hostname },
    cluster: settings.cluster,
    flags: settings.flags,
    slaves: agents.map(toAgent),
    recovered_slaves: [],
    frameworks: [...cluster.frameworks.values()].map(toFramework),
    completed_frameworks: [...cluster.completedFrameworks.values()].map(toFramework),
    orphan_tasks: [],
    unregistered_frameworks: [],
  };
}

export function toAgents({ cluster }: Term, id: string | null): unknown {
  const agents = [...cluster.agents.values()].filter((agent) => id === null || agent.id === id);
  return { slaves: agents.map(toFullAgent), recovered_slaves: [] };
}

export function toFrameworks({ cluster }: Term, id: string | null): unknown {
  const chosen = (frameworks: ReadonlyMap<string, FrameworkRecord>) =>
    [...frameworks.values()].filter((framework) => id === null || framework.id === id).map(toFramework);
  return {
    frameworks: chosen(cluster.frameworks),
    completed_frameworks: chosen(cluster.completedFrameworks),
    unregistered_frameworks: [],
  };
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
  const offset = count(query.get('offset'), 0);
  return { tasks: tasks.slice(offset, offset + count(query.get('limit'), 100)).map(toTask) };
}

/** An integer of the query; anything else counts as not given, as in Mesos. */
function count(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

const countedStates = [
  ...(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED'] as const),
  ...(['TASK_KILLED', 'TASK_FAILED', 'TASK_LOST', 'TASK_ERROR', 'TASK_UNREACHABLE'] as const),
];

class TaskSummary {
  readonly #counts = new Map<TaskState, number>();
  readonly ids = new Set<string>();

  add(state: TaskState, id: string): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + 1);
    this.ids.add(id);
  }

  toJson(): Readonly<Record<string, number>> {
    return Object.fromEntries(countedStates.map((state) => [state, this.#counts.get(state) ?? 0]));
  }
}

/** `/state-summary`: counts instead of tasks. */
export function toStateSummary({ cluster, settings }: Term): unknown {
  const agents = new Map([...cluster.agents.keys()].map((id) => [id, new TaskSummary()]));
  const frameworks = new Map<string, TaskSummary>();
  for (const framework of cluster.frameworks.values()) {
    const summary = new TaskSummary();
    frameworks.set(framework.id, summary);
    for (const { state, agentId } of allTasks(framework)) {
      summary.add(state, agentId);
      agents.get(agentId)?.add(state, framework.id);
    }
  }
  return {
    hostname: settings.hostname,
    cluster: settings.cluster,
    slaves: [...cluster.agents.values()].map((agent) => ({
      ...toAgent(agent),
      ...agents.get(agent.id)?.toJson(),
      framework_ids: [...(agents.get(agent.id)?.ids ?? [])],
    })),
    frameworks: [...cluster.frameworks.values()].map((framework) => ({
      ...summariseFramework(framework),
      ...frameworks.get(framework.id)?.toJson(),
      slave_ids: [...(frameworks.get(framework.id)?.ids ?? [])],
    })),
  };
}

/** Roles that frameworks have subscribed with, and who. */
export function frameworksByRole({ frameworks }: ClusterState): ReadonlyMap<string, readonly FrameworkRecord[]> {
  const roles = new Map<string, FrameworkRecord[]>();
  for (const framework of frameworks.values()) {
    const members = roles.get(framework.role);
    if (members === undefined) roles.set(framework.role, [framework]);
    else members.push(framework);
  }
  return roles;
}

/** `/roles` */
export function toRoles({ cluster }: Term): unknown {
  const roles = [...frameworksByRole(cluster)].map(([name, members]) => {
    const used = members.reduce((sum, framework) => plus(sum, framework.used), noResources);
    const offered = members.reduce((sum, framework) => plus(sum, framework.offered), noResources);
    const allocated = quantities(used);
    return {
      name,
      weight: 1,
      quota: { role: name, guarantee: {}, limit: {}, consumed: allocated },
      resources: quantities(plus(used, offered)),
      allocated,
      offered: quantities(offered),
      reserved: {},
      frameworks: members.map(({ id }) => id),
    };
  });
  return { roles };
}

/** Roles count scalars only, by name. */
const quantities = ({ scalars }: Resources) =>
  Object.fromEntries([...scalars].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, value / 1000]));
