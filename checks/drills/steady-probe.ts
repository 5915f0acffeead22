import type { Clock } from '../../platform/clock.ts';
import { UnreachableError, type ClusterClient } from '../cluster-client.ts';

/** How many requests a second clients send. */
const requestsPerSecond = 20;

const everyMs = 1000 / requestsPerSecond;
/** A client that has waited this long goes away. */
const patienceMs = 2000;

/** One request of the steady probe; times of the clock, in milliseconds. */
export interface ProbeRequest {
  readonly sentAt: number;
  readonly tookMs: number;
  readonly ok: boolean;
  /** `200`, `503`, `ECONNREFUSED`, `TIMEOUT`. */
  readonly answer: string;
}

export interface SteadyProbe {
  /** Those that have an answer, or were given up, in the order in which they were sent. */
  readonly requests: () => readonly ProbeRequest[];
  /** How many of the last requests were answered well, one after another. */
  readonly goodInARow: () => number;
  /** Forgets what was before: from now on it counts. */
  readonly forget: () => void;
  readonly stop: () => void;
}

/** Asks a URL twenty times a second, whatever becomes of the requests before, as clients do that know nothing. */
export function startProbe(client: ClusterClient, url: string, clock: Clock): SteadyProbe {
  const done = new AbortController();
  const requests: ProbeRequest[] = [];
  const send = async (sentAt: number) => {
    const note = (ok: boolean, answer: string) => requests.push({ sentAt, tookMs: clock.now() - sentAt, ok, answer });
    try {
      const { status } = await client.ask(url, done.signal, { timeoutMs: patienceMs });
      note(status === 200, String(status));
    } catch (error) {
      if (!done.signal.aborted) note(false, error instanceof UnreachableError ? error.code : 'ERROR');
    }
  };
  const run = async () => {
    for (let due = clock.now(); ; due += everyMs) {
      await clock.sleep(Math.max(0, due - clock.now()), done.signal);
      void send(clock.now());
    }
  };
  run().catch(() => undefined);
  const inOrder = () => requests.toSorted((a, b) => a.sentAt - b.sentAt);
  return {
    requests: inOrder,
    goodInARow: () => {
      const all = inOrder();
      return all.length - 1 - all.findLastIndex(({ ok }) => !ok);
    },
    forget: () => {
      requests.length = 0;
    },
    stop: () => {
      done.abort();
    },
  };
}
