import { setTimeout as sleep } from 'node:timers/promises';

/** What was seen, in words for the message when time is up; `value` when it is what was waited for. */
export type Look<Value> = { readonly value: Value } | { readonly seen: string };

/**
 * Looks until it sees what it waits for. A look that throws has seen its error.
 * @throws when time is up, with what was seen last
 */
export async function until<Value>(
  what: string,
  timeoutMs: number,
  look: () => Promise<Look<Value>>,
  intervalMs = 300,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look().catch((error: unknown): Look<Value> => ({ seen: withCause(error) }));
    if ('value' in found) return found.value;
    if (Date.now() > deadline) throw new Error(`not ${what} within ${String(timeoutMs / 1000)} s: ${found.seen}`);
    await sleep(intervalMs);
  }
}

/** The same for something that is either so or not. */
export function untilTrue(
  what: string,
  timeoutMs: number,
  isSo: () => Promise<boolean> | boolean,
  intervalMs?: number,
): Promise<true> {
  const look = async () => ((await isSo()) ? { value: true as const } : { seen: 'not yet' });
  return until(what, timeoutMs, look, intervalMs);
}

/** `fetch` says why only in the cause. */
const withCause = (error: unknown) =>
  error instanceof Error && error.cause instanceof Error ? `${String(error)}: ${error.cause.message}` : String(error);
