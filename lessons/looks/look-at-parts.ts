import { lookAtLeadingMaster } from '../../checks/look-at-masters.ts';
import type { Seen } from '../../checks/poll-until.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import { leaderOf } from '../asking/ask-cluster.ts';
import { agentNamed, findAgent } from '../asking/named-parts.ts';
import { allAgents, type AgentFound } from '../asking/tasks-of-app.ts';
import { StepFailure, type LessonWorld } from '../lesson-world.ts';

type Wanted<Kind extends Look['kind']> = Extract<Look, { readonly kind: Kind }>['value'];

/** How many agents are active. */
export async function lookAtAgentCount(
  world: LessonWorld,
  { active }: Wanted<'agents'>,
  signal: AbortSignal,
): Promise<Seen> {
  const count = (await allAgents(world, signal)).filter((agent) => agent.active).length;
  const seen = `the master has ${count} active ${count === 1 ? 'agent' : 'agents'}`;
  return {
    ok: count === active,
    seen: count === active ? seen : `${seen}, wanted ${active === 1 ? 'is' : 'are'} ${active}`,
  };
}

/** What the leading master says of one agent. */
export async function lookAtAgent(
  world: LessonWorld,
  { name, state }: Wanted<'agent'>,
  signal: AbortSignal,
): Promise<Seen> {
  const wanted = await agentNamed(world, name, signal);
  const is = stateOf(await findAgent(world, wanted, signal));
  return { ok: is === state, seen: `${wanted} is ${is}${is === state ? '' : `, wanted is ${state}`}` };
}

/** An agent that the master has given up is not in its list. */
function stateOf(agent: AgentFound | undefined): Wanted<'agent'>['state'] {
  if (agent === undefined) return 'unreachable';
  if (agent.drain === 'DRAINING') return 'draining';
  if (agent.drain === 'DRAINED') return 'drained';
  return agent.active && !agent.deactivated ? 'active' : 'inactive';
}

/** Who leads, and whether that is another one than when the lesson began. */
export async function lookAtLeader(world: LessonWorld, wanted: Wanted<'leader'>, signal: AbortSignal): Promise<Seen> {
  const { of, changed, none } = wanted;
  if (none === true) {
    const leads = await whoLeads(world, of, signal);
    return { ok: leads === undefined, seen: leads === undefined ? `no ${of} leads` : `${leads} leads` };
  }
  const leader = await leaderOf(world, of, signal);
  const before = world.baseline?.leaders[of];
  if (changed !== true) return { ok: true, seen: `${leader} leads` };
  if (before === undefined) return { ok: false, seen: `nobody knows which ${of} led when the lesson was started` };
  return {
    ok: leader !== before,
    seen: leader === before ? `${leader} still leads` : `${leader} leads, before it ${before}`,
  };
}

/** Undefined: nobody. */
async function whoLeads(
  world: LessonWorld,
  of: Wanted<'leader'>['of'],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (of === 'mesos-master') return (await lookAtLeadingMaster(world.cluster, signal)).leader;
  try {
    return await leaderOf(world, of, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** What was done to a part of the lab. */
export async function lookAtPart(
  { own }: LessonWorld,
  { name, state }: Wanted<'part'>,
  signal: AbortSignal,
): Promise<Seen> {
  if (own === undefined) throw new StepFailure('Parts of a cluster of other people are not looked at');
  const parts = await own.parts(signal);
  const found = parts.find(({ id }) => id === name);
  if (found === undefined) throw new StepFailure(`This lab has no part ${name}`);
  return {
    ok: found.state === state,
    seen: `${name} is ${found.state}${found.state === state ? '' : `, wanted is ${state}`}`,
  };
}
