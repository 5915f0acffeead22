import type { AgentState, Deployment, MarathonApp, MasterState, MesosAgent, MesosTask } from './answers.ts';
import { masterState, read } from './ask-cluster.ts';
import type { AgentMember, SmallCluster } from './small-cluster.ts';
import type { Wanted, WantedApps } from './wanted-apps.ts';

interface Task {
  readonly id: string;
  readonly agent: string;
}

/** Everything in which a cluster that is whole again is not as it should be. */
export async function problemsOf(cluster: SmallCluster, wanted: WantedApps): Promise<readonly string[]> {
  const marathon = cluster.marathons[0]?.url ?? '';
  const apps = (await read<{ readonly apps: readonly MarathonApp[] }>(`${marathon}/v2/apps?embed=apps.tasks`))?.apps;
  const deployments = await read<readonly Deployment[]>(`${marathon}/v2/deployments`);
  if (apps === undefined || deployments === undefined) return ['no Marathon leads'];
  const state = await masterState(cluster);
  if (state === undefined) return ['no master leads'];
  const books = await Promise.all(cluster.agents.map(({ url }) => read<AgentState>(`${url}/state`)));
  const tasks = apps.flatMap((app) => app.tasks.map(({ id, slaveId }) => ({ id, agent: slaveId })));
  return [
    ...deployments.map(({ id, affectedApps }) => `deployment ${id} of ${affectedApps.join(', ')} goes on`),
    ...wanted.names.flatMap((name) => problemsOfApp(name, apps, wanted.possible(name))),
    ...problemsOfMaster(state, tasks),
    ...cluster.agents.flatMap((agent, index) => problemsOfAgent(agent, books[index], tasks)),
  ];
}

function problemsOfApp(name: string, apps: readonly MarathonApp[], possible: readonly Wanted[]): readonly string[] {
  const app = apps.find(({ id }) => id === `/${name}`);
  const found: Wanted = app === undefined ? undefined : { instances: app.instances, tag: app.env.TAG };
  const isPossible = possible.some((each) => each?.instances === found?.instances && each?.tag === found?.tag);
  const problems = isPossible ? [] : [`/${name} is ${JSON.stringify(found)}, and may be ${JSON.stringify(possible)}`];
  if (app === undefined) return problems;
  const { instances, tasks, versionInfo } = app;
  const good = tasks.filter(
    ({ state, version }) => state === 'TASK_RUNNING' && version >= versionInfo.lastConfigChangeAt,
  );
  if (good.length === instances && tasks.length === instances) return problems;
  const states = tasks.map(({ id, state, version }) => `${id} ${state} of ${version}`).join(', ');
  return [...problems, `/${name} (${app.version}) is to have ${instances} instances, and has ${states || 'none'}`];
}

const isRunning = ({ state }: MesosTask) => state === 'TASK_RUNNING';
const toTask = ({ id, slave_id: agent }: MesosTask): Task => ({ id, agent });

function problemsOfMaster(state: MasterState, tasks: readonly Task[]): readonly string[] {
  const { slaves, frameworks, completed_frameworks: completed } = state;
  const [framework, ...others] = [...frameworks, ...completed];
  if (framework?.active !== true || others.length > 0) {
    return [`the master has frameworks ${[...frameworks, ...completed].map(({ id }) => id).join(', ')}`];
  }
  const { tasks: present, unreachable_tasks: unreachable } = framework;
  const agents = slaves.map(({ hostname, active }) => `${hostname} (${active ? 'active' : 'inactive'})`);
  return [
    ...difference('the master', present.filter(isRunning).map(toTask), tasks),
    ...present.filter((task) => !isRunning(task)).map(({ id, state: each }) => `the master has ${id} as ${each}`),
    // An agent that was killed before it had saved its id came back as another: then there are some for ever.
    ...unreachable
      .filter((task) => slaves.some(({ id }) => id === task.slave_id))
      .map(({ id, slave_id: agent }) => `the master has ${id} on ${agent} as unreachable`),
    ...(slaves.length === 3 && slaves.every(({ active }) => active) ? [] : [`the master has ${agents.join(', ')}`]),
    ...slaves.flatMap((agent) => problemsOfResources(agent, present)),
  ];
}

/** What an agent has given away is what its tasks have. */
function problemsOfResources(agent: MesosAgent, tasks: readonly MesosTask[]): readonly string[] {
  const own = tasks.filter((task) => task.slave_id === agent.id);
  return ['cpus', 'mem', 'disk'].flatMap((name) => {
    const sum = own.reduce((total, { resources }) => total + (resources[name] ?? 0), 0);
    const used = agent.used_resources[name] ?? 0;
    return Math.abs(sum - used) < 0.001 ? [] : [`${name} of ${agent.hostname}: used ${used}, by tasks ${sum}`];
  });
}

/** Its book is held against what Marathon has, and against what really runs there. */
function problemsOfAgent(
  { name, executors: { running } }: AgentMember,
  book: AgentState | undefined,
  tasks: readonly Task[],
): readonly string[] {
  if (book === undefined) return [`${name} does not answer`];
  const executors = book.frameworks.flatMap((framework) => framework.executors);
  const present = executors.flatMap((each) => [...each.tasks, ...each.queued_tasks]);
  const containers = new Set(executors.filter((each) => each.tasks.length > 0).map(({ container }) => container));
  const unknown = [...running.keys()].filter((id) => !containers.has(id));
  const missing = [...containers].filter((id) => !running.has(id));
  const own = tasks.filter(({ agent }) => agent === book.id);
  return [
    ...difference(name, present.map(toTask), own),
    ...unknown.map((id) => `${name} runs container ${id}, which is none of its tasks'`),
    ...missing.map((id) => `${name} does not run container ${id} of a task`),
  ];
}

function difference(who: string, found: readonly Task[], wanted: readonly Task[]): readonly string[] {
  const text = ({ id, agent }: Task) => `${id} on ${agent}`;
  const [has, should] = [found.map(text), wanted.map(text)];
  return [
    ...has.filter((each) => !should.includes(each)).map((each) => `${who} has ${each}, Marathon does not`),
    ...should.filter((each) => !has.includes(each)).map((each) => `${who} does not have ${each}, Marathon does`),
    ...has.filter((each, index) => has.indexOf(each) !== index).map((each) => `${who} has ${each} twice`),
  ];
}
