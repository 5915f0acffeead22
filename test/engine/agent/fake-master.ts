import type { AgentCall, AgentEvent, AgentRegistration } from '../../../protocol/agent-api.ts';
import type { TaskInfo, TaskStatus } from '../../../protocol/mesos.ts';
import { encodeRecord } from '../../../protocol/record-io.ts';
import type { Sink } from '../../../engine/http/http-answer.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { route, router } from '../../../engine/http/router.ts';

/**
 * A fake master: it registers any agent and notes what comes; it acknowledges updates unless told not to. It offers
 * nothing and knows no frameworks.
 */
export async function startFakeMaster(
  options: {
    readonly acknowledges?: boolean;
    readonly name?: string;
    /** Whether frameworks checkpoint, so that agents recover their tasks. Default true. */
    readonly checkpoint?: boolean;
  } = {},
) {
  const { name = 'fake-master', checkpoint = true } = options;
  const registrations: AgentRegistration[] = [];
  const updates: TaskStatus[] = [];
  const calls: AgentCall[] = [];
  let sink: Sink | undefined;
  let acknowledges = options.acknowledges ?? true;
  let nextAgent = 0;
  const send = (event: AgentEvent) => {
    sink?.write(encodeRecord(JSON.stringify(event)));
  };
  const acknowledge = (status: TaskStatus, frameworkId = 'fw-0') => {
    send({
      type: 'ACKNOWLEDGE_STATUS',
      acknowledge_status: { framework_id: { value: frameworkId }, task_id: status.task_id, uuid: status.uuid ?? '' },
    });
  };
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    log: () => undefined,
    handler: router([
      route('POST', '/api/agent', async (request) => {
        const call = (await request.json()) as unknown as AgentCall;
        calls.push(call);
        if (call.type === 'UPDATE_STATUS') {
          updates.push(call.update_status.status);
          if (acknowledges) acknowledge(call.update_status.status, call.update_status.framework_id.value);
        }
        if (call.type !== 'SUBSCRIBE') return { status: 202 };
        registrations.push(call.subscribe);
        const agentId = call.subscribe.agent_id ?? { value: `${name}-S${nextAgent++}` };
        return {
          status: 200,
          headers: { 'Content-Type': 'application/json' },
          stream: (opened) => {
            sink = opened;
            send({ type: 'SUBSCRIBED', subscribed: { agent_id: agentId, master_id: name } });
          },
        };
      }),
    ]),
  });
  return {
    candidate: { id: name, url: server.url, hostname: 'localhost' },
    registrations,
    updates,
    calls,
    send,
    acknowledge,
    setAcknowledges: (value: boolean) => {
      acknowledges = value;
    },
    breakStream: () => sink?.end(),
    run: (task: TaskInfo, frameworkId = 'fw-0', capabilities: readonly string[] = []) => {
      const framework = {
        ...{ name: 'test', user: 'nobody', checkpoint },
        capabilities: capabilities.map((type) => ({ type })),
      };
      send({ type: 'RUN_TASK', run_task: { framework, framework_id: { value: frameworkId }, task } });
    },
    kill: (taskId: string, graceMs?: number, frameworkId = 'fw-0') => {
      send({
        type: 'KILL_TASK',
        kill_task: {
          framework_id: { value: frameworkId },
          task_id: { value: taskId },
          ...(graceMs !== undefined && { kill_policy: { grace_period: { nanoseconds: graceMs * 1e6 } } }),
        },
      });
    },
    close: server.close,
  };
}

export type FakeMaster = Awaited<ReturnType<typeof startFakeMaster>>;
