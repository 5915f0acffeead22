import { whyItemWaits, queueItemOf } from '../../checks/why-waiting.ts';
import type { Seen } from '../../checks/poll-until.ts';
import { lookAtSandbox } from '../../checks/look-at-sandbox.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import { askMarathon, callMaster, leadingMaster } from '../asking/ask-cluster.ts';
import { findAgent } from '../asking/named-parts.ts';
import { allAgents, allTasks, tasksOfApp, type AgentFound, type TaskFound } from '../asking/tasks-of-app.ts';
import type { LessonWorld } from '../lesson-world.ts';

type Wanted<Kind extends Look['kind']> = Extract<Look, { readonly kind: Kind }>['value'];

/** Whether tasks of an app are in a state, so many, and where they should be. */
export async function lookAtTasks(world: LessonWorld, wanted: Wanted<'task'>, signal: AbortSignal): Promise<Seen> {
  const { app, state = 'TASK_RUNNING', count } = wanted;
  const tasks = (await tasksOfApp(world, app, signal)).filter((task) => task.state === state);
  const atLeast = wanted.atLeast ?? (count === undefined ? 1 : 0);
  const isRight = count === undefined ? tasks.length >= atLeast : tasks.length === count;
  const wish = count === undefined ? `${atLeast} at least` : String(count);
  const seen = `${tasks.length} tasks of ${app} are ${state}`;
  if (!isRight) return { ok: false, seen: `${seen}, wanted ${wish === '1' ? 'is' : 'are'} ${wish}` };
  const fault = await whereTheyAre(world, tasks, wanted, signal);
  return { ok: fault === undefined, seen: fault ?? seen };
}

/** What is wrong with where tasks are; undefined: nothing. */
async function whereTheyAre(
  world: LessonWorld,
  tasks: readonly TaskFound[],
  { agents, agent, attribute, apart }: Wanted<'task'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ids = new Set(tasks.map(({ agentId }) => agentId));
  if (agents !== undefined && ids.size !== agents) return `they are on ${ids.size} agents, wanted are ${agents}`;
  if (agent !== undefined) {
    const found = await findAgent(world, agent, signal);
    const elsewhere = tasks.filter(({ agentId }) => agentId !== found?.id).length;
    if (elsewhere > 0) return `${elsewhere} of them are not on ${agent}`;
  }
  if (attribute === undefined && apart === undefined) return undefined;
  const all = await allAgents(world, signal);
  const on = tasks.map(({ agentId }) => all.find(({ id }) => id === agentId));
  const without = on.filter((each) => attribute !== undefined && each?.attributes.includes(attribute) !== true);
  if (without.length > 0) return `${without.length} of them are on agents without ${attribute ?? ''}`;
  if (apart === undefined) return undefined;
  const values = on.map((each) => valueOf(each, apart));
  return new Set(values).size === values.length
    ? undefined
    : `their agents have ${apart} ${values.join(', ')}: not each another one`;
}

const valueOf = (agent: AgentFound | undefined, name: string) =>
  agent?.attributes.find((each) => each.startsWith(`${name}:`))?.slice(name.length + 1) ?? 'nothing';

/** Whether a text is in a file in the sandbox of a task of an app. */
export async function lookAtFile(world: LessonWorld, wanted: Wanted<'file'>, signal: AbortSignal): Promise<Seen> {
  const { app, path = 'stdout', contains } = wanted;
  const tasks = (await tasksOfApp(world, app, signal)).toSorted((one, other) => other.at - one.at);
  if (tasks.length === 0) return { ok: false, seen: `no task of ${app} runs, or ran` };
  const leader = await leadingMaster(world, signal);
  let last: Seen | undefined;
  for (const task of tasks) {
    try {
      last = await lookAtSandbox(world.cluster, leader, task, { path, wanted: contains }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      last ??= { ok: false, seen: error instanceof Error ? error.message : String(error) };
    }
    if (last.ok) return last;
  }
  return last ?? { ok: false, seen: `${path} of ${app} cannot be read` };
}

/** Whether an app waits for offers, and why. */
export async function lookAtQueue(world: LessonWorld, wanted: Wanted<'queue'>, signal: AbortSignal): Promise<Seen> {
  const { app, reason } = wanted;
  const item = queueItemOf((await askMarathon(world, '/v2/queue', signal)).json, app);
  if (item === undefined) return { ok: false, seen: `${app} does not wait in Marathon's queue` };
  const words = whyItemWaits(item, world.cluster.target) ?? 'no offer was looked at yet';
  const reasons = listAt(item, 'processedOffersSummary', 'rejectSummaryLastOffers')
    .filter((each) => (numberAt(each, 'declined') ?? 0) > 0)
    .flatMap((each) => textAt(each, 'reason') ?? []);
  const ok = reason === undefined || reasons.includes(reason);
  return { ok, seen: `${app} waits: ${words}${ok ? '' : `; wanted is ${reason}`}` };
}

/** Whether a framework is there, and its tasks are as they should be. */
export async function lookAtFramework(
  world: LessonWorld,
  wanted: Wanted<'framework'>,
  signal: AbortSignal,
): Promise<Seen> {
  const { name, active, running, finished } = wanted;
  const answer = await callMaster(world, { type: 'GET_FRAMEWORKS' }, signal);
  const all = ['frameworks', 'completed_frameworks', 'recovered_frameworks'].flatMap((list) =>
    listAt(answer, 'get_frameworks', list),
  );
  const found = all.filter((each) => textAt(each, 'framework_info', 'name') === name);
  if (found.length === 0) return { ok: false, seen: `the master knows no framework ${name}` };
  const isActive = found.some((each) => valueAt(each, 'active') === true && valueAt(each, 'connected') !== false);
  const ids = new Set(found.map((each) => textAt(each, 'framework_info', 'id', 'value')));
  const tasks = (await allTasks(world, signal)).filter(({ frameworkId }) => ids.has(frameworkId));
  const runs = tasks.filter(({ state }) => state === 'TASK_RUNNING').length;
  const since = world.baseline?.at ?? 0;
  const done = tasks.filter(({ state, at }) => state === 'TASK_FINISHED' && at >= since).length;
  const ok =
    (active === undefined || active === isActive) &&
    (running === undefined || running === runs) &&
    (finished === undefined || done >= finished);
  const wishes = [
    ...(active === undefined ? [] : [active ? 'connected' : 'not connected']),
    ...(running === undefined ? [] : [`${running} running`]),
    ...(finished === undefined ? [] : [`${finished} finished`]),
  ];
  const seen = `${name} is ${isActive ? '' : 'not '}connected, ${runs} of its tasks run, ${done} have finished`;
  return { ok, seen: ok ? seen : `${seen}; wanted: ${wishes.join(', ')}` };
}
