import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Offer, TaskStatus } from '../../protocol/mesos.ts';
import { RecordIoDecoder } from '../../protocol/record-io.ts';

/*
 * Drives a master as an outsider would: raw HTTP, and nothing of the engine but the framing of its streams. Works
 * against any master that speaks the v1 scheduler API in JSON.
 */

/** Whatever JSON brings: a test may say what it knows. */
export type Loose = ReturnType<typeof JSON.parse>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Headers = Readonly<Record<string, string>>;

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Headers;
  /** Sent as it is when it is text, else as JSON. */
  readonly body?: unknown;
  /** Where connections stay for further requests; default: each request has its own. */
  readonly connection?: Agent;
}

/** As Mesos's own library has for a framework or an agent: one connection for events, and one for all calls. */
export const lastingConnection = () => new Agent({ keepAlive: true, maxSockets: 1 });

const deadlineMs = 15_000;

function send(url: string, { method, headers, body, connection }: RawRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const sent = request(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      agent: connection ?? false,
      headers: { ...(text === '' ? {} : { 'Content-Type': 'application/json' }), ...headers },
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(text);
  });
}

async function readAll(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** One request with its whole answer; redirects are not followed. */
export async function fetchRaw(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const message = await send(url, options);
  const body = await readAll(message);
  return { status: message.statusCode ?? 0, headers: message.headers, body };
}

export async function fetchJson(url: string, options: RawRequest = {}): Promise<Loose> {
  const { status, body } = await fetchRaw(url, options);
  if (status !== 200) throw new Error(`${url}: ${status} ${body}`);
  return JSON.parse(body);
}

/** An event stream in RecordIO, with what it has brought so far. */
export interface RecordStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All events, in order. */
  readonly events: readonly Loose[];
  /** Takes the first event that fits and was not taken before; waits for it if need be. */
  readonly take: (what: string, fits?: (event: Loose) => boolean) => Promise<Loose>;
  /** Calls back for each event from now on. */
  readonly onEvent: (listener: (event: Loose) => void) => void;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Breaks the connection. */
  readonly close: () => void;
}

/** Posts a call whose answer never ends. @throws when it is not answered 200 */
export async function openStream(url: string, body: unknown, headers: Headers = {}): Promise<RecordStream> {
  const message = await send(url, { body, headers });
  if (message.statusCode !== 200) throw new Error(`${message.statusCode ?? 0}: ${await readAll(message)}`);
  const events: Loose[] = [];
  const left: Loose[] = [];
  const listeners = new Set<(event: Loose) => void>();
  const decoder = new RecordIoDecoder();
  message.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) {
      const event = JSON.parse(record);
      events.push(event);
      left.push(event);
      for (const listener of [...listeners]) listener(event);
    }
  });
  const ended = new Promise<void>((resolve) => {
    message.on('close', resolve);
    message.on('error', () => undefined);
  });
  const take = (type: string, fits: (event: Loose) => boolean = () => true) =>
    new Promise<Loose>((resolve, reject) => {
      const matches = (event: Loose) => event.type === type && fits(event);
      const attempt = () => {
        const index = left.findIndex(matches);
        if (index < 0) return;
        listeners.delete(attempt);
        clearTimeout(timer);
        resolve(left.splice(index, 1)[0]);
      };
      const timer = setTimeout(() => {
        listeners.delete(attempt);
        reject(new Error(`No ${type} came; there were: ${JSON.stringify(events).slice(-2000)}`));
      }, deadlineMs);
      listeners.add(attempt);
      attempt();
    });
  return {
    status: message.statusCode,
    headers: message.headers,
    events,
    take,
    onEvent: (listener) => listeners.add(listener),
    ended,
    close: () => message.destroy(),
  };
}

/** A framework of a test. */
export interface SchedulerClient extends RecordStream {
  readonly frameworkId: string;
  readonly streamId: string;
  /** Sends a call with the framework's id and stream id. */
  readonly call: (type: string, fields?: object, headers?: Headers) => Promise<RawAnswer>;
  /** Takes the next update of a task, in a state if one is given. */
  readonly takeUpdate: (taskId: string, state?: string) => Promise<TaskStatus>;
  /** Takes the next batch of offers. */
  readonly takeOffers: () => Promise<readonly Offer[]>;
  /** Takes the next batch, which has one offer only. */
  readonly takeOffer: () => Promise<Offer>;
  readonly acknowledge: (status: TaskStatus) => Promise<RawAnswer>;
  /** Launches tasks with offers, and says for how long the rest is not wanted. */
  readonly launch: (
    offerIds: readonly string[],
    tasks: readonly object[],
    refuseSeconds?: number,
  ) => Promise<RawAnswer>;
}

export const schedulerUrl = (masterUrl: string) => `${masterUrl}/api/v1/scheduler`;

/** Subscribes a framework and waits for its SUBSCRIBED. */
export async function subscribe(
  masterUrl: string,
  frameworkInfo: { readonly id?: { readonly value: string } } & Readonly<Record<string, unknown>> = {},
  fields: object = {},
): Promise<SchedulerClient> {
  const info = { user: 'root', name: 'test', capabilities: [{ type: 'PARTITION_AWARE' }], ...frameworkInfo };
  const stream = await openStream(schedulerUrl(masterUrl), {
    ...(frameworkInfo.id === undefined ? {} : { framework_id: frameworkInfo.id }),
    type: 'SUBSCRIBE',
    subscribe: { framework_info: info, ...fields },
  });
  const { subscribed } = await stream.take('SUBSCRIBED');
  const frameworkId: string = subscribed.framework_id.value;
  const streamId = String(stream.headers['mesos-stream-id']);
  const connection = lastingConnection();
  const call: SchedulerClient['call'] = (type, more = {}, headers = {}) =>
    fetchRaw(schedulerUrl(masterUrl), {
      connection,
      body: { framework_id: { value: frameworkId }, type, ...more },
      headers: { 'Mesos-Stream-Id': streamId, ...headers },
    });
  const takeOffers = async () => (await stream.take('OFFERS')).offers.offers as readonly Offer[];
  return {
    ...stream,
    frameworkId,
    streamId,
    call,
    takeUpdate: async (taskId, state) => {
      const event = await stream.take(
        'UPDATE',
        ({ update }) =>
          update.status.task_id.value === taskId && (state === undefined || update.status.state === state),
      );
      return event.update.status as TaskStatus;
    },
    takeOffers,
    takeOffer: async () => {
      const [offer, ...others] = await takeOffers();
      if (offer === undefined || others.length > 0) throw new Error('Not one offer');
      return offer;
    },
    acknowledge: ({ agent_id, task_id, uuid }) => call('ACKNOWLEDGE', { acknowledge: { agent_id, task_id, uuid } }),
    launch: (offerIds, tasks, refuseSeconds) =>
      call('ACCEPT', {
        accept: {
          offer_ids: offerIds.map((value) => ({ value })),
          operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
          ...(refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } }),
        },
      }),
  };
}

export const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value } });
export const ports = (...range: readonly (readonly [number, number])[]) => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: range.map(([begin, end]) => ({ begin, end })) },
});

/** A command task of a tenth of a processor. */
export function commandTask(id: string, agentId: string, fields: object = {}): object {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: agentId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    command: { shell: true, value: 'sleep 300' },
    ...fields,
  };
}
