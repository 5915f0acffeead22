import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeRecord } from '../../../protocol/record-io.ts';

/** What a task of the v1 API needs to have names. */
export interface TaskSketch {
  readonly id: string;
  readonly name?: string;
  readonly agent?: string;
  readonly state?: string;
  readonly framework?: string;
  readonly statuses?: readonly object[];
  readonly ports?: readonly [number, number];
  readonly discovery?: object;
}

export function taskOf({
  id,
  name = 'web',
  agent = 'a-S0',
  state = 'TASK_RUNNING',
  framework = 'f-0',
  ...more
}: TaskSketch) {
  const [begin, end] = more.ports ?? [1, 0];
  return {
    name,
    task_id: { value: id },
    framework_id: { value: framework },
    agent_id: { value: agent },
    state,
    statuses: more.statuses ?? [],
    resources: [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } }],
    ...(more.discovery === undefined ? {} : { discovery: more.discovery }),
  };
}

export const agentOf = (id: string, host: string) => ({
  agent_info: { id: { value: id }, hostname: host, port: 5051 },
  pid: `slave(1)@${host}:5051`,
});

export const frameworkOf = (id: string, name: string, hostname = '127.0.0.9') => ({
  framework_info: { id: { value: id }, name, hostname },
});

export interface FakeState {
  readonly tasks?: readonly object[];
  readonly agents?: readonly object[];
  readonly frameworks?: readonly object[];
}

const usual: Required<FakeState> = {
  tasks: [],
  agents: [agentOf('a-S0', '10.0.0.1'), agentOf('a-S1', '10.0.0.2')],
  frameworks: [frameworkOf('f-0', 'marathon')],
};

const snapshot = (state: FakeState) => {
  const { tasks, agents, frameworks } = { ...usual, ...state };
  return {
    type: 'SUBSCRIBED',
    subscribed: { get_state: { get_tasks: { tasks }, get_agents: { agents }, get_frameworks: { frameworks } } },
  };
};

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A master as far as Mesos-DNS asks one. */
export async function startFakeMaster(state: FakeState = {}, port = 0) {
  let current = state;
  let subscriptions = 0;
  let answer: Answer | undefined;
  const streams = new Set<ServerResponse>();
  const asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    if (answer !== undefined) {
      answer(request, response);
    } else if (request.url === '/api/v1') {
      subscriptions += 1;
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(encodeRecord(JSON.stringify(snapshot(current))));
      streams.add(response);
      response.once('close', () => streams.delete(response));
    } else {
      const pids = (current.frameworks ?? []).flatMap((each) => ('summary' in each ? [each.summary] : []));
      response.end(JSON.stringify({ frameworks: pids }));
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const actual = (server.address() as AddressInfo).port;
  return {
    authority: `127.0.0.1:${actual}`,
    url: `http://127.0.0.1:${actual}`,
    asked,
    subscriptions: () => subscriptions,
    /** What the next snapshot has. */
    set: (next: FakeState) => {
      current = next;
    },
    send: (event: object) => {
      for (const stream of streams) stream.write(encodeRecord(JSON.stringify(event)));
    },
    /** Ends every stream. */
    hangUp: () => {
      for (const stream of streams) stream.end();
    },
    answerWith: (next: Answer | undefined) => {
      answer = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
