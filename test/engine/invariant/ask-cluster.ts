import type { MasterState } from './answers.ts';
import type { SmallCluster } from './small-cluster.ts';

/** Long enough for the slowest honest answer, that of a Marathon that gives up on another one. */
const patienceMs = 20_000;

/** JSON of what answers with it; undefined when nobody does, or not so. */
export async function read<Answer>(url: string): Promise<Answer | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    return answer.ok ? ((await answer.json()) as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** The status that a request is answered with; undefined: the connection broke before. */
export async function send(method: string, url: string, body?: unknown): Promise<number | undefined> {
  let status: number;
  let text: string;
  try {
    const answer = await fetch(url, {
      method,
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    text = await answer.text();
    status = answer.status;
  } catch {
    return undefined;
  }
  if (status === 400 || status === 422) throw new Error(`${method} ${url}: ${status} ${text}`);
  return status;
}

/** What the leading master says. */
export async function masterState({ masters }: SmallCluster): Promise<MasterState | undefined> {
  const states = await Promise.all(masters.map(({ url }) => read<MasterState>(`${url}/state`)));
  return states.find((state) => state?.leader_info !== undefined && state.leader_info.id === state.id);
}
