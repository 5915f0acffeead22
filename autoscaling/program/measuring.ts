import { describeAnswer, type ClusterClient } from '../../checks/cluster-client.ts';
import { parseJson } from '../../protocol/json.ts';
import type { Measurement } from '../rule/recommend.ts';
import type { ScaledApp } from './scaled-app.ts';

/** Asks for a text. @throws Error with a reason in words when there is no answer, or another status than 200 */
export type AskText = (url: string) => Promise<string>;

/** As AskText; JSON. */
export type AskJson = (url: string) => Promise<unknown>;

/**
 * Asks one after the other until one answers.
 * @param who they are, in a word, in case there is none
 * @throws Error with what each says, when none does
 */
export async function firstAnswer<Answer>(
  urls: readonly string[],
  who: string,
  ask: (url: string) => Promise<Answer>,
): Promise<Answer> {
  const faults: string[] = [];
  for (const url of urls) {
    try {
      return await ask(url);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(faults.length === 0 ? `no ${who} is known` : faults.join('; '));
}

/** What asks servers of a cluster. */
export function askersOf(
  client: ClusterClient,
  signal: AbortSignal,
): { readonly text: AskText; readonly json: AskJson } {
  const text: AskText = async (url) => {
    const answer = await client.ask(url, signal);
    if (answer.status !== 200) throw new Error(`${url} answers ${describeAnswer(answer)}`);
    return answer.text;
  };
  return {
    text,
    json: async (url) => {
      const json = parseJson(await text(url));
      if (json === undefined) throw new Error(`${url} answers no JSON`);
      return json;
    },
  };
}

/**
 * What instances used together, of which so many were measured: the rule looks at their average alone.
 * @param counted how many of those that are ready were measured
 */
export function fromInstances(
  { tasks }: ScaledApp,
  total: number,
  counted: number,
  more: { readonly atLeast?: string } = {},
): Measurement {
  const ready = tasks.filter(({ isReady }) => isReady).length;
  // One that Marathon does not yet think ready may be measured already.
  const measured = Math.min(counted, ready);
  return {
    kind: 'per-instance',
    values: Array.from({ length: measured }, () => total / measured),
    missing: ready - measured,
    unready: tasks.length - ready,
    ...more,
  };
}
