import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AgentOptions } from '../../../../engine/agent/agent-options.ts';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import { encodeRecord } from '../../../../protocol/record-io.ts';
import { fetchRaw, openStream, type RawAnswer, type RecordStream } from '../../scheduler-client.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf, type Loose } from '../running-agent.ts';

export interface Id {
  readonly value: string;
  readonly parent?: Id;
}

export const within = (parent: Id, value: string): Id => ({ value, parent });

export const shell = (value: string) => ({ command: { shell: true, value } });

/** Calls about containers, as a client of an agent makes them. */
export function containerApi(url: () => string) {
  const call = (type: string, content?: object): Promise<RawAnswer> =>
    fetchRaw(`${url()}/api/v1`, {
      body: { type, ...(content === undefined ? {} : { [type.toLowerCase()]: content }) },
    });
  /** Of a container. */
  const about = (type: string, id: Id, fields: object = {}) => call(type, { container_id: id, ...fields });
  const records = { Accept: 'application/recordio', 'Message-Accept': 'application/json' };
  const stream = (type: string, id: Id, fields: object = {}, headers: object = records): Promise<RecordStream> =>
    openStream(
      `${url()}/api/v1`,
      { type, [type.toLowerCase()]: { container_id: id, ...fields } },
      headers as Record<string, string>,
    );
  return { call, about, stream, input: (id: Id) => openInput(url(), id) };
}

/** An agent that runs a task, whose container others can be in. */
export async function startTask(
  command = 'sleep 1000',
  more: Partial<AgentOptions> = {},
  task: Partial<TaskInfo> = {},
) {
  const { master, agent } = await startTestAgent(more);
  master.run(commandTask('t', command, task));
  const { container_status: status } = (await stateOf(master, 't', 'TASK_RUNNING')) as Loose;
  const parent = status.container_id as Id;
  return { master, agent, parent, directory: await sandboxOf(agent.url, 't'), ...containerApi(() => agent.url) };
}

interface Listed {
  readonly container_id: Id;
  readonly executor_id?: Id;
  readonly container_status: { readonly container_id: Id; readonly executor_pid: number };
  readonly resource_statistics: object;
}

/** What GET_CONTAINERS answered. */
export const listedIn = (body: string): readonly Listed[] =>
  (JSON.parse(body) as { readonly get_containers: { readonly containers?: readonly Listed[] } }).get_containers
    .containers ?? [];

/** What was said on a stream of a session. */
export const saidOn = ({ events }: RecordStream, type: 'STDOUT' | 'STDERR' = 'STDOUT'): string =>
  events
    .filter((event) => event.type === 'DATA' && event.data.type === type)
    .map((event) => Buffer.from(event.data.data as string, 'base64').toString('utf8'))
    .join('');

/** ATTACH_CONTAINER_INPUT: a request that goes on. */
function openInput(url: string, id: Id) {
  const sent = httpRequest(`${url}/api/v1`, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/recordio', 'Message-Content-Type': 'application/json' },
  });
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (message: IncomingMessage) => {
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        resolve({ status: message.statusCode ?? 0, headers: message.headers, body });
      });
    });
  });
  answer.catch(() => undefined);
  const send = (content: object) => {
    sent.write(encodeRecord(JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: content })));
  };
  const io = (processIo: object) => {
    send({ type: 'PROCESS_IO', process_io: processIo });
  };
  send({ type: 'CONTAINER_ID', container_id: id });
  return {
    send,
    io,
    type: (text: string) => {
      io({ type: 'DATA', data: { type: 'STDIN', data: Buffer.from(text).toString('base64') } });
    },
    end: () => sent.end(),
    destroy: () => sent.destroy(),
    answer,
  };
}
