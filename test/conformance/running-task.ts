import { commandTask, subscribe, type SchedulerClient } from '../engine/scheduler-client.ts';
import type { Cluster } from './cluster.ts';

interface RunningTask {
  readonly framework: SchedulerClient;
  readonly agentId: string;
}

/** Does something while a command runs, then tears its framework down. */
export async function withRunningTask(
  { master, agentId }: Cluster,
  id: string,
  use: (task: RunningTask) => Promise<void>,
  command = 'sleep 300',
): Promise<void> {
  const framework = await subscribe(master, { name: 'conformance' });
  try {
    let offer;
    do offer = (await framework.takeOffers()).find(({ agent_id: each }) => each.value === agentId);
    while (offer === undefined);
    await framework.launch([offer.id.value], [commandTask(id, agentId, { command: { shell: true, value: command } })]);
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      await framework.acknowledge(await framework.takeUpdate(id, state));
    }
    await use({ framework, agentId });
  } finally {
    await framework.call('TEARDOWN');
    framework.close();
  }
}
