import { expect, test, vi } from 'vitest';
import type { Sink } from '../../../../engine/http/http-answer.ts';
import { listOf, objectOf } from '../../../../engine/http/json-parts.ts';
import { OperatorStream } from '../../../../engine/master/operator/operator-stream.ts';
import { OperatorStreams } from '../../../../engine/master/operator/operator-streams.ts';
import { jsonRecords } from '../../../../engine/protobuf/record-format.ts';

const megabyte = 1024 * 1024;
const hour = 3600_000;
const patient = { timeout: 15_000, interval: 1 };

/** A client that takes the snapshot when it is told to. */
function slowClient() {
  const written: string[] = [];
  const callbacks: (() => void)[] = [];
  let take: () => void = () => undefined;
  let isEnded = false;
  const sink: Sink = {
    write: (chunk) => {
      if (isEnded) return false;
      written.push(String(chunk));
      return true;
    },
    end: () => {
      isEnded = true;
      for (const callback of callbacks) callback();
    },
    onClose: (callback) => callbacks.push(callback),
    drained: () => new Promise((resolve) => (take = resolve)),
    bufferedBytes: 0,
  };
  return {
    sink,
    written,
    take: () => {
      take();
    },
    isEnded: () => isEnded,
  };
}

const snapshot = { type: 'SUBSCRIBED' };
const event = (size: number) => ({ type: 'TASK_ADDED', text: 'x'.repeat(size) });
const tasks = Array.from({ length: 5000 }, (_, index) => ({ name: `ä${index}`.repeat(20) }));
const largeSnapshot = () => objectOf({ type: 'SUBSCRIBED', tasks: listOf(tasks, (task) => task) });
const isWritten = (written: readonly string[]) =>
  vi.waitFor(() => {
    expect(written).not.toEqual([]);
  }, patient);

test('nothing is described when nobody listens', () => {
  const streams = new OperatorStreams(hour);
  const describe = vi.fn(() => event(1));
  streams.publish(describe);
  expect(describe).not.toHaveBeenCalled();
});

test('an event is written once for all', () => {
  const streams = new OperatorStreams(hour);
  const encode = vi.fn(jsonRecords.encode);
  for (let count = 0; count < 10; count += 1) streams.open(slowClient().sink, { ...jsonRecords, encode }, snapshot);
  encode.mockClear();
  streams.publish(() => event(1));
  expect(encode).toHaveBeenCalledTimes(1);
  streams.close();
});

test('events wait while a client takes the snapshot, and come after it', async () => {
  const streams = new OperatorStreams(hour);
  const client = slowClient();
  streams.open(client.sink, jsonRecords, snapshot);
  streams.publish(() => event(1));
  await isWritten(client.written);
  expect(client.written).toEqual(['21\n{"type":"SUBSCRIBED"}']);
  client.take();
  await vi.waitFor(() => {
    expect(client.written.slice(1).join('')).toBe('20\n{"type":"HEARTBEAT"}32\n{"type":"TASK_ADDED","text":"x"}');
  }, patient);
  streams.close();
});

test('a client that does not take the snapshot loses its stream when too much waits for it', async () => {
  const streams = new OperatorStreams(hour);
  const client = slowClient();
  streams.open(client.sink, jsonRecords, snapshot);
  await isWritten(client.written);
  for (let count = 0; count < 7; count += 1) streams.publish(() => event(megabyte));
  expect(client.isEnded()).toBe(false);
  for (let count = 0; count < 2; count += 1) streams.publish(() => event(megabyte));
  expect(client.isEnded()).toBe(true);
  expect(streams.size).toBe(0);
});

test('a client that takes nothing of the snapshot between two heartbeats loses its stream', async () => {
  const streams = new OperatorStreams(5);
  const client = slowClient();
  streams.open(client.sink, jsonRecords, snapshot);
  await vi.waitFor(() => {
    expect(client.isEnded()).toBe(true);
  }, patient);
  expect(streams.size).toBe(0);
});

test('a client keeps its stream while its snapshot is made, whatever happens and however long that takes', async () => {
  const client = slowClient();
  const stream = new OperatorStream(client.sink, jsonRecords, largeSnapshot());
  for (let count = 0; count < 9; count += 1) stream.send(jsonRecords.encode(event(megabyte)));
  for (let count = 0; count < 3; count += 1) stream.closeIfStuck();
  expect([client.isEnded(), client.written]).toEqual([false, []]);
  await vi.waitFor(() => {
    client.take();
    expect(client.written.filter((chunk) => chunk.includes('TASK_ADDED'))).toHaveLength(9);
  }, patient);
  stream.close();
});

test('a client that takes the snapshot slowly keeps its stream so long as it takes some of it', async () => {
  const client = slowClient();
  const stream = new OperatorStream(client.sink, jsonRecords, largeSnapshot());
  for (let taken = 1; taken <= 4; taken += 1) {
    await vi.waitFor(() => {
      expect(client.written).toHaveLength(taken);
    }, patient);
    for (let count = 0; count < 6; count += 1) stream.send(jsonRecords.encode(event(megabyte)));
    expect(client.isEnded()).toBe(false);
    client.take();
  }
  stream.close();
});

test('what has waited for the snapshot comes no faster than the client takes it', async () => {
  const client = slowClient();
  const stream = new OperatorStream(client.sink, jsonRecords, snapshot);
  for (let count = 0; count < 4; count += 1) stream.send(jsonRecords.encode(event(100_000)));
  const isWrittenUpTo = (count: number) =>
    vi.waitFor(() => {
      expect(client.written).toHaveLength(count);
    }, patient);
  await isWrittenUpTo(1);
  client.take();
  await isWrittenUpTo(3);
  stream.send(jsonRecords.encode({ type: 'LAST' }));
  client.take();
  await isWrittenUpTo(5);
  client.take();
  await vi.waitFor(() => {
    client.take();
    expect(client.written.at(-1)).toBe('15\n{"type":"LAST"}');
  }, patient);
  stream.close();
});

test('one more than a thousand ends the oldest', () => {
  const streams = new OperatorStreams(hour);
  const clients = Array.from({ length: 1001 }, () => slowClient());
  for (const { sink } of clients) streams.open(sink, jsonRecords, snapshot);
  expect(streams.size).toBe(1000);
  expect(clients.slice(0, 3).map(({ isEnded }) => isEnded())).toEqual([true, false, false]);
  streams.close();
});

test('a large snapshot comes in parts that are one record', async () => {
  const streams = new OperatorStreams(hour);
  const client = slowClient();
  streams.open(client.sink, jsonRecords, largeSnapshot());
  await vi.waitFor(() => {
    client.take();
    expect(client.written.at(-1)?.includes('HEARTBEAT')).toBe(true);
  }, patient);
  expect(client.written.length).toBeGreaterThan(5);
  const text = client.written.slice(0, -1).join('');
  const [length = ''] = text.split('\n', 1);
  const record = text.slice(length.length + 1);
  expect(Buffer.byteLength(record)).toBe(Number(length));
  expect(JSON.parse(record)).toEqual({ type: 'SUBSCRIBED', tasks });
  streams.close();
});
