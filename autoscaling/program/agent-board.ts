import type { AgentDecision } from '../agents/decide-agents.ts';

/** What was decided of the agents, and when. */
export interface TakenAgentDecision extends Omit<AgentDecision, 'since'> {
  /** As ISO 8601, as all times. */
  readonly at: string;
  /** Since when another number is wanted. */
  readonly since?: string;
}

/** `agents` of /v1/decisions. */
export interface AgentRow {
  readonly decision?: TakenAgentDecision;
  /** How often there were more, or fewer, after that was wanted. */
  readonly steps: { readonly up: number; readonly down: number };
  /** The decisions that said something new, the newest last. */
  readonly log: readonly TakenAgentDecision[];
}

const kept = 200;

/** Times and amounts change with each look: what is said otherwise is the same. */
const gist = ({ kind, from, to, reason }: TakenAgentDecision) =>
  kind === 'scale' ? `${from} ${to}` : `${kind} ${reason.replaceAll(/\d+(?:\.\d+)? ?s\b/g, '#')}`;

/** How many agents are wanted, what was said of it, and how often that was done. */
export class AgentBoard {
  readonly #log: (line: string) => void;
  #row: AgentRow = { steps: { up: 0, down: 0 }, log: [] };

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  row(): AgentRow {
    return this.#row;
  }

  decided({ since, ...decision }: AgentDecision, now: number): void {
    const { decision: last, steps, log } = this.#row;
    const at = new Date(now).toISOString();
    const taken = { at, ...decision, ...(since === undefined ? {} : { since: new Date(since).toISOString() }) };
    const { kind, from, to, reason } = decision;
    const isStep = (direction: number) =>
      last?.kind === 'scale' &&
      Math.sign(last.to - last.from) === direction &&
      Math.sign(from - last.from) === direction;
    const isNew = last === undefined || gist(last) !== gist(taken);
    this.#row = {
      decision: taken,
      steps: { up: steps.up + (isStep(1) ? 1 : 0), down: steps.down + (isStep(-1) ? 1 : 0) },
      log: isNew ? [...log, taken].slice(-kept) : log,
    };
    if (isNew)
      this.#log(
        kind === 'scale' ? `agents: wanted ${to} instead of ${from}: ${reason}` : `agents stay at ${from}: ${reason}`,
      );
  }
}
