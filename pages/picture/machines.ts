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
  const registered = new Map([...agents].map(([id, row]) => [addressOf(row), { id, row }]));
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
    const seen = registered.get(key)?.row.state ?? (lost.has(key) ? 'lost' : absent);
    machine(node).agents.push({ ...entry(known), key, name, state: isUp ? seen : state });
  }
  for (const agent of unplanned(registered, lost)) {
    if (!planned.has(agent.key)) machine(agent.key).agents.push(agent);
  }
  return Array.from(machines, ([name, building]) => ({ name, ...building }));
}

const entry = (known: { readonly id: string; readonly row: AgentRow } | undefined) =>
  known === undefined ? {} : { id: known.id, row: known.row };

function unplanned(
  registered: ReadonlyMap<string, { readonly id: string; readonly row: AgentRow }>,
  lost: LostAgents,
): readonly ShownAgent[] {
  const all: ShownAgent[] = [];
  for (const [key, { id, row }] of registered) all.push({ key, name: row.host, id, row, state: row.state });
  for (const [key, { id, row }] of lost) {
    if (!registered.has(key)) all.push({ key, name: row.host, id, row, state: 'lost' });
  }
  return all.sort((one, other) => (sortKey(one.key) < sortKey(other.key) ? -1 : 1));
}

/** Of a large cluster they are asked for again and again. */
const sortKeys = new Map<string, string>();
const mostSortKeys = 100_000;

/** So that agent2 comes before agent10; a comparison that knows numbers takes too long for 10,000 of them. */
function sortKey(key: string): string {
  const known = sortKeys.get(key);
  if (known !== undefined) return known;
  if (sortKeys.size >= mostSortKeys) sortKeys.clear();
  const made = key.replace(/\d+/g, (digits) => digits.padStart(9, '0'));
  sortKeys.set(key, made);
  return made;
}
