import type { HttpAnswer, Sink } from '../../http/http-answer.ts';
import type { Handler } from '../../http/http-server.ts';

/** Counts what goes over a Marathon's HTTP since it was started (HttpTransferMetricsHandler.scala of Marathon). */
export class HttpTally {
  /** Requests that have no whole answer yet, event streams among them. */
  active = 0;
  /** Of the bodies of answers, but for event streams. */
  responseBytes = 0;
  eventStreamBytes = 0;

  /** The same handler, counted. */
  counting(handler: Handler): Handler {
    return async (request) => {
      this.active += 1;
      let answer: HttpAnswer | undefined;
      try {
        answer = await handler(request);
      } finally {
        if (answer === undefined || !('stream' in answer)) this.active -= 1;
      }
      if ('stream' in answer) return { ...answer, stream: this.#counted(answer.stream) };
      if (request.method !== 'HEAD') this.responseBytes += Buffer.byteLength(answer.body ?? '');
      return answer;
    };
  }

  #counted(stream: (sink: Sink) => void): (sink: Sink) => void {
    return (sink) => {
      sink.onClose(() => {
        this.active -= 1;
      });
      stream(sink);
    };
  }
}
