import { clusterClient } from '../../checks/cluster-client.ts';
import type { Component, EngineWorld } from '../../engine/component.ts';
import { jsonAnswer, textAnswer } from '../../engine/http/http-answer.ts';
import { listen } from '../../engine/http/http-server.ts';
import { route, router } from '../../engine/http/router.ts';
import { expositionType } from '../../protocol/exposition.ts';
import type { AgentBounds } from '../agents/decide-agents.ts';
import { AgentBoard } from './agent-board.ts';
import { DecisionBoard } from './decision-board.ts';
import { metricsText } from './metrics-text.ts';
import { askersOf } from './measuring.ts';
import { AgentWatch } from './watch-agents.ts';
import { AppWatch, type AutoscalerUrls } from './watch-apps.ts';

export interface AutoscalerOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly urls: AutoscalerUrls;
  /** Between two looks at all apps. */
  readonly intervalMs: number;
  /** Missing: how many agents there are is not its business. */
  readonly agents?: AgentBounds | undefined;
  /** Other names that it may be asked by. */
  readonly names?: readonly string[];
}

export interface AutoscalerWorld extends EngineWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. @throws when the signal aborts first */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Starts an autoscaler: it looks at the apps of a Marathon in turns, and scales those that ask for it by their labels.
 * It serves `/v1/decisions`, `/metrics` and `/ping`.
 * @throws the system's error when the port cannot be had
 */
export async function startAutoscaler(options: AutoscalerOptions, world: AutoscalerWorld): Promise<Component> {
  const { host, port, names = [], urls, intervalMs } = options;
  const { log, now, sleep } = world;
  const board = new DecisionBoard(log);
  const agents = options.agents === undefined ? undefined : new AgentBoard(log);
  const server = await listen({ host, port, names, log, handler: routes(board, agents, options) });
  const stopped = new AbortController();
  const { signal } = stopped;
  const client = clusterClient();
  const watch = new AppWatch(urls, { client, board, log, now, signal });
  const agentWatch =
    agents === undefined || options.agents === undefined
      ? undefined
      : new AgentWatch(urls, options.agents, { ask: askersOf(client, signal).json, board: agents, now, signal });
  const watching = (async () => {
    while (!signal.aborted) {
      const start = now();
      await watch.look();
      await agentWatch?.look();
      // Of the time at most one part in five goes into looking, however large the cluster is.
      const pauseMs = Math.min(longestPauseMs, pauseForLooking * (now() - start));
      await sleep(Math.max(intervalMs, pauseMs), signal).catch(() => undefined);
    }
  })();
  return {
    url: server.url,
    stop: async () => {
      stopped.abort();
      await Promise.allSettled([watching, server.close()]);
    },
  };
}

/** Times as long as a look has taken. */
const pauseForLooking = 4;

/** Also where a look took long because somebody does not answer. */
const longestPauseMs = 60_000;

function routes(board: DecisionBoard, agents: AgentBoard | undefined, options: AutoscalerOptions) {
  const { intervalMs, urls, agents: bounds } = options;
  return router([
    route('GET', '/ping', () => textAnswer(200, 'pong\n')),
    route('GET', '/metrics', () =>
      textAnswer(200, metricsText(board, agents?.row()), { 'Content-Type': expositionType }),
    ),
    route('GET', '/v1/decisions', () =>
      jsonAnswer(200, {
        ...{ intervalMs, urls, looks: board.looks, failures: board.failures },
        ...{ apps: board.rows(), log: board.news() },
        ...(agents === undefined ? {} : { agents: { bounds, ...agents.row() } }),
      }),
    ),
  ]);
}
