import { addressOf, type LostAgents } from './lost-agents.ts';
import type { AgentRow, ComponentRow, Tables } from './tables.ts';

/** An agent, with what is planned, known, and was done to it. */
export interface ShownAgent {
  /** Where it is, which it keeps whatever its id. */
  readonly key: string;
  /** As in the plan, else its host. */
  readonly name: string;
  /** That the master gave it; missing: it is not registered, and has not been lately. */
  readonly id?: string;
  /** As the master says it; of one that is lost, as it said last. */
  readonly row?: AgentRow;
  /** `active`, `draining`, `killed`, `lost`, `not registered`; `not known yet`: no master has told. */
  readonly state: string;
}

/** A machine, with what runs on it. */
export interface Machine {
  readonly name: string;
  readonly components: readonly (readonly [string, ComponentRow])[];
  readonly agents: readonly ShownAgent[];
}

type Known = {
  readonly components: ReadonlyMap<string, ComponentRow>;
  readonly agents: ReadonlyMap<string, Tables['agents']>;
  readonly lost: LostAgents;
  /** No master was followed yet. */
  readonly isFirst?: boolean;
};

interface Building {
  readonly components: (readonly [string, ComponentRow])[];
  readonly agents: ShownAgent[];
}

/**
 * All machines: those of the plan in its order, each with its components and agents, registered or not; then those of
 * agents that no plan names, in the order of their names. Nothing changes its place because of its state.
 */
export function machinesOf({ components, agents, lost, isFirst = false }: Known): readonly Machine[] {
  const machines = new Map<string, Building>();
  const machine = (name: string): Building => {
    const before = machines.get(name);
    if (before !== undefined) return before;
    const made = { components: [], agents: [] };
    machines.set(name, made);
    return made;
  };
  const registered = new Map(Array.from(agents, ([id, row]) => asShown(id, row)).map((agent) => [agent.key, agent]));
  const planned = new Set<string>();
  const absent = isFirst ? 'not known yet' : 'not registered';
  for (const [name, component] of components) {
    const { node, agent, state, isUp } = component;
    if (agent === undefined) {
      machine(node).components.push([name, component]);
      continue;
    }
    const key = addressOf(agent);
    planned.add(key);
    const known = registered.get(key) ?? lost.get(key);
    const seen = registered.get(key)?.state ?? (lost.has(key) ? 'lost' : absent);
    machine(node).agents.push({ ...entry(known), key, name, state: isUp ? seen : state });
  }
  for (const agent of unplanned(registered, lost)) {
    if (!planned.has(agent.key)) machine(agent.key).agents.push(agent);
  }
  return Array.from(machines, ([name, building]) => ({ name, ...building }));
}

const entry = (known: Pick<ShownAgent, 'id' | 'row'> | undefined) =>
  known?.id === undefined || known.row === undefined ? {} : { id: known.id, row: known.row };

/** A row that does not change is shown as the same agent: of 10,000 few do, and they are asked for again and again. */
const shownByRow = new WeakMap<AgentRow, ShownAgent>();

function asShown(id: string, row: AgentRow): ShownAgent {
  const before = shownByRow.get(row);
  if (before?.id === id) return before;
  const agent = { key: addressOf(row), name: row.host, id, row, state: row.state };
  shownByRow.set(row, agent);
  return agent;
}

function unplanned(registered: ReadonlyMap<string, ShownAgent>, lost: LostAgents): readonly ShownAgent[] {
  const all = [...registered.values()];
  for (const [key, { id, row }] of lost) {
    if (!registered.has(key)) all.push({ key, name: row.host, id, row, state: 'lost' });
  }
  return inOrder(all);
}

/** Where each agent came the last time: mostly they are the same ones. */
let places: ReadonlyMap<string, number> = new Map();

function inOrder(agents: readonly ShownAgent[]): readonly ShownAgent[] {
  const placed = new Array<ShownAgent | undefined>(places.size);
  for (const agent of agents) {
    const place = places.get(agent.key);
    if (place === undefined) return inNewOrder(agents);
    placed[place] = agent;
  }
  return placed.filter((agent) => agent !== undefined);
}

function inNewOrder(agents: readonly ShownAgent[]): readonly ShownAgent[] {
  const keyed = agents.map((agent) => [sortKey(agent.key), agent] as const);
  keyed.sort(([one], [other]) => (one < other ? -1 : 1));
  const sorted = keyed.map(([, agent]) => agent);
  places = new Map(sorted.map(({ key }, place) => [key, place]));
  return sorted;
}

/** So that agent2 comes before agent10; a comparison that knows numbers takes too long for 10,000 of them. */
const sortKey = (key: string) => key.replace(/\d+/g, (digits) => digits.padStart(9, '0'));
