import { HttpError, type HttpAnswer, type Sink } from '../../../http/http-answer.ts';
import type { HttpRequest } from '../../../http/http-request.ts';
import type { Handler } from '../../../http/http-server.ts';
import { Meter } from './meter.ts';
import { Timer } from './timer.ts';

/** Those that have a timer of their own (InstrumentedHandler.java of Marathon). */
const methods = ['get', 'post', 'head', 'put', 'delete', 'options', 'trace', 'connect', 'move', 'other'] as const;
const classes = [1, 2, 3, 4, 5] as const;

/** Counts what goes over a Marathon's HTTP since it was started (HttpTransferMetricsHandler.scala of Marathon). */
export class HttpTally {
  /** Requests that have no whole answer yet, event streams among them. */
  active = 0;
  /** Of the bodies of requests. */
  requestBytes = 0;
  /** Of the bodies of answers, but for event streams. */
  responseBytes = 0;
  eventStreamBytes = 0;
  /** By the part of their names that tells them apart: `1xx` to `5xx`. */
  readonly responses: ReadonlyMap<string, Meter>;
  /** Of all requests, and of those of each method; the same. */
  readonly all: Timer;
  readonly byMethod: ReadonlyMap<string, Timer>;
  readonly #clock: () => number;

  /** @param clock milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.responses = new Map(classes.map((each) => [`${each}xx`, new Meter(clock)]));
    this.all = new Timer(clock);
    this.byMethod = new Map(methods.map((each) => [each, new Timer(clock)]));
  }

  /** The same handler, counted. */
  counting(handler: Handler): Handler {
    return async (request) => {
      this.active += 1;
      const since = this.#clock();
      let answer: HttpAnswer;
      try {
        answer = await handler(request);
      } catch (error) {
        this.#done(request, since, error instanceof HttpError ? error.status : 500);
        throw error;
      }
      if ('stream' in answer) {
        const { status, stream } = answer;
        const onClose = () => {
          this.#done(request, since, status);
        };
        return { ...answer, stream: counted(stream, onClose) };
      }
      this.#done(request, since, answer.status);
      if (request.method !== 'HEAD') this.responseBytes += Buffer.byteLength(answer.body ?? '');
      return answer;
    };
  }

  #done({ method, bodyBytes }: HttpRequest, since: number, status: number): void {
    this.active -= 1;
    this.requestBytes += bodyBytes;
    this.responses.get(`${Math.floor(status / 100)}xx`)?.mark();
    const elapsed = Math.max(0, this.#clock() - since);
    this.all.update(elapsed);
    (this.byMethod.get(method.toLowerCase()) ?? this.byMethod.get('other'))?.update(elapsed);
  }
}

const counted = (stream: (sink: Sink) => void, onClose: () => void) => (sink: Sink) => {
  sink.onClose(onClose);
  stream(sink);
};
