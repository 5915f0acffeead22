import type { ClusterClient } from '../../checks/cluster-client.ts';
import type { RunningLab as WholeLab } from '../../runtimes/cluster-runtime.ts';

/** What of a lab is looked at. */
export type LookedAt = Pick<WholeLab, 'plan' | 'target' | 'parts'>;

/** Who asks the components of a lab. */
export interface Asker {
  readonly lab: LookedAt;
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
}

const timeoutMs = 3000;

type Answer = { readonly json: unknown } | { readonly fault: string };

/** An answer of 200, or what is said of another one. */
export async function askFor({ client, signal }: Asker, url: string): Promise<Answer> {
  try {
    const { status, json } = await client.ask(url, signal, { timeoutMs });
    return status === 200 ? { json } : { fault: `answers ${status}` };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `does not answer${code}` };
  }
}

/** The first of several servers that has an answer. */
export async function firstAnswer(asker: Asker, urls: readonly string[], path: string): Promise<unknown> {
  for (const url of urls) {
    const answer = await askFor(asker, `${url}${path}`);
    if ('json' in answer) return answer.json;
  }
  return undefined;
}
