import { fetchJson, fetchRaw, type Loose } from '../engine/scheduler-client.ts';

/** Calls of the operator API of a master or an agent. */
export function operatorCalls(url: () => string) {
  const post = (body: object) => fetchRaw(`${url()}/api/v1`, { body });
  const answer = async (type: string, fields: object = {}): Promise<Loose> =>
    fetchJson(`${url()}/api/v1`, { body: { type, ...fields } });
  return { post, answer };
}
