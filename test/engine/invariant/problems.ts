import type { Loose } from '../marathon/loose.ts';
import { read } from './ask-cluster.ts';
import type { SmallCluster } from './small-cluster.ts';
import type { Wanted, WantedApps } from './wanted-apps.ts';

interface Task {
  readonly id: string;
  readonly agent: string;
}

/** Everything in which a cluster that is whole again is not as it should be. */
export async function problemsOf(cluster: SmallCluster, wanted: WantedApps): Promise<readonly string[]> {
  const [marathon] = cluster.marathons;
  const apps: readonly Loose[] | undefined = (await read(`${marathon?.url}/v2/apps?embed=apps.tasks`))?.apps;
  const deployments: readonly Loose[] | undefined = await read(`${marathon?.url}/v2/deployments`);
  if (apps === undefined || deployments === undefined) return ['no Marathon leads'];
  const states = (await Promise.all(cluster.masters.map(({ url }) => read(`${url}/state`)))).filter(
    (state) => state !== undefined && state.slaves !== undefined,
  );
  const state = states.find(({ leader_info: leader, id }) => leader?.id === id);
  if (state === undefined) return ['no master leads'];
  const books = await Promise.all(cluster.agents.map(({ url }) => read(`${url}/state`)));
  const tasks: readonly Task[] = apps.flatMap((app) =>
    app.tasks.map(({ id, slaveId }: Loose) => ({ id, agent: slaveId })),
  );
  return [
    ...deployments.map(({ id, affectedApps }) => `deployment ${id} of ${affectedApps} goes on`),
    ...wanted.names.flatMap((name) => problemsOfApp(name, apps, wanted.possible(name))),
    ...problemsOfMaster(state, tasks),
    ...cluster.agents.flatMap(({ name, executors }, index) => problemsOfAgent(name, executors, books[index], tasks)),
  ];
}

function problemsOfApp(name: string, apps: readonly Loose[], possible: readonly Wanted[]): readonly string[] {
  const app = apps.find(({ id }) => id === `/${name}`);
  const found: Wanted = app === undefined ? undefined : { instances: app.instances, tag: app.env.TAG };
  const isPossible = possible.some((each) => each?.instances === found?.instances && each?.tag === found?.tag);
  const running = (app?.tasks ?? []).filter(
    ({ state, version }: Loose) => state === 'TASK_RUNNING' && version >= app.versionInfo.lastConfigChangeAt,
  );
  const states = (app?.tasks ?? []).map(({ id, state, version }: Loose) => `${id} ${state} of ${version}`);
  return [
    ...(isPossible ? [] : [`/${name} is ${JSON.stringify(found)}, and may be ${JSON.stringify(possible)}`]),
    ...(app === undefined || (running.length === app.instances && app.tasks.length === app.instances)
      ? []
      : [`/${name} (${app.version}) is to have ${app.instances} instances, and has ${states.join(', ') || 'none'}`]),
  ];
}

function problemsOfMaster(state: Loose, tasks: readonly Task[]): readonly string[] {
  const [framework, ...others] = state.frameworks;
  const present: readonly Loose[] = framework?.tasks ?? [];
  const { slaves, completed_frameworks: completed } = state;
  const isActive = framework?.active === true;
  return [
    ...(isActive && others.length + completed.length === 0
      ? []
      : [`the master has frameworks ${[...state.frameworks, ...completed].map(({ id }) => id)}, active: ${isActive}`]),
    ...difference('the master', present.filter(isRunning).map(toTask), tasks),
    ...present.filter((task) => !isRunning(task)).map((task) => `the master has ${task.id} as ${task.state}`),
    // An agent that was killed before it had saved its id came back as another: then there are some for ever.
    ...(framework?.unreachable_tasks ?? [])
      .filter((task: Loose) => slaves.some(({ id }: Loose) => id === task.slave_id))
      .map(({ id, slave_id: agent }: Loose) => `the master has ${id} on ${agent} as unreachable`),
    ...(slaves.length === 3 && slaves.every(({ active }: Loose) => active)
      ? []
      : [`the master has ${slaves.map((each: Loose) => `${each.hostname} ${each.active}`)}`]),
    ...slaves.flatMap((agent: Loose) => problemsOfResources(agent, present)),
  ];
}

const isRunning = ({ state }: Loose): boolean => state === 'TASK_RUNNING';
const toTask = ({ id, slave_id: agent }: Loose): Task => ({ id, agent });

/** What an agent has given away is what its tasks have. */
function problemsOfResources({ id, hostname, used_resources: used }: Loose, tasks: readonly Loose[]): readonly string[] {
  const own = tasks.filter((task) => task.slave_id === id);
  return ['cpus', 'mem', 'disk'].flatMap((name) => {
    const sum = own.reduce((total: number, { resources }) => total + resources[name], 0);
    return Math.abs(sum - used[name]) < 0.001 ? [] : [`${name} of ${hostname}: used ${used[name]}, by tasks ${sum}`];
  });
}

function problemsOfAgent(
  name: string,
  { running }: SmallCluster['agents'][number]['executors'],
  book: Loose,
  tasks: readonly Task[],
): readonly string[] {
  if (book === undefined) return [`${name} does not answer`];
  const executors: readonly Loose[] = book.frameworks.flatMap((framework: Loose) => framework.executors);
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
