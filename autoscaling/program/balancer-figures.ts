import {
  currentSessionsOf,
  requestsOf,
  sessionsBetween,
  upServersOf,
  type ServerSessions,
} from '../../checks/haproxy-statistics.ts';
import type { Measurement } from '../rule/recommend.ts';
import { fromInstances, type AskText } from './measuring.ts';
import type { ScaledApp } from './scaled-app.ts';

/** The statistics of one load balancer, and when they were read; `csv` missing: it did not answer. */
interface Reading {
  readonly url: string;
  readonly at: number;
  readonly csv?: string;
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
      each.csv === undefined ? (this.#before.find(({ url }) => url === each.url) ?? each) : each,
    );
    this.#now = await Promise.all(
      this.#urls.map(async (url) => {
        try {
          return { url, csv: await ask(`${url}/haproxy?stats;csv`), at: now() };
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
      const { csv } = reading;
      if (csv === undefined) return [];
      const before = this.#before.find(({ url }) => url === reading.url);
      return [app.servedPorts.map((port) => ofPort(csv, port, kind, reading.at, before))];
    });
    const silent = this.#now.find(({ csv }) => csv === undefined);
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
  csv: string,
  port: number,
  kind: 'requests-per-second' | 'sessions',
  at: number,
  before: Reading | undefined,
): { readonly amount: number; readonly servers: number } | undefined {
  // What a server that gets no more still does is not the load of those that go on.
  const up = new Set(upServersOf(csv, port));
  const sumOf = (rows: readonly ServerSessions[]) =>
    rows.reduce((sum, { server, total }) => sum + (up.has(server) ? total : 0), 0);
  if (kind === 'sessions') return { amount: sumOf(currentSessionsOf(csv, port)), servers: up.size };
  if (before?.csv === undefined || at <= before.at) return undefined;
  const requests = sumOf(sessionsBetween(requestsOf(before.csv, port), requestsOf(csv, port)));
  return { amount: requests / ((at - before.at) / 1000), servers: up.size };
}
