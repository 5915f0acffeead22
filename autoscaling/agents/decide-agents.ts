import { agentsFor, fill, inWords, kinds, timesIn, type Amounts, type Load } from './amounts.ts';

/*
 * How many agents a lab should have. As Kubernetes's cluster autoscaler: more when instances wait that fit nowhere, as many as
 * they need; fewer when agents have been without a task for some time; one step, and then a pause.
 */

export interface AgentBounds {
  readonly min: number;
  readonly max: number;
  readonly cooldownMs: number;
}

/** An agent that is registered with the leading master. */
export interface SeenAgent {
  /** `agent2:5051` */
  readonly name: string;
  /** What is there for everybody. */
  readonly whole: Amounts;
  /** What of it nobody uses. */
  readonly free: Amounts;
  /** It has no task, no executor and no volume. */
  readonly isIdle: boolean;
}

/** Instances of an app or a pod that Marathon has not launched. */
export interface Waiting extends Load {
  readonly id: string;
  /** A delay after a crash is over, so that it is offers that they wait for. */
  readonly isDue: boolean;
  /** What else than resources the last offers lacked: another agent would not help. */
  readonly otherwise?: string;
}

/** What is kept between two looks. */
export interface AgentMemory {
  readonly agents: number;
  /** When there were another number of them, for whatever reason; milliseconds since 1970. */
  readonly steppedAt?: number;
  /** Since when something waits that fits nowhere. */
  readonly lackSince?: number;
  /** Of agents without a task, by their names. */
  readonly idleSince: Readonly<Record<string, number>>;
  /** What was wanted at the last look, and since when. */
  readonly wish?: { readonly to: number; readonly since: number };
}

export interface AgentDecision {
  /** `scale`: another number is wanted, until there is that. `unable`: nobody knows. */
  readonly kind: 'scale' | 'hold' | 'unable';
  readonly from: number;
  /** The same as `from`, unless it is `scale`. */
  readonly to: number;
  readonly reason: string;
  readonly min: number;
  readonly max: number;
  /** Instances that wait, and fit nowhere. */
  readonly waiting: number;
  /** Since when this number is wanted, as milliseconds since 1970; of `scale`. */
  readonly since?: number;
  /** Agents that have no task and would go. */
  readonly leaving?: readonly string[];
}

