import type { Component, EngineWorld } from '../component.ts';
import { jsonAnswer, textAnswer } from '../http/http-answer.ts';
import { listen } from '../http/http-server.ts';
import { route, router } from '../http/router.ts';
import { askHttp } from './ask/ask-http.ts';
import { askMntr } from './ask/ask-zookeeper.ts';
import { collect } from './collect.ts';
import { HourRing } from './hour/hour-ring.ts';
import { HourKeeper } from './hour/keep-hour.ts';
import { exposition, expositionType, type Family, type Measure } from '../../protocol/exposition.ts';
import type { HourFigures } from '../../protocol/hour-figures.ts';
import type { KnownAgent, MetricsTargets } from './metrics-targets.ts';

export interface MetricsOptions {
  readonly host: string;
  readonly port: number;
  readonly targets: MetricsTargets;
  /** Other names that it may be asked by. */
  readonly names?: readonly string[];
  /** For each answer of a component. */
  readonly timeoutMs?: number;
}

export interface MetricsWorld extends EngineWorld {
  /** Milliseconds of any beginning. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. @throws when the signal aborts first */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An agent that answers at all does so at once. */
const usualTimeoutMs = 2000;
/** Prometheus waits for 10 s, unless it is told otherwise (scrape_timeout). */
const wholeTimeoutMs = 8000;
const agentsAtOnce = 64;

const duration: Family = {
  name: 'mesos_exporter_collect_seconds',
  kind: 'gauge',
  help: 'How long it took to ask all components for this answer.',
};

/**
 * Starts an exporter for Prometheus: it asks the components when it is asked, and by itself where nobody asks it, for the
 * last hour. Whoever asks meanwhile gets the same answer.
 * @throws the system's error when the port cannot be had
 */
export async function startMetrics(options: MetricsOptions, world: MetricsWorld): Promise<Component> {
  const { host, port, targets, names = [], timeoutMs = usualTimeoutMs } = options;
  const { log, clock, now, sleep } = world;
  const { ask, close: closeConnections } = askHttp(timeoutMs);
  const stopped = new AbortController();
  const ring = new HourRing();
  let agents: readonly KnownAgent[] = [];
  const measure = async (): Promise<readonly Measure[]> => {
    const began = clock();
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(wholeTimeoutMs)]);
    const mntr = (address: string, whole: AbortSignal) =>
      askMntr(address, AbortSignal.any([whole, AbortSignal.timeout(timeoutMs)]));
    const collected = await collect(targets, {
      ...{ ask, askMntr: mntr, signal, atOnce: agentsAtOnce, agentsBefore: agents },
    });
    ({ agents } = collected);
    ring.record({ ...collected, at: now() });
    return [...collected.measures, { family: duration, labels: {}, value: (clock() - began) / 1000 }];
  };
  let running: Promise<readonly Measure[]> | undefined;
  const current = () =>
    (running ??= measure().finally(() => {
      running = undefined;
    }));
  const keeper = new HourKeeper({ ring, measure: current, now, sleep, signal: stopped.signal });
  const figures = (query: URLSearchParams) => {
    const [agent, app] = [query.get('agent'), query.get('app')];
    if (agent !== null && app !== null) return textAnswer(400, 'Either agent or app: each has figures of its own.\n');
    const kind = agent !== null ? 'agent' : app !== null ? 'app' : 'cluster';
    const found: HourFigures = {
      ...{ now: now(), everyMs: keeper.everyMs },
      ...ring.figuresOf(kind, agent ?? app ?? '', now()),
    };
    return jsonAnswer(200, found);
  };
  const handler = router([
    route('GET', '/metrics', async () =>
      textAnswer(200, exposition(await current()), { 'Content-Type': expositionType }),
    ),
    route('GET', '/v1/hour', ({ query }) => figures(query)),
    route('GET', '/-/healthy', () => textAnswer(200, 'Healthy.\n')),
    route('GET', '/', () => textAnswer(200, page, { 'Content-Type': 'text/html; charset=utf-8' })),
  ]);
  const server = await listen({ host, port, handler, log, names });
  const keeping = keeper.run();
  return {
    url: server.url,
    stop: async () => {
      stopped.abort();
      closeConnections();
      await Promise.all([keeping, server.close()]);
    },
  };
}

const page = [
  '<!doctype html>',
  '<html lang="en"><head><meta charset="utf-8"><title>Metrics of the lab</title></head>',
  '<body><h1>Metrics of the lab</h1><p>For Prometheus: <a href="/metrics">/metrics</a></p></body></html>\n',
].join('\n');
