import type { Component, EngineWorld } from '../component.ts';
import { textAnswer } from '../http/http-answer.ts';
import { listen } from '../http/http-server.ts';
import { route, router } from '../http/router.ts';
import { askHttp } from './ask/ask-http.ts';
import { askMntr } from './ask/ask-zookeeper.ts';
import { collect } from './collect.ts';
import { exposition, expositionType, type Family } from '../../protocol/exposition.ts';
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
 * Starts an exporter for Prometheus: it asks the components when it is asked, and only then. Whoever asks meanwhile gets the
 * same answer.
 * @throws the system's error when the port cannot be had
 */
export async function startMetrics(options: MetricsOptions, { log, clock }: MetricsWorld): Promise<Component> {
  const { host, port, targets, names = [], timeoutMs = usualTimeoutMs } = options;
  const { ask, close: closeConnections } = askHttp(timeoutMs);
  const stopped = new AbortController();
  let agents: readonly KnownAgent[] = [];
  const measure = async (): Promise<string> => {
    const began = clock();
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(wholeTimeoutMs)]);
    const mntr = (address: string, whole: AbortSignal) =>
      askMntr(address, AbortSignal.any([whole, AbortSignal.timeout(timeoutMs)]));
    const world = { ask, askMntr: mntr, signal, atOnce: agentsAtOnce, agentsBefore: agents };
    const collected = await collect(targets, world);
    ({ agents } = collected);
    const took = { family: duration, labels: {}, value: (clock() - began) / 1000 };
    return exposition([...collected.measures, took]);
  };
  let running: Promise<string> | undefined;
  const current = () =>
    (running ??= measure().finally(() => {
      running = undefined;
    }));
  const handler = router([
    route('GET', '/metrics', async () => textAnswer(200, await current(), { 'Content-Type': expositionType })),
    route('GET', '/-/healthy', () => textAnswer(200, 'Healthy.\n')),
    route('GET', '/', () => textAnswer(200, page, { 'Content-Type': 'text/html; charset=utf-8' })),
  ]);
  const server = await listen({ host, port, handler, log, names });
  return {
    url: server.url,
    stop: async () => {
      stopped.abort();
      closeConnections();
      await server.close();
    },
  };
}

const page = [
  '<!doctype html>',
  '<html lang="en"><head><meta charset="utf-8"><title>Metrics of the lab</title></head>',
  '<body><h1>Metrics of the lab</h1><p>For Prometheus: <a href="/metrics">/metrics</a></p></body></html>\n',
].join('\n');
