import type { AgentRecord } from '../records.ts';

interface Round {
  readonly timer: NodeJS.Timeout;
  readonly agents: Map<AgentRecord, () => void>;
}

/** What part of the interval an agent may be pinged too early by, once. */
const part = 16;

/**
 * When agents are pinged: each in its own interval, but those that came at about the same time in one round, with one
 * timer, so that ten thousand idle agents wake the master a few times in an interval and not ten thousand times.
 */
export class PingRounds {
  readonly #intervalMs: number;
  readonly #rounds = new Map<AgentRecord, Round>();
  /** What agents join that come now. */
  #newest: Round | undefined;
  #closing: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Calls back once in each interval, for the first time after the first one. */
  add(agent: AgentRecord, ping: () => void): void {
    const round = (this.#newest ??= this.#open());
    round.agents.set(agent, ping);
    this.#rounds.set(agent, round);
  }

  remove(agent: AgentRecord): void {
    const round = this.#rounds.get(agent);
    this.#rounds.delete(agent);
    round?.agents.delete(agent);
    if (round?.agents.size !== 0) return;
    clearInterval(round.timer);
    if (round === this.#newest) this.#newest = undefined;
  }

  stop(): void {
    clearTimeout(this.#closing);
    for (const { timer } of this.#rounds.values()) clearInterval(timer);
    this.#rounds.clear();
    this.#newest = undefined;
  }

  #open(): Round {
    const agents: Round['agents'] = new Map();
    const timer = setInterval(() => {
      for (const ping of [...agents.values()]) ping();
    }, this.#intervalMs).unref();
    clearTimeout(this.#closing);
    this.#closing = setTimeout(() => {
      this.#newest = undefined;
    }, this.#intervalMs / part).unref();
    return { timer, agents };
  }
}
