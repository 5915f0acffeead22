import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { bothProtobuf, openAnswer, post, type BytesAnswer } from './bytes-over-http.ts';

/*
 * A framework that is written by field numbers of mesos.v1.scheduler and mesos.v1, without anything of the engine but
 * the framing: what it takes for right does not come from the table that is tested.
 */

type Write = (writer: BinaryWriter) => unknown;

const message = (write: Write): Uint8Array => {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
};
const bytes = (number: number, value: Uint8Array) => (writer: BinaryWriter) =>
  writer.tag(number, WireType.LengthDelimited).bytes(value);
const text = (number: number, value: string) => bytes(number, Buffer.from(value));
const inside = (number: number, ...writes: readonly Write[]) =>
  bytes(
    number,
    message((writer) => {
      for (const write of writes) write(writer);
    }),
  );
const id = (number: number, value: string) => inside(number, text(1, value));
const enumeration = (number: number, value: number) => (writer: BinaryWriter) =>
  writer.tag(number, WireType.Varint).int32(value);
const scalarResource = (name: string, value: number) =>
  inside(
    4,
    text(1, name),
    enumeration(2, 0),
    inside(3, (writer) => writer.tag(1, WireType.Bit64).double(value)),
  );

/** The contents of a field, deep inside: field numbers lead there. */
export function bytesAt(from: Uint8Array, ...[number, ...rest]: readonly number[]): Uint8Array | undefined {
  if (number === undefined) return from;
  const reader = new BinaryReader(from);
  while (reader.pos < reader.len) {
    const [found, wireType] = reader.tag();
    if (found === number && wireType === WireType.LengthDelimited) return bytesAt(reader.bytes(), ...rest);
    reader.skip(wireType, found);
  }
  return undefined;
}

export const textAt = (from: Uint8Array, ...path: readonly number[]): string =>
  Buffer.from(bytesAt(from, ...path) ?? []).toString('utf8');

/** The number in a field of a message. */
export function numberAt(from: Uint8Array, number: number): number | undefined {
  const reader = new BinaryReader(from);
  while (reader.pos < reader.len) {
    const [found, wireType] = reader.tag();
    if (found === number && wireType === WireType.Varint) return reader.int32();
    reader.skip(wireType, found);
  }
  return undefined;
}

const eventTypes = { SUBSCRIBED: 1, OFFERS: 2, UPDATE: 4 } as const;
export const taskStates = { TASK_RUNNING: 1, TASK_FINISHED: 2, TASK_KILLED: 4 } as const;

export interface DocumentedFramework {
  readonly contentType: string | undefined;
  /** Takes the next event of a type; others before it are dropped. */
  readonly take: (type: keyof typeof eventTypes) => Promise<Uint8Array>;
  /** Launches a command with an offer. */
  readonly launch: (offer: Uint8Array, taskId: string, command: string) => Promise<BytesAnswer>;
  readonly acknowledge: (status: Uint8Array) => Promise<BytesAnswer>;
  readonly kill: (taskId: string) => Promise<BytesAnswer>;
  readonly close: () => void;
}

/** Subscribes, and waits for SUBSCRIBED. */
export async function subscribeByNumbers(masterUrl: string, name: string): Promise<DocumentedFramework> {
  const url = `${masterUrl}/api/v1/scheduler`;
  const frameworkInfo = inside(1, text(1, 'root'), text(2, name), inside(10, enumeration(1, 5)));
  const body = message((writer) => {
    enumeration(2, 1)(writer);
    inside(3, frameworkInfo)(writer);
  });
  const answer = await openAnswer(url, { body, headers: bothProtobuf });
  const events = eventsOf(answer);
  const take: DocumentedFramework['take'] = async (type) => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error(`The stream has ended before ${type}`);
      if (numberAt(value, 1) === eventTypes[type]) return value;
    }
  };
  const frameworkId = textAt(await take('SUBSCRIBED'), 2, 1, 1);
  const streamId = String(answer.headers['mesos-stream-id']);
  const call = (type: number, ...writes: readonly Write[]) =>
    post(url, {
      body: message((writer) => {
        for (const write of [id(1, frameworkId), enumeration(2, type), ...writes]) write(writer);
      }),
      headers: { ...bothProtobuf, 'Mesos-Stream-Id': streamId },
    });
  return {
    contentType: answer.headers['content-type'],
    take,
    launch: (offer, taskId, command) => {
      const shell = inside(7, text(3, command));
      const resources = [scalarResource('cpus', 0.1), scalarResource('mem', 32)];
      const task = inside(1, text(1, taskId), id(2, taskId), id(3, textAt(offer, 3, 1)), ...resources, shell);
      return call(3, inside(4, id(1, textAt(offer, 1, 1)), inside(2, enumeration(1, 1), inside(2, task))));
    },
    acknowledge: (status) => {
      const uuid = bytesAt(status, 11) ?? new Uint8Array();
      return call(8, inside(8, id(1, textAt(status, 5, 1)), id(2, textAt(status, 1, 1)), bytes(3, uuid)));
    },
    kill: (taskId) => call(6, inside(6, id(1, taskId))),
    close: () => answer.destroy(),
  };
}

async function* eventsOf(answer: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, undefined> {
  const decoder = new RecordIoDecoder();
  for await (const chunk of answer) yield* decoder.pushBytes(chunk);
  return undefined;
}
