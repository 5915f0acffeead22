import type { ClusterClient } from '../../checks/cluster-client.ts';
import type { Clock } from '../../platform/clock.ts';
import { numberAt, textAt } from '../../protocol/json.ts';
import type { GrowingText } from '../../platform/follow-text.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** At the end of a log: Mesos reads at most 16 pages at once. */
const endBytes = 60_000;

/** Logs that Mesos serves under these names when it was started with --log_dir (Mesos, Files: `/master/log`). */
const logPaths = { 'mesos-master': '/master/log', 'mesos-agent': '/slave/log' } as const;

/** So long none of the logs has to answer until the cluster is gone: a new leader is elected in half of it. */
const goneMs = 30_000;

/** A log that may be served. */
export interface ServedLog extends GrowingText {
  readonly exists: () => Promise<boolean>;
}

/** Who asks for logs, and when. */
export interface AskingWorld {
  readonly client: ClusterClient;
  readonly clock: Clock;
}

/** Those of these parts of an adopted cluster whose logs could be read over HTTP. */
export function logsOf(
  plan: Plan,
  ids: readonly string[],
  { client, clock }: AskingWorld,
  signal: AbortSignal,
): readonly ServedLog[] {
  let answeredAt = clock.now();
  const asked: Asked = {
    client,
    signal,
    answered: () => {
      answeredAt = clock.now();
    },
    areGone: () => clock.now() - answeredAt > goneMs,
  };
  return (['mesos-master', 'mesos-agent'] as const).flatMap((role) => {
    const urls = role === 'mesos-master' ? plan.urls.masters : plan.urls.agents;
    const components = plan.nodes.flatMap((node) => node.components.filter((each) => each.role === role));
    return components.flatMap(({ id }, index) => {
      const url = urls[index];
      return url === undefined || !ids.includes(id) ? [] : [servedLog(id, `${url}/files/read`, logPaths[role], asked)];
    });
  });
}

/** What the logs have in common that are asked for together. */
interface Asked {
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
  readonly answered: () => void;
  /** None of them has answered for long. */
  readonly areGone: () => boolean;
}

function servedLog(id: string, url: string, path: string, { client, signal, answered, areGone }: Asked): ServedLog {
  const read = async (offset: number) => {
    const query = new URLSearchParams({ path, offset: String(offset) });
    try {
      const { status, json } = await client.ask(`${url}?${query.toString()}`, signal, { followRedirects: false });
      return status === 200 ? json : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
  // An offset of -1 asks for the size alone.
  const size = async () => numberAt(await read(-1), 'offset');
  const readFrom: GrowingText['readFrom'] = async (offset) => {
    const end = await size();
    // One that was read and does not answer may come back.
    if (end === undefined) return offset === 0 || areGone() ? undefined : { text: '', next: offset };
    answered();
    let next = offset === 0 || offset > end ? Math.max(0, end - endBytes) : offset;
    let all = '';
    while (next < end) {
      const data = textAt(await read(next), 'data') ?? '';
      if (data === '') break;
      all += data;
      next += Buffer.byteLength(data);
    }
    return { text: offset === 0 && end > endBytes ? all.slice(all.indexOf('\n') + 1) : all, next };
  };
  return { id, readFrom, exists: async () => (await size()) !== undefined };
}
