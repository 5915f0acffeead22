import { constants, createGzip } from 'node:zlib';
import type { HttpAnswer, Sink } from '../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';
import { encodeEvent } from '../../protocol/server-sent-events.ts';
import type { Message } from '../picture/tables.ts';
import type { ClusterPage } from './cluster-page.ts';

/** So that whoever is in between does not end a silent connection; the page hears by it that the server is there. */
const heartbeatMs = 5000;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // For proxies as nginx: what is told is told at once.
  'X-Accel-Buffering': 'no',
};

/** `page/changes`: the whole picture, then what changes; compressed where the browser takes that. */
export function changeStream(page: ClusterPage, request: HttpRequest, changing: Message['changing']): HttpAnswer {
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return {
      status: 200,
      headers,
      stream: (sink) => {
        follow(page, changing, sink, sink.write);
      },
    };
  }
  return {
    status: 200,
    headers: { ...headers, 'Content-Encoding': 'gzip' },
    stream: (sink) => {
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.on('data', (chunk: Buffer) => sink.write(chunk));
      sink.onClose(() => {
        gzip.destroy();
      });
      follow(page, changing, sink, (text) => gzip.write(text));
    },
  };
}

function follow(page: ClusterPage, changing: Message['changing'], sink: Sink, write: (text: string) => unknown): void {
  const heartbeat = setInterval(() => {
    write(encodeEvent('heartbeat', '{}'));
  }, heartbeatMs).unref();
  const end = page.listen((message) => {
    write(
      encodeEvent(
        'message',
        JSON.stringify({ ...message, ...(changing === undefined ? {} : { changing }) } satisfies Message),
      ),
    );
  });
  sink.onClose(() => {
    clearInterval(heartbeat);
    end();
  });
}
