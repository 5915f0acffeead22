import { constants, deflateRawSync } from 'node:zlib';
import type { HttpAnswer, Sink } from '../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';
import { encodeEvent } from '../../protocol/server-sent-events.ts';
import type { Message } from '../picture/tables.ts';
import type { ClusterPage } from './cluster-page.ts';

/** So that whoever is in between does not end a silent connection; the page hears by it that the server is there. */
const heartbeatMs = 5000;
/** More than this waits for no page: it is sent the whole picture once it reads again. */
export const mostWaitingBytes = 512 * 1024;
/** A picture is sent whole, however large it is. */
const maxBufferedBytes = 256 * 1024 * 1024;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // For proxies as nginx: what is told is told at once.
  'X-Accel-Buffering': 'no',
};

/** The head of a gzip stream without a name or a time (RFC 1952, 2.3). */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** Quick: the whole picture of a large cluster is compressed while others wait. */
const level = 4;

/** A message as it is sent, made once for all pages. */
interface Encoded {
  readonly plain: Buffer;
  packed?: Buffer;
}

/** Blocks that know nothing of those before them: any of them may follow any other in a stream. */
const pack = (plain: Buffer) => deflateRawSync(plain, { level, finishFlush: constants.Z_SYNC_FLUSH });

/** `page/changes`: the whole picture, then what changes; compressed where the browser takes that. */
export function changeStreams(
  page: Pick<ClusterPage, 'listen' | 'whole'>,
  changing: Message['changing'],
): (request: Pick<HttpRequest, 'headers'>) => HttpAnswer {
  const known = new WeakMap<Message, Encoded>();
  const encode = (message: Message): Encoded => {
    const before = known.get(message);
    if (before !== undefined) return before;
    const said: Message = { ...message, ...(changing === undefined ? {} : { changing }) };
    const encoded = { plain: Buffer.from(encodeEvent('message', JSON.stringify(said))) };
    known.set(message, encoded);
    return encoded;
  };
  const heartbeat: Encoded = { plain: Buffer.from(encodeEvent('heartbeat', '{}')) };
  return ({ headers: asked }) => {
    const isPacked = /\bgzip\b/.test(asked['accept-encoding'] ?? '');
    const bytesOf = (encoded: Encoded) => (isPacked ? (encoded.packed ??= pack(encoded.plain)) : encoded.plain);
    return {
      status: 200,
      headers: { ...headers, ...(isPacked ? { 'Content-Encoding': 'gzip' } : {}) },
      maxBufferedBytes,
      stream: (sink) => {
        if (isPacked) sink.write(gzipHead);
        const { tell, beat } = follower(sink, page, (message) => bytesOf(encode(message)), bytesOf(heartbeat));
        const timer = setInterval(beat, heartbeatMs).unref();
        const end = page.listen(tell);
        sink.onClose(() => {
          clearInterval(timer);
          end();
        });
      },
    };
  };
}

/** Tells a page everything for as long as it reads; what it has missed since is in one whole picture. */
function follower(
  sink: Sink,
  page: Pick<ClusterPage, 'whole'>,
  bytesOf: (message: Message) => Uint8Array,
  heartbeat: Uint8Array,
) {
  let isBehind = false;
  const tell = (message: Message): void => {
    if (isBehind) return;
    if (sink.bufferedBytes <= mostWaitingBytes) {
      sink.write(bytesOf(message));
      return;
    }
    isBehind = true;
    void sink.drained().then(() => {
      isBehind = false;
      const whole = page.whole();
      if (whole !== undefined) tell(whole);
    });
  };
  return {
    tell,
    beat: () => {
      if (!isBehind) sink.write(heartbeat);
    },
  };
}
