import { expect } from 'vitest';
import type { AgentOptions } from '../../../../engine/agent/agent-options.ts';
import { inMemoryDiscovery } from '../../../../engine/discovery/in-memory-discovery.ts';
import type { SurvivingProcesses } from '../../../../platform/processes/surviving/surviving-process.ts';
import type { TaskStatus } from '../../../../protocol/mesos.ts';
import { startLeader } from '../../master/master-for-test.ts';
import { fetchJson, scalar, subscribe, type Loose } from '../../scheduler-client.ts';
import { agentOptions, waitFor } from '../running-agent.ts';
import { startKillableAgent } from './killable-agent.ts';

export const small = [scalar('cpus', 0.1), scalar('mem', 32)];

/** A master that leads, an agent that can be killed and started again, and a framework that acknowledges all it hears. */
export async function startExecutorCluster(
  more: Partial<AgentOptions> = {},
  info: object = {},
  recoveryTimeoutMs?: number,
  survivors?: SurvivingProcesses,
) {
  const masters = inMemoryDiscovery();
  const master = await startLeader({ discovery: masters });
  const nobody = { candidate: { id: '', url: '', hostname: '' } };
  const options = agentOptions(nobody, { masters, recovery: 'reconnect', statusRetryMs: 10_000, ...more });
  const { part, url } = await startKillableAgent(options, { recoveryTimeoutMs, survivors });
  const capabilities = ['PARTITION_AWARE', 'TASK_KILLING_STATE', 'MULTI_ROLE'].map((type) => ({ type }));
  const framework = await subscribe(master.url, { roles: ['dev'], capabilities, checkpoint: true, ...info });
  const statuses: TaskStatus[] = [];
  framework.onEvent(({ type, update }) => {
    if (type !== 'UPDATE') return;
    const status = update.status as TaskStatus;
    statuses.push(status);
    if (status.uuid !== undefined) framework.acknowledge(status).catch(() => undefined);
  });
  const accept = async (offer: Loose, operation: object) => {
    const answer = await framework.call('ACCEPT', {
      accept: { offer_ids: [offer.id], operations: [operation], filters: { refuse_seconds: 0.01 } },
    });
    expect(answer).toMatchObject({ status: 202 });
  };
  const statesOf = (taskId: string) =>
    statuses.filter(({ task_id: id }) => id.value === taskId).map(({ state }) => state);
  const statusOf = async (taskId: string, state: string) => {
    await waitFor(() => {
      const last = statuses.findLast((each) => each.task_id.value === taskId);
      expect(statesOf(taskId), last?.message).toContain(state);
    });
    return statuses.findLast((each) => each.task_id.value === taskId && each.state === state) as TaskStatus;
  };
  return {
    master,
    framework,
    part,
    accept,
    statuses,
    statesOf,
    statusOf,
    agentUrl: url,
    agentState: () => fetchJson(`${url()}/state`),
    masterState: () => fetchJson(`${master.url}/state`),
  };
}

export type ExecutorCluster = Awaited<ReturnType<typeof startExecutorCluster>>;
