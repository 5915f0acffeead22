/** How much a server of a service has done (HAProxy management guide, 9.1). */
export interface ServerSessions {
  /** `agent1_31005` */
  readonly server: string;
  /** `stot`: sessions so far; it starts anew when HAProxy is reloaded. */
  readonly total: number;
}

/** Rows of HAProxy's that are no servers. */
const sums: ReadonlySet<string> = new Set(['FRONTEND', 'BACKEND']);

/**
 * The servers of one service port in HAProxy's statistics as CSV. marathon-lb calls a backend after app and service
 * port, `nginx_10000`.
 */
export const sessionsOf = (csv: string, servicePort: number): readonly ServerSessions[] =>
  totalsOf(csv, servicePort, 'stot');

/** How many sessions the servers of one service port have now (`scur`). */
export const currentSessionsOf = (csv: string, servicePort: number): readonly ServerSessions[] =>
  totalsOf(csv, servicePort, 'scur');

function totalsOf(csv: string, servicePort: number, column: string): readonly ServerSessions[] {
  return serversIn(csv, servicePort, column).map(({ server, cells: [total] }) => ({
    server,
    total: Number(total) || 0,
  }));
}

/**
 * How many requests the servers of one service port have answered so far: the answers that HAProxy counts by their
 * status (`hrsp_…`), or sessions where it counts none, as of a service that is no HTTP.
 */
export function requestsOf(csv: string, servicePort: number): readonly ServerSessions[] {
  return serversIn(csv, servicePort, 'stot', ...answerColumns).map(({ server, cells: [sessions, ...answers] }) => {
    const counts = answers.filter((cell) => cell !== '');
    const counted = counts.length === 0 ? [sessions] : counts;
    return { server, total: counted.reduce((sum, cell) => sum + (Number(cell) || 0), 0) };
  });
}

const answerColumns = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((kind) => `hrsp_${kind}`);

/** The servers of one service port that requests are sent to. */
export function upServersOf(csv: string, servicePort: number): readonly string[] {
  return serverStatesOf(csv, servicePort).flatMap(({ server, isUp }) => (isUp ? [server] : []));
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
export function serverStatesOf(csv: string, servicePort: number): readonly ServerState[] {
  return serversIn(csv, servicePort, 'status', 'scur', 'qcur').map(({ server, cells: [status = '', ...sessions] }) => ({
    server,
    // Without health checks of its own HAProxy says "no check".
    isUp: /^(?:UP|no check)/.test(status),
    isDraining: status.startsWith('MAINT'),
    sessions: sessions.reduce((sum, cell) => sum + (Number(cell) || 0), 0),
  }));
}

function serversIn(csv: string, servicePort: number, ...wanted: readonly string[]) {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.replace(/^# /, '').split(',');
  const at = (name: string) => columns.indexOf(name);
  if (!columns.includes(wanted[0] ?? '')) return [];
  return lines.flatMap((line) => {
    const cells = line.split(',');
    const name = cells[at('svname')] ?? '';
    if (!(cells[at('pxname')] ?? '').endsWith(`_${servicePort}`) || sums.has(name)) return [];
    return [{ server: name, cells: wanted.map((column) => cells[at(column)] ?? '') }];
  });
}

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
