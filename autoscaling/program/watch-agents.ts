import { decideAgents, type AgentBounds, type AgentMemory } from '../agents/decide-agents.ts';
import { readAgents } from '../agents/read-agents.ts';
import { readQueue } from '../agents/read-queue.ts';
import type { AgentBoard } from './agent-board.ts';
import { firstAnswer, type AskJson } from './measuring.ts';
import type { AutoscalerUrls } from './watch-apps.ts';

export interface AgentWatchWorld {
  readonly ask: AskJson;
  readonly board: AgentBoard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Looks at the queue of Marathon and at the agents, and decides how many of them there should be. Whoever has the means to
 * make agents reads that: a container of a lab has none.
 */
export class AgentWatch {
  readonly #urls: Pick<AutoscalerUrls, 'marathons' | 'masters'>;
  readonly #bounds: AgentBounds;
  readonly #world: AgentWatchWorld;
  #memory: AgentMemory | undefined;

  constructor(urls: Pick<AutoscalerUrls, 'marathons' | 'masters'>, bounds: AgentBounds, world: AgentWatchWorld) {
    this.#urls = urls;
    this.#bounds = bounds;
    this.#world = world;
  }

  /** One look. Without an answer nothing is known, and what was seen before is kept. */
  async look(): Promise<void> {
    const { ask, board, now, signal } = this.#world;
    const bounds = this.#bounds;
    try {
      const [slaves, waiting] = await Promise.all([
        firstAnswer(this.#urls.masters, 'master', (url) => ask(`${url}/slaves`)),
        firstAnswer(this.#urls.marathons, 'Marathon', (url) => ask(`${url}/v2/queue`)),
      ]);
      const seen = { agents: readAgents(slaves), queue: readQueue(waiting) };
      const { decision, memory } = decideAgents({ bounds, ...seen, memory: this.#memory, now: now() });
      this.#memory = memory;
      board.decided(decision, now());
    } catch (error) {
      if (signal.aborted) return;
      const agents = this.#memory?.agents ?? 0;
      const reason = error instanceof Error ? error.message : String(error);
      const { min, max } = bounds;
      board.decided({ kind: 'unable', from: agents, to: agents, reason, min, max, waiting: 0 }, now());
    }
  }
}
