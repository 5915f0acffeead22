import type { AgentRow } from './tables.ts';

/** An agent that the master does not know any more. */
export interface LostAgent {
  readonly id: string;
  readonly row: AgentRow;
  /** When it was lost: milliseconds since 1970, by the clock of who looks. */
  readonly at: number;
}

/** By where they were: one that comes back has another id. */
export type LostAgents = ReadonlyMap<string, LostAgent>;

type Agents = ReadonlyMap<string, AgentRow>;

/** So long an agent that is lost is shown as such. */
export const lostMs = 60_000;

/** What an agent goes by, whatever its id: `agent1:5051`. */
export const addressOf = ({ host, port }: Pick<AgentRow, 'host' | 'port'>): string => `${host}:${port}`;

/** Those that are lost now: who was there before and is not, until he is back, or it is too long ago. */
export function lostNow(lost: LostAgents, before: Agents, after: Agents, now: number): LostAgents {
  const gone = before === after ? [] : [...before].filter(([id]) => !after.has(id));
  if (gone.length === 0 && lost.size === 0) return lost;
  const all = new Map(lost);
  for (const [id, row] of gone) all.set(addressOf(row), { id, row, at: now });
  for (const [address, { at }] of all) if (now - at > lostMs) all.delete(address);
  for (const row of after.values()) all.delete(addressOf(row));
  return all.size === lost.size && gone.length === 0 ? lost : all;
}
