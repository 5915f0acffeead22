import { randomBytes } from 'node:crypto';
import {
  fetchRaw,
  lastingConnection,
  openStream,
  ports,
  scalar,
  type Loose,
  type RawAnswer,
  type RecordStream,
} from '../scheduler-client.ts';

/** An agent that runs nothing: it speaks protocol/agent-api.ts by raw HTTP, and reports what the test says. */
export interface FakeAgent extends RecordStream {
  readonly agentId: string;
  /** Reports a task; with a uuid, which is returned with the status. */
  readonly report: (frameworkId: string, taskId: string, state: string, fields?: object) => Promise<Loose>;
  readonly post: (call: object) => Promise<RawAnswer>;
}

let nextPort = 20_000;

export const agentRegistration = (fields: object = {}) => ({
  hostname: 'agent.test',
  port: nextPort++,
  ip: '127.0.0.1',
  resources: [scalar('cpus', 2), scalar('mem', 1024), scalar('disk', 4096), ports([31000, 31099])],
  attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'abc' } }],
  version: '1.12.0',
  tasks: [],
  frameworks: [],
  ...fields,
});

/**
 * Subscribes an agent.
 * @param answersPings whether it does; default true
 */
export async function startFakeAgent(
  masterUrl: string,
  fields: object = {},
  { answersPings = true } = {},
): Promise<FakeAgent> {
  const url = `${masterUrl}/api/agent`;
  const stream = await openStream(url, { type: 'SUBSCRIBE', subscribe: agentRegistration(fields) });
  const { subscribed } = await stream.take('SUBSCRIBED');
  const agentId: string = subscribed.agent_id.value;
  const id = { value: agentId };
  const connection = lastingConnection();
  const post = (call: object) => fetchRaw(url, { connection, body: { agent_id: id, ...call } });
  stream.onEvent(({ type }) => {
    if (type === 'PING' && answersPings) post({ type: 'PONG' }).catch(() => undefined);
  });
  if (answersPings) await post({ type: 'PONG' });
  return {
    ...stream,
    agentId,
    post,
    report: async (frameworkId, taskId, state, more = {}) => {
      const status = {
        task_id: { value: taskId },
        state,
        source: 'SOURCE_EXECUTOR',
        agent_id: id,
        executor_id: { value: taskId },
        timestamp: Date.now() / 1000,
        uuid: randomBytes(16).toString('base64'),
        ...more,
      };
      const answer = await post({
        type: 'UPDATE_STATUS',
        update_status: { framework_id: { value: frameworkId }, status },
      });
      return { ...status, answer };
    },
  };
}
