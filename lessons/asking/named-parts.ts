import { StepFailure, type LessonWorld } from '../lesson-world.ts';
import { leaderOf } from './ask-cluster.ts';
import { allAgents, tasksOfApp, type AgentFound } from './tasks-of-app.ts';

/** Name of an agent in the plan. */
function nameOf({ cluster }: LessonWorld, { hostname, port }: AgentFound): string | undefined {
  const agents = cluster.target.expected?.agents ?? [];
  return agents.find((each) => each.hostname === hostname && each.port === port)?.name;
}

/**
 * The name of an agent: as it is, or of `agent-of APP` the one where the first task of the app runs.
 * @throws Error when no task of it runs
 */
export async function agentNamed(world: LessonWorld, name: string, signal: AbortSignal): Promise<string> {
  const app = /^agent-of\s+(.+)$/.exec(name)?.[1];
  if (app === undefined) return name;
  const running = (await tasksOfApp(world, app, signal)).filter(({ state }) => state === 'TASK_RUNNING');
  const ids = running
    .map(({ id, agentId }) => [id, agentId] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const [[, agentId] = []] = ids;
  const agent = (await allAgents(world, signal)).find(({ id }) => id === agentId);
  const found = agent === undefined ? undefined : nameOf(world, agent);
  if (found === undefined) throw new Error(`no task of ${app} runs on an agent of this lab`);
  return found;
}

/** What the leading master has of an agent; undefined: nothing. @throws StepFailure for a name that the lab does not have */
export async function findAgent(
  world: LessonWorld,
  name: string,
  signal: AbortSignal,
): Promise<AgentFound | undefined> {
  const wanted = await agentNamed(world, name, signal);
  const planned = world.cluster.target.expected?.agents.find((each) => each.name === wanted);
  if (planned === undefined) throw new StepFailure(`This lab has no agent ${wanted}`);
  const agents = await allAgents(world, signal);
  return agents.find(({ hostname, port }) => hostname === planned.hostname && port === planned.port);
}

/** Names of parts as the runtime knows them. @param names as the lesson has them */
export async function partsNamed(
  world: LessonWorld,
  names: string | readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parts: string[] = [];
  for (const name of typeof names === 'string' ? [names] : names) {
    if (name === 'leading-master' || name === 'leading-marathon') parts.push(await leadingPart(world, name, signal));
    else parts.push(await agentNamed(world, name, signal));
  }
  return parts;
}

async function leadingPart(
  world: LessonWorld,
  name: 'leading-master' | 'leading-marathon',
  signal: AbortSignal,
): Promise<string> {
  const isMaster = name === 'leading-master';
  const role = isMaster ? 'mesos-master' : 'marathon';
  const { cluster, plan } = world;
  const ids = plan.nodes.flatMap(({ components }) => components).filter((each) => each.role === role);
  const leader = await leaderOf(world, role, signal);
  const urls = isMaster ? cluster.target.masters : cluster.target.marathons;
  // A Marathon calls itself by its name in the cluster.
  const index = urls.findIndex((url) => url === leader || url === cluster.client.urlFor(leader));
  const found =
    ids[index] ?? ids.find(({ host }) => leader.split(':')[0] === host) ?? (ids.length === 1 ? ids[0] : undefined);
  if (found === undefined) throw new Error(`${leader} leads, which is no part of this lab`);
  return found.id;
}
