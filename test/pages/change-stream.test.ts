import { gunzipSync, constants } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Sink } from '../../engine/http/http-answer.ts';
import type { Message } from '../../pages/picture/tables.ts';
import { changeStreams, mostWaitingBytes } from '../../pages/server/change-stream.ts';

const message = (now: number, isWhole = false): Message => ({ isWhole, now, changes: {}, taskCount: 0 });

/** Pages of a cluster, and what it tells. */
function open() {
  const listeners = new Set<(message: Message) => void>();
  const page = {
    listen: (listener: (message: Message) => void) => {
      listener(message(0, true));
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    whole: () => message(100, true),
  };
  const streams = changeStreams(page, 'none');
  /** A page that reads when it is told to. */
  const connect = (encoding = '') => {
    const written: Uint8Array[] = [];
    let close: () => void = () => undefined;
    const waiting: (() => void)[] = [];
    const sink = {
      write: (chunk: string | Uint8Array) => {
        written.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        return true;
      },
      end: () => undefined,
      onClose: (callback: () => void) => (close = callback),
      drained: () => new Promise<void>((resolve) => waiting.push(resolve)),
      bufferedBytes: 0,
    };
    const answer = streams({ headers: { 'accept-encoding': encoding } });
    if ('stream' in answer) answer.stream(sink satisfies Sink);
    const events = {
      close: () => {
        close();
      },
      read: () => {
        for (const goOn of waiting.splice(0)) goOn();
      },
    };
    return { written, sink, ...events };
  };
  const tell = (said: Message) => {
    for (const listener of listeners) listener(said);
  };
  return { listeners, connect, tell };
}

/** The times of the messages, which say which ones they are. */
const timesIn = (bytes: Uint8Array | string) =>
  [...String(bytes).matchAll(/"now":(\d+)/g)].map(([, now]) => Number(now));

test('a message is made once for all pages', () => {
  const { connect, tell } = open();
  const pages = [connect('gzip'), connect('gzip, br'), connect(), connect()];
  tell(message(1));
  const last = pages.map(({ written }) => written.at(-1));
  expect(last[0]).toBe(last[1]);
  expect(last[2]).toBe(last[3]);
  expect(last[0]).not.toBe(last[2]);
});

test('what is compressed once is a gzip stream for each page, from whichever message it came', () => {
  const { connect, tell } = open();
  const early = connect('gzip');
  tell(message(1));
  const late = connect('gzip');
  tell(message(2));
  // A stream that goes on has no end.
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  const read = ({ written }: typeof early) => timesIn(gunzipSync(Buffer.concat(written), options));
  expect([read(early), read(late)]).toEqual([
    [0, 1, 2],
    [0, 2],
  ]);
});

test('nothing piles up for a page that does not read: it is told everything once it reads again', async () => {
  const { connect, tell } = open();
  const [slow, quick] = [connect(), connect()];
  slow.sink.bufferedBytes = mostWaitingBytes + 1;
  for (let now = 1; now < 50; now += 1) tell(message(now));
  expect([timesIn(Buffer.concat(slow.written)), quick.written.length]).toEqual([[0], 50]);
  slow.sink.bufferedBytes = 0;
  slow.read();
  await Promise.resolve();
  tell(message(101));
  expect(timesIn(Buffer.concat(slow.written))).toEqual([0, 100, 101]);
});

test('a page that has gone is not told any more', () => {
  const { listeners, connect } = open();
  const page = connect();
  expect(listeners.size).toBe(1);
  page.close();
  expect(listeners.size).toBe(0);
});
