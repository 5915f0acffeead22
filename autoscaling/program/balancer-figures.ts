import {
  currentSessionsOf,
  readStatistics,
  requestsOf,
  sessionsBetween,
  upServersOf,
  type ServerSessions,
  type Statistics,
} from '../../checks/haproxy-statistics.ts';
import type { Measurement } from '../rule/recommend.ts';
import { fromInstances, type AskText } from './measuring.ts';
import type { ScaledApp } from './scaled-app.ts';

/** The statistics of one load balancer, and when they were read; `statistics` missing: it did not answer. */
interface Reading {
  readonly url: string;
  readonly at: number;
  readonly statistics?: Statistics;
  readonly fault?: string;
}

/** Reads what load balancers counted, now and before. */
export class BalancerFigures {
  readonly #urls: readonly string[];
  #before: readonly Reading[] = [];
  #now: readonly Reading[] = [];

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** Reads the statistics of all of them. */
  async read(ask: AskText, now: () => number): Promise<void> {
    // Of one that did not answer the last time, what it had counted before still is the beginning.
    this.#before = this.#now.map((each) =>
      each.statistics === undefined ? (this.#before.find(({ url }) => url === each.url) ?? each) : each,
    );
    this.#now = await Promise.all(
      this.#urls.map(async (url) => {
        try {
          const csv = await ask(`${url}/haproxy?stats;csv`);
          // Once for all apps, of which there may be many.
          return { url, statistics: readStatistics(csv), at: now() };
        } catch (error) {
          return { url, at: now(), fault: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }

  measure(app: ScaledApp, kind: 'requests-per-second' | 'sessions'): Measurement {
    if (this.#urls.length === 0) return none(`${kind} are counted by a load balancer, and none is known`);
    if (app.servedPorts.length === 0) return none(`no load balancer serves it: ${app.whyUnserved}`);
    const found = this.#now.flatMap((reading) => {
      const { statistics } = reading;
      if (statistics === undefined) return [];
      const before = this.#before.find(({ url }) => url === reading.url);
      return [app.servedPorts.map((port) => ofPort(statistics, port, kind, reading.at, before))];
    });
    const silent = this.#now.find(({ statistics }) => statistics === undefined);
    const counted = found.flat().flatMap((each) => (each === undefined ? [] : [each]));
    if (counted.length === 0) {
      return none(found.length === 0 ? (silent?.fault ?? 'no load balancer answers') : 'it was looked at once so far');
    }
    const total = counted.reduce((sum, { amount }) => sum + amount, 0);
    const servers = Math.max(...counted.map((each) => each.servers));
    const atLeast = silent === undefined ? {} : { atLeast: silent.fault ?? `${silent.url} does not answer` };
    return fromInstances(app, total, servers, atLeast);
  }
}

const none = (why: string): Measurement => ({ kind: 'none', why });

/** @returns undefined while there is nothing to compare with */
function ofPort(
  statistics: Statistics,
  port: number,
  kind: 'requests-per-second' | 'sessions',
  at: number,
  before: Reading | undefined,
): { readonly amount: number; readonly servers: number } | undefined {
  // What a server that gets no more still does is not the load of those that go on.
  const up = new Set(upServersOf(statistics, port));
  const sumOf = (rows: readonly ServerSessions[]) =>
    rows.reduce((sum, { server, total }) => sum + (up.has(server) ? total : 0), 0);
  if (kind === 'sessions') return { amount: sumOf(currentSessionsOf(statistics, port)), servers: up.size };
  if (before?.statistics === undefined || at <= before.at) return undefined;
  const requests = sumOf(sessionsBetween(requestsOf(before.statistics, port), requestsOf(statistics, port)));
  return { amount: requests / ((at - before.at) / 1000), servers: up.size };
}
