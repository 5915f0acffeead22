import { counted } from '../lab/describe-plan.ts';
import type { AgentsStep } from './change-agents.ts';

/** What the autoscaler wants (`agents` of /v1/decisions). */
export interface Wish {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  /** Agents that would go, as masters know them. */
  readonly leaving: readonly string[];
}

/**
 * What was decided of another number of agents than the spec has is not carried out: a person, or a failure, came between.
 * @returns why; undefined: nothing is in the way
 */
export function whyNot({ running, spec, wanted }: AgentsStep, { from, leaving }: Wish): string | undefined {
  if (running === undefined) return 'The lab does not run';
  if (spec.agents.length !== from) {
    return `mesos-cluster.yaml has ${counted(spec.agents.length, 'agent')}, and ${from} ${from === 1 ? 'is' : 'are'} registered: up brings the lab to what it says`;
  }
  const stays = new Set(wanted.agents.map(({ id }) => id));
  const going = (running.target.expected?.agents ?? []).filter(({ name }) => !stays.has(name));
  const other = going.find(({ hostname, port }) => !leaving.includes(`${hostname}:${port}`));
  return other === undefined
    ? undefined
    : `${other.name} would go, and the autoscaler does not say that it has no task`;
}
