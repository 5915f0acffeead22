import type { ProbeRequest } from '../steady-probe.ts';

/** A time in which requests failed, one after another. In milliseconds after the strike. */
export interface Outage {
  /** When the first of them was sent, and the first one that got through again; missing: none did. */
  readonly fromMs: number;
  readonly toMs?: number;
  readonly failed: number;
  /** What they were answered: `503`, `ECONNREFUSED`, with how many of each. */
  readonly answers: Readonly<Record<string, number>>;
}

/** What clients saw of a drill. */
export interface ClientsView {
  readonly requests: number;
  readonly failed: number;
  readonly outages: readonly Outage[];
  /** The longest time in which all that were sent failed; 0 when none did. */
  readonly longestMs: number;
  /** How long one waited at most that was answered well, and one that failed. */
  readonly slowestMs: number;
  readonly slowestFailedMs: number;
}

/** Sums up the requests of a steady probe. @param requests in the order in which they were sent */
export function clientsView(requests: readonly ProbeRequest[], struckAt: number): ClientsView {
  const outages: Outage[] = [];
  let bad: ProbeRequest[] = [];
  const close = (next?: ProbeRequest) => {
    const [first] = bad;
    if (first === undefined) return;
    const to = next === undefined ? {} : { toMs: Math.round(next.sentAt - struckAt) };
    outages.push({ fromMs: Math.round(first.sentAt - struckAt), ...to, failed: bad.length, answers: counted(bad) });
    bad = [];
  };
  for (const request of requests) {
    if (request.ok) close(request);
    else bad.push(request);
  }
  close();
  const last = requests.at(-1);
  const endMs = last === undefined ? 0 : Math.round(last.sentAt - struckAt);
  const good = requests.filter(({ ok }) => ok);
  return {
    requests: requests.length,
    failed: requests.length - good.length,
    outages,
    longestMs: Math.max(0, ...outages.map(({ fromMs, toMs = endMs }) => toMs - fromMs)),
    slowestMs: slowest(good),
    slowestFailedMs: slowest(requests.filter(({ ok }) => !ok)),
  };
}

const slowest = (requests: readonly ProbeRequest[]) => Math.round(Math.max(0, ...requests.map(({ tookMs }) => tookMs)));

function counted(requests: readonly ProbeRequest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { answer } of requests) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
