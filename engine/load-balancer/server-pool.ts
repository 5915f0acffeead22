import { createHash } from 'node:crypto';
import { cookieOf } from './rules/sticky-cookie.ts';
import type { ServerAddress, Service } from './service-table.ts';

/** Counters of one server, as HAProxy counts them. */
export interface ServerCounters {
  /** Connections (TCP) or requests (HTTP) that run now: `scur`. */
  current: number;
  highest: number;
  /** All of them: `stot`. */
  total: number;
  connectErrors: number;
  bytesIn: number;
  bytesOut: number;
  /** Answers by the first digit of their status, at 1 to 5. */
  readonly answers: [number, number, number, number, number, number];
}

/** One task that is reached through a pool. */
export interface Server {
  readonly address: ServerAddress;
  readonly counters: ServerCounters;
  /** What a client's cookie calls it, where clients keep their server. */
  readonly cookie?: string;
}

/** Who wants a server. */
export interface Asker {
  readonly address: string;
  /** What its cookie says. */
  readonly cookie?: string | undefined;
}

/** The servers of one service port. */
export interface ServerPool {
  readonly service: () => Service;
  readonly servers: () => readonly Server[];
  /** What servers counted that are no longer there, so that what all of them counted never goes back. */
  readonly past: () => readonly ServerCounters[];
  /**
   * Takes the servers of the new state of the service. Those that are no longer there get nothing new from now on;
   * what runs on them runs to its end. Those that stay keep their counters.
   */
  readonly update: (service: Service) => void;
  /**
   * The server that the asker had before, or the next one by the way of the service, of those that were not tried yet;
   * undefined when there is none.
   */
  readonly next: (tried: ReadonlySet<Server>, asker: Asker) => Server | undefined;
}

const newCounters = (): ServerCounters => ({
  current: 0,
  highest: 0,
  total: 0,
  connectErrors: 0,
  bytesIn: 0,
  bytesOut: 0,
  answers: [0, 0, 0, 0, 0, 0],
});

const countersOf = ({ counters }: Server) => counters;

/** Those on which nothing runs any more as one: they count nothing more. */
function summedUp(all: readonly ServerCounters[]): readonly ServerCounters[] {
  const sum = newCounters();
  for (const { current, total, connectErrors, bytesIn, bytesOut, answers } of all) {
    if (current > 0) continue;
    sum.total += total;
    sum.connectErrors += connectErrors;
    sum.bytesIn += bytesIn;
    sum.bytesOut += bytesOut;
    for (const digit of [1, 2, 3, 4, 5] as const) sum.answers[digit] += answers[digit];
  }
  return [sum, ...all.filter(({ current }) => current > 0)];
}

const keyOf = ({ taskId, host, port }: ServerAddress) => `${taskId} ${host} ${port}`;

/** A pool of the servers of a service. */
export function serverPool(initial: Service): ServerPool {
  let service = initial;
  let servers: readonly Server[] = [];
  let past: readonly ServerCounters[] = [];
  let turn = 0;
  const update = (changed: Service) => {
    const known = new Map(servers.map((server) => [keyOf(server.address), server]));
    const staying = new Set(changed.servers.map(keyOf));
    past = summedUp([...past, ...servers.filter(({ address }) => !staying.has(keyOf(address))).map(countersOf)]);
    servers = changed.servers.map((address) => ({
      address,
      counters: known.get(keyOf(address))?.counters ?? newCounters(),
      ...(changed.rules.isSticky === true ? { cookie: cookieOf(address.name) } : {}),
    }));
    service = keepingAuth(changed, service);
  };
  update(initial);
  const inTurn = (isAble: (server: Server) => boolean) => {
    for (let step = 0; step < servers.length; step++) {
      const server = servers[(turn + step) % servers.length];
      if (server === undefined || !isAble(server)) continue;
      turn = (turn + step + 1) % servers.length;
      return server;
    }
    return undefined;
  };
  return {
    service: () => service,
    servers: () => servers,
    past: () => past,
    update,
    next: (tried, { address, cookie }) => {
      const isAble = (server: Server) => !server.address.isDraining && !tried.has(server);
      const kept = cookie === undefined ? undefined : servers.find((each) => each.cookie === cookie && isAble(each));
      if (kept !== undefined) return kept;
      switch (service.rules.balance) {
        case 'roundrobin':
          return inTurn(isAble);
        case 'leastconn': {
          const fewest = Math.min(...servers.filter(isAble).map(({ counters }) => counters.current));
          return inTurn((server) => isAble(server) && server.counters.current === fewest);
        }
        case 'first':
          return servers.find(isAble);
        case 'source':
          return bySource(servers.filter(isAble), address);
      }
    },
  };
}

/** Whoever was let in once stays known as long as the label is the same: asking again takes thousands of rounds. */
function keepingAuth(changed: Service, { rules: { auth } }: Service): Service {
  if (auth === undefined || auth.label !== changed.rules.auth?.label) return changed;
  return { ...changed, rules: { ...changed.rules, auth } };
}

/** The same for an address as long as the servers are the same. */
function bySource(servers: readonly Server[], address: string): Server | undefined {
  return servers[createHash('sha1').update(address).digest().readUInt32BE() % Math.max(1, servers.length)];
}

/** Counts something that runs on a server; the function it returns, called any number of times, ends it. */
export function startCounting({ counters }: Server): () => void {
  counters.total++;
  counters.current++;
  counters.highest = Math.max(counters.highest, counters.current);
  let runs = true;
  return () => {
    if (runs) counters.current--;
    runs = false;
  };
}
