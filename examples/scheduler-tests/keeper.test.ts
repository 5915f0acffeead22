import { startCluster, testClock, type TestCluster } from 'create-mesos-cluster/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Keeper } from './keeper.js';

const clock = testClock();
let cluster: TestCluster;
let keeper: Keeper;
let stopped: Promise<unknown>;

beforeEach(async () => {
  cluster = await startCluster({ agents: 2, marathons: 0, clock });
  keeper = new Keeper({ master: cluster.masterUrl, command: 'sleep 1000', copies: 2 });
  stopped = keeper.run().catch((error: unknown) => error);
  await cluster.waitFor(() => keeper.running === 2, { what: 'both copies run' });
}, 30_000);

afterEach(async () => {
  await cluster.end();
});

const masterSays = async (path: string) => (await fetch(`${cluster.masterUrl}${path}`)).json();

/** What the master knows of the tasks of all frameworks. */
async function tasks(): Promise<readonly { readonly id: string; readonly state: string; readonly slave_id: string }[]> {
  return (await masterSays('/tasks')).tasks;
}

/** The name that the cluster has for an agent. */
async function nameOf(agentId: string): Promise<string> {
  const { slaves } = await masterSays('/slaves');
  const { port } = slaves.find(({ id }: { readonly id: string }) => id === agentId);
  return `agent${cluster.agentUrls.findIndex((url) => url.endsWith(`:${port}`)) + 1}`;
}

test('it starts as many copies as it is told to', async () => {
  expect((await tasks()).map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
});

test('it starts others in place of those that an agent takes with it', { timeout: 60_000 }, async () => {
  const [lost] = await tasks();
  await cluster.kill(await nameOf(lost!.slave_id));
  // An agent is lost after five pings of 15 s.
  await clock.advance(100_000);
  await cluster.waitFor(() => keeper.running === 2 && !keeper.tasks.has(lost!.id), {
    what: 'two copies run again, and the lost one is not among them',
  });
});

test('it ends its tasks when it is stopped', async () => {
  await keeper.stop();
  await cluster.waitFor(async () => (await tasks()).every(({ state }) => state === 'TASK_KILLED'));
});
