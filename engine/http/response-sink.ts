import type { ServerResponse } from 'node:http';
import type { Sink } from './http-answer.ts';

/** How long a client may take for the rest of an answer that was ended. */
const lingerMs = 5000;

/** Makes a bounded sink of a response. */
export function toSink(
  response: ServerResponse,
  maxBufferedBytes: number,
): { readonly sink: Sink; readonly isClosed: () => boolean } {
  let closed = response.destroyed || response.writableEnded;
  const callbacks: (() => void)[] = [];
  const close = () => {
    if (closed) return;
    closed = true;
    for (const callback of callbacks.splice(0)) callback();
  };
  response.once('close', close);
  const sink: Sink = {
    write: (chunk) => {
      if (closed || response.writableEnded) return false;
      response.write(chunk);
      if (response.writableLength <= maxBufferedBytes) return true;
      response.destroy();
      return false;
    },
    end: () => {
      if (closed || response.writableEnded) return;
      response.end();
      const timer = setTimeout(() => response.destroy(), lingerMs);
      timer.unref();
      response.once('close', () => {
        clearTimeout(timer);
      });
    },
    onClose: (callback) => {
      if (closed) callback();
      else callbacks.push(callback);
    },
    drained: () =>
      new Promise((resolve) => {
        if (closed || !response.writableNeedDrain) {
          resolve();
          return;
        }
        const done = () => {
          response.off('drain', done);
          response.off('close', done);
          resolve();
        };
        response.once('drain', done);
        response.once('close', done);
      }),
    get bufferedBytes() {
      return response.writableLength;
    },
  };
  return { sink, isClosed: () => closed };
}
