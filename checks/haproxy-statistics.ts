import { statisticsRows, type StatisticsRow } from '../protocol/haproxy-csv.ts';

/** How much a server of a service has done (HAProxy management guide, 9.1). */
export interface ServerSessions {
  /** `agent1_31005` */
  readonly server: string;
  /** `stot`: sessions so far; it starts anew when HAProxy is reloaded. */
  readonly total: number;
}

/** Rows of HAProxy's that are no servers. */
const sums: ReadonlySet<string> = new Set(['FRONTEND', 'BACKEND']);

/** The servers in HAProxy's statistics by their service ports. */
export type Statistics = ReadonlyMap<number, readonly StatisticsRow[]>;

/**
 * Reads HAProxy's statistics as CSV. marathon-lb calls a backend after app and service port, `nginx_10000`.
 * @returns no servers for what is something else
 */
export function readStatistics(csv: string): Statistics {
  const servers = new Map<number, StatisticsRow[]>();
  for (const row of statisticsRows(csv)) {
    const [, port] = /_(\d+)$/.exec(row('pxname') ?? '') ?? [];
    if (port === undefined || sums.has(row('svname') ?? '')) continue;
    const known = servers.get(Number(port));
    if (known === undefined) servers.set(Number(port), [row]);
    else known.push(row);
  }
  return servers;
}

/** How many sessions the servers of one service port have had so far (`stot`). */
export const sessionsOf = (statistics: Statistics, servicePort: number): readonly ServerSessions[] =>
  totalsOf(statistics, servicePort, 'stot');

/** How many sessions the servers of one service port have now (`scur`). */
export const currentSessionsOf = (statistics: Statistics, servicePort: number): readonly ServerSessions[] =>
  totalsOf(statistics, servicePort, 'scur');

const totalsOf = (statistics: Statistics, servicePort: number, column: string): readonly ServerSessions[] =>
  serversWith(column, statistics, servicePort).map(({ server, cell }) => ({ server, total: Number(cell) || 0 }));

/**
 * How many requests the servers of one service port have answered so far: the answers that HAProxy counts by their
 * status (`hrsp_…`), or sessions where it counts none, as of a service that is no HTTP.
 */
export const requestsOf = (statistics: Statistics, servicePort: number): readonly ServerSessions[] =>
  serversWith('stot', statistics, servicePort).map(({ server, cell: sessions, row }) => {
    const counts = answerColumns.map((column) => row(column) ?? '').filter((cell) => cell !== '');
    return { server, total: sumOf(counts.length === 0 ? [sessions] : counts) };
  });

const answerColumns = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((kind) => `hrsp_${kind}`);

/** The servers of one service port that requests are sent to. */
export function upServersOf(statistics: Statistics, servicePort: number): readonly string[] {
  return serverStatesOf(statistics, servicePort).flatMap(({ server, isUp }) => (isUp ? [server] : []));
}

/** What a load balancer does with a server. */
export interface ServerState {
  readonly server: string;
  /** New requests are sent to it. */
  readonly isUp: boolean;
  /** It gets nothing new, as its configuration says: `disabled`, of a deployment group. */
  readonly isDraining: boolean;
  /** Sessions on it, and in the queue before it: `scur` and `qcur`. */
  readonly sessions: number;
}

/** The servers of one service port, and what becomes of each. */
export const serverStatesOf = (statistics: Statistics, servicePort: number): readonly ServerState[] =>
  serversWith('status', statistics, servicePort).map(({ server, cell: status, row }) => ({
    server,
    // Without health checks of its own HAProxy says "no check".
    isUp: /^(?:UP|no check)/.test(status),
    isDraining: status.startsWith('MAINT'),
    sessions: sumOf([row('scur') ?? '', row('qcur') ?? '']),
  }));

/** Those of one service port, with what they have in a column; none where there is no such column. */
const serversWith = (column: string, statistics: Statistics, servicePort: number) =>
  (statistics.get(servicePort) ?? []).flatMap((row) => {
    const cell = row(column);
    return cell === undefined ? [] : [{ server: row('svname') ?? '', cell, row }];
  });

const sumOf = (cells: readonly string[]): number => cells.reduce((sum, cell) => sum + (Number(cell) || 0), 0);

/** What each server did between two readings. */
export function sessionsBetween(
  before: readonly ServerSessions[],
  after: readonly ServerSessions[],
): readonly ServerSessions[] {
  const earlier = new Map(before.map(({ server, total }) => [server, total]));
  return after.map(({ server, total }) => {
    const start = earlier.get(server) ?? 0;
    return { server, total: total >= start ? total - start : total };
  });
}
