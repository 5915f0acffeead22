import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Clock } from '../../platform/clock.ts';

export interface LoadOptions {
  /** http or https. */
  readonly url: string;
  /** Requests per second. */
  readonly rate: number;
  readonly forMs: number;
  /** Ends it before that; what was measured by then stands. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told every second. */
  readonly onProgress?: (so: LoadResult) => void;
  /** Until a request counts as one without an answer. Default 10 seconds. */
  readonly answerMs?: number;
}

export interface LoadResult {
  /** How long requests were sent. */
  readonly seconds: number;
  readonly sent: number;
  /** Answers by their status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests without an answer by the reason: `ECONNREFUSED`, `timeout`. */
  readonly errors: Readonly<Record<string, number>>;
  /** Answers per second. */
  readonly rate: number;
  /** Of answers, from when the request was due: that it had to wait for its turn counts. */
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}

const tickMs = 5;
const usualAnswerMs = 10_000;
/** More connections at once than that are no load any more that one client makes. */
const mostSockets = 512;
const progressMs = 1000;
/** Between two of these answers are read: a client that cannot send as fast as it should is late, and says so. */
const mostInTurn = 500;
/** So many are waited for at most. */
const mostOpen = 20_000;

/**
 * Sends requests at a rate that does not depend on how fast they are answered: else a slow server would be asked less,
 * and look faster than it is. Connections are kept, as browsers do.
 */
export async function makeLoad(options: LoadOptions): Promise<LoadResult> {
  const { clock, rate, forMs, signal, onProgress } = options;
  const run = new LoadRun(options);
  const start = clock.now();
  const total = Math.max(1, Math.round((rate * forMs) / 1000));
  let told = start;
  let elapsedMs = 0;
  while (run.sent < total && !signal.aborted) {
    elapsedMs = clock.now() - start;
    const due = Math.min(total, Math.floor((elapsedMs * rate) / 1000) + 1);
    const turnEnds = run.sent + mostInTurn;
    while (run.sent < Math.min(due, turnEnds) && run.open < mostOpen) run.send(start + (run.sent * 1000) / rate);
    if (clock.now() - told >= progressMs) {
      told = clock.now();
      onProgress?.(run.result(elapsedMs));
    }
    await clock.sleep(tickMs, signal).catch(() => undefined);
  }
  elapsedMs = signal.aborted ? clock.now() - start : forMs;
  await run.end();
  return run.result(elapsedMs, Math.max(elapsedMs, run.answeredAt - start));
}

class LoadRun {
  readonly #options: LoadOptions;
  readonly #agent: PlainAgent;
  readonly #request: typeof plainRequest;
  readonly #latencies: RecordableHistogram = createHistogram();
  readonly #answers = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #open = new Set<Promise<void>>();
  readonly #requests = new Set<ClientRequest>();
  sent = 0;
  /** When the last answer came, by the clock. */
  answeredAt = 0;

  constructor(options: LoadOptions) {
    const isSecure = options.url.startsWith('https:');
    this.#options = options;
    this.#request = isSecure ? secureRequest : plainRequest;
    this.#agent = new (isSecure ? SecureAgent : PlainAgent)({ keepAlive: true, maxSockets: mostSockets });
    const interrupt = () => {
      for (const request of this.#requests) request.destroy(new Error('interrupted'));
    };
    options.signal.addEventListener('abort', interrupt, { once: true });
  }

  /** How many requests wait for their answers. */
  get open(): number {
    return this.#open.size;
  }

  /** @param dueAt when it should have been sent, by the clock */
  send(dueAt: number): void {
    this.sent += 1;
    const open = this.#ask().then((outcome) => {
      this.#open.delete(open);
      if ('error' in outcome) {
        count(this.#errors, outcome.error);
        return;
      }
      count(this.#answers, outcome.status);
      this.answeredAt = this.#options.clock.now();
      // Microseconds; a histogram counts from 1.
      this.#latencies.record(Math.max(1, Math.round((this.answeredAt - dueAt) * 1000)));
    });
    this.#open.add(open);
  }

  /** Resolves when every request has its answer, or an error. */
  async end(): Promise<void> {
    await Promise.all(this.#open);
    this.#agent.destroy();
  }

  #ask(): Promise<{ readonly status: string } | { readonly error: string }> {
    const { url, answerMs = usualAnswerMs } = this.#options;
    const options: RequestOptions = { agent: this.#agent };
    return new Promise((resolve) => {
      const request = this.#request(url, options, (answer) => {
        answer.once('end', () => {
          resolve({ status: String(answer.statusCode ?? 0) });
        });
        answer.once('error', fail);
        answer.resume();
      });
      const fail = (error: NodeJS.ErrnoException) => {
        finish();
        resolve({ error: error.code ?? error.message });
      };
      const timer = setTimeout(() => request.destroy(new Error('timeout')), answerMs);
      const finish = () => {
        clearTimeout(timer);
        this.#requests.delete(request);
      };
      this.#requests.add(request);
      request.once('error', fail).once('close', finish).end();
    });
  }

  /** @param answeredMs in which the answers came: those of a slow server come when all has been sent */
  result(elapsedMs: number, answeredMs = elapsedMs): LoadResult {
    const answered = [...this.#answers.values()].reduce((sum, each) => sum + each, 0);
    const at = (percentile: number) => (answered === 0 ? 0 : this.#latencies.percentile(percentile) / 1000);
    const seconds = Math.max(elapsedMs, 1) / 1000;
    return {
      ...{ seconds, sent: this.sent, rate: (answered * 1000) / Math.max(answeredMs, 1) },
      answers: Object.fromEntries(this.#answers),
      errors: Object.fromEntries(this.#errors),
      latencyMs: { p50: at(50), p90: at(90), p99: at(99), max: answered === 0 ? 0 : this.#latencies.max / 1000 },
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
