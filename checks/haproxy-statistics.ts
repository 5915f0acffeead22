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
export function sessionsOf(csv: string, servicePort: number): readonly ServerSessions[] {
  return serversIn(csv, servicePort, 'stot').map(({ server, value }) => ({ server, total: Number(value) || 0 }));
}

/**
 * How many requests the servers of one service port have answered so far: the answers that HAProxy counts by their
 * status (`hrsp_…`), or sessions where it counts none, as of a service that is no HTTP.
 */
export function requestsOf(csv: string, servicePort: number): readonly ServerSessions[] {
  const answers = answerColumns.map((column) => serversIn(csv, servicePort, column));
  return sessionsOf(csv, servicePort).map(({ server, total }) => {
    const counts = answers.flatMap((rows) => rows.filter((row) => row.server === server && row.value !== ''));
    return { server, total: counts.length === 0 ? total : counts.reduce((sum, { value }) => sum + Number(value), 0) };
  });
}

const answerColumns = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((kind) => `hrsp_${kind}`);

/** How many sessions the servers of one service port have now (`scur`). */
export function currentSessionsOf(csv: string, servicePort: number): readonly ServerSessions[] {
  return serversIn(csv, servicePort, 'scur').map(({ server, value }) => ({ server, total: Number(value) || 0 }));
}

/** The servers of one service port that requests are sent to. */
export function upServersOf(csv: string, servicePort: number): readonly string[] {
  return serversIn(csv, servicePort, 'status').flatMap(({ server, value }) =>
    // Without health checks of its own HAProxy says "no check".
    /^(?:UP|no check)/.test(value) ? [server] : [],
  );
}

function serversIn(csv: string, servicePort: number, column: string) {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.replace(/^# /, '').split(',');
  const [proxy, server, wanted] = ['pxname', 'svname', column].map((name) => columns.indexOf(name));
  if (proxy === undefined || server === undefined || wanted === undefined || wanted < 0) return [];
  return lines.flatMap((line) => {
    const cells = line.split(',');
    const name = cells[server] ?? '';
    if (!(cells[proxy] ?? '').endsWith(`_${servicePort}`) || sums.has(name)) return [];
    return [{ server: name, value: cells[wanted] ?? '' }];
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