export interface AgentQuestion {
  readonly bounds: AgentBounds;
  /** The one that was added last is the last. */
  readonly agents: readonly SeenAgent[];
  readonly queue: readonly Waiting[];
  /** Undefined: it is the first look. */
  readonly memory: AgentMemory | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Of a cooldown: so long the queue waits before agents are added, and agents are idle before they go. */
export const patience = { grow: 1 / 4, shrink: 5 };

/** @returns what is wanted, and what to keep */
export function decideAgents({ bounds, agents, queue, memory: before, now }: AgentQuestion): {
  readonly decision: AgentDecision;
  readonly memory: AgentMemory | undefined;
} {
  const last = agents.at(-1);
  if (last === undefined) {
    const { min, max } = bounds;
    const reason = 'no agent is registered';
    return { decision: { kind: 'unable', from: 0, to: 0, reason, min, max, waiting: 0 }, memory: before };
  }
  // `scale agents` makes agents like the last one.
  const lack = lackOf(queue, agents, last.whole);
  const memory = refresh(before, agents, lack.fits.length > 0, now);
  const waiting = lack.fits.reduce((sum, { count }) => sum + count, 0);
  const from = agents.length;
  const common = { from, min: bounds.min, max: bounds.max, waiting };
  const answer = ({ kind = 'hold', to = from, ...more }: Answer) => {
    if (kind !== 'scale') return { decision: { kind, to, ...common, ...more }, memory };
    const since = before?.wish?.to === to ? before.wish.since : now;
    return { decision: { kind, to, since, ...common, ...more }, memory: { ...memory, wish: { to, since } } };
  };
  if (before !== undefined && before.agents !== from) {
    return answer({ reason: `their number was ${before.agents} before: this one stands for a cooldown` });
  }
  const situation = { bounds, agents, memory, now };
  const wanted = lack.fits.length > 0 ? grow(lack, situation) : shrink(queue, lack, situation);
  const waitMs = (memory.steppedAt ?? -Infinity) + bounds.cooldownMs - now;
  if (wanted.kind !== 'scale' || waitMs <= 0) return answer(wanted);
  return answer({ reason: `${wanted.reason}; the next step is in ${seconds(waitMs)}` });
}

type Answer = Pick<AgentDecision, 'reason'> & Partial<Pick<AgentDecision, 'kind' | 'to' | 'leaving'>>;

interface Situation extends Pick<AgentQuestion, 'bounds' | 'agents' | 'now'> {
  readonly memory: AgentMemory;
}

/** Another number of agents begins everything anew: what waits may have room now. */
function refresh(
  before: AgentMemory | undefined,
  agents: readonly SeenAgent[],
  isLacking: boolean,
  now: number,
): AgentMemory {
  const isOther = before !== undefined && before.agents !== agents.length;
  const known = isOther ? undefined : before;
  const steppedAt = isOther ? now : before?.steppedAt;
  const idle = agents.filter(({ isIdle }) => isIdle).map(({ name }) => [name, known?.idleSince[name] ?? now] as const);
  return {
    agents: agents.length,
    ...(steppedAt === undefined ? {} : { steppedAt }),
    ...(isLacking ? { lackSince: known?.lackSince ?? now } : {}),
    idleSince: Object.fromEntries(idle),
  };
}

/** What waits and fits nowhere. */
interface Lack {
  /** These would fit into an agent without tasks. */
  readonly fits: readonly Waiting[];
  /** These into none. */
  readonly tooLarge: readonly Waiting[];
  readonly otherwise: readonly Waiting[];
  /** An agent without tasks. */
  readonly whole: Amounts;
}

const isSmall = ({ needs }: Waiting, whole: Amounts) => timesIn(needs, whole) >= 1;

/** Of offers that lack something else, nobody can tell what more agents would change. */
function lackOf(queue: readonly Waiting[], agents: readonly SeenAgent[], whole: Amounts): Lack {
  const free = agents.map((agent) => agent.free);
  const due = queue.filter(({ isDue, otherwise }) => isDue && otherwise === undefined);
  const { left } = fill(due, free);
  return {
    fits: left.filter((each) => isSmall(each, whole)),
    tooLarge: left.filter((each) => !isSmall(each, whole)),
    otherwise: queue.filter(({ otherwise }) => otherwise !== undefined),
    whole,
  };
}

function grow({ fits, whole }: Lack, { bounds, agents, memory, now }: Situation): Answer {
  const waitedMs = now - (memory.lackSince ?? now);
  const scarce = kinds.filter((kind) => agents.some(({ free }) => fits.some(({ needs }) => needs[kind] > free[kind])));
  const reason = `the queue has waited ${seconds(waitedMs)} for ${inWords(fits, scarce)} that no agent has free (${named(fits)})`;
  const most = bounds.max - agents.length;
  if (most <= 0) return { reason: `${reason}, and ${bounds.max} is the maximum` };
  if (waitedMs < patience.grow * bounds.cooldownMs) return { reason };
  const more = agentsFor(fits, whole, most);
  return { kind: 'scale', to: agents.length + more, reason };
}

/** The last ones go first: nothing moves then, and what waits has to have room on those that stay. */
function shrink(queue: readonly Waiting[], lack: Lack, { bounds, agents, memory, now }: Situation): Answer {
  const idleMs = ({ name }: SeenAgent) => now - (memory.idleSince[name] ?? now);
  const windowMs = patience.shrink * bounds.cooldownMs;
  const busy = agents.findLastIndex((agent) => !agent.isIdle || idleMs(agent) < windowMs);
  const staying = Math.max(busy + 1, bounds.min);
  const gone = agents.slice(staying);
  if (gone.length === 0) return { reason: whyNone(lack, agents, bounds, busy, windowMs, idleMs) };
  const patient = queue.filter((each) => each.otherwise === undefined && isSmall(each, lack.whole));
  const { left } = fill(
    patient,
    agents.slice(0, staying).map(({ free }) => free),
  );
  const names = gone.map(({ name }) => name);
  if (left.length > 0) return { reason: `${names.join(', ')} without a task, and ${named(left)} will need the room` };
  const leastMs = Math.min(...gone.map(idleMs));
  const reason = `${names.join(', ')} without a task for ${seconds(leastMs)}`;
  return { kind: 'scale', to: staying, reason, leaving: names };
}

function whyNone(
  { tooLarge, otherwise }: Lack,
  agents: readonly SeenAgent[],
  bounds: AgentBounds,
  busy: number,
  windowMs: number,
  idleMs: (agent: SeenAgent) => number,
): string {
  if (tooLarge.length > 0) return `${named(tooLarge)} needs more than a whole agent has`;
  const [first] = otherwise;
  if (first !== undefined) return `${first.id} waits, and not for resources: ${first.otherwise ?? ''}`;
  const last = agents.at(-1);
  if (agents.length < bounds.min) return `fewer are registered than the minimum, ${bounds.min}`;
  if (last?.isIdle === true && agents.length > bounds.min && busy === agents.length - 1) {
    return `${last.name} has no task; it goes in ${seconds(windowMs - idleMs(last))} if that stays so`;
  }
  return agents.length === bounds.min
    ? `nothing waits, and ${bounds.min} is the minimum`
    : 'nothing waits, and the last agent has tasks';
}

const named = (all: readonly Waiting[]) => all.map(({ id }) => id).join(', ');

const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;
