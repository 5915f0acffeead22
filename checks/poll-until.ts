import { systemClock, type Clock } from '../platform/clock.ts';

/** What a look at the cluster found. */
export interface Seen {
  /** As it should be. */
  readonly ok: boolean;
  /** In words, for a person: evidence when it is as it should be, and otherwise what is missing. */
  readonly seen: string;
}

export interface PollOptions {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** Default: that of this machine. */
  readonly clock?: Clock;
  /** Called when a look found something else than the one before. */
  readonly onSeen?: (seen: string) => void;
}

export type PollResult<Found extends Seen> =
  | { readonly ok: true; readonly value: Found; readonly elapsedMs: number }
  | { readonly ok: false; readonly seen: string; readonly elapsedMs: number };

/**
 * Looks again and again until it is as it should be, or time is up. A look that throws has seen its error.
 * @throws the signal's reason when it aborts
 */
export async function pollUntil<Found extends Seen>(
  look: (signal: AbortSignal) => Promise<Found>,
  { timeoutMs, intervalMs, signal, onSeen, clock = systemClock }: PollOptions,
): Promise<PollResult<Found>> {
  const start = clock.now();
  const [done, deadline] = [new AbortController(), new AbortController()];
  const timeIsUp = () => {
    deadline.abort(new Error('no answer before the deadline'));
  };
  clock.sleep(timeoutMs, done.signal).then(timeIsUp, () => undefined);
  const either = AbortSignal.any([signal, deadline.signal]);
  let last = nothing;
  const see = (seen: string) => {
    if (seen !== last) onSeen?.(seen);
    last = seen;
  };
  const elapsed = () => clock.now() - start;
  try {
    while (!either.aborted) {
      try {
        const value = await look(either);
        if (value.ok) return { ok: true, value, elapsedMs: elapsed() };
        // Broken off by the deadline: what was seen before says more.
        if (!isAborted(either) || last === nothing) see(value.seen);
      } catch (error) {
        if (!isAborted(either)) see(error instanceof Error ? error.message : String(error));
      }
      await clock.sleep(intervalMs, either).catch(() => undefined);
    }
    signal.throwIfAborted();
    return { ok: false, seen: last, elapsedMs: elapsed() };
  } finally {
    done.abort();
  }
}

const nothing = 'no answer yet';

const isAborted = (signal: AbortSignal) => signal.aborted;
