import { describe, expect, test } from 'vitest';
import { commandTask, fetchRaw, scalar, subscribe } from '../engine/scheduler-client.ts';
import { clusterForTests, givenUrl } from './cluster.ts';

/* A Mesos 1.12 aborts at these (recorded: aborts), so that they must not be sent to one. The engine refuses, and goes on. */

const cluster = clusterForTests();
const goesOn = async (url: string) => {
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
};
const isRefused = (status: number) => status === 400 || status === 404 || status === 501;

describe.skipIf(givenUrl !== undefined)('what a Mesos aborts at is refused by the engine', () => {
  test('REMOVE_QUOTA of a role that has none', async () => {
    const { master } = cluster();
    const { status } = await fetchRaw(`${master}/api/v1`, {
      body: { type: 'REMOVE_QUOTA', remove_quota: { role: 'nope' } },
    });
    expect(status).toSatisfy(isRefused);
    await goesOn(master);
  });

  test('a task group with two tasks of one id', async () => {
    const { master } = cluster();
    const framework = await subscribe(master);
    const [offer] = await framework.takeOffers();
    const task = commandTask('twice', offer?.agent_id.value ?? '');
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 10)];
    const executor = { type: 'DEFAULT', executor_id: { value: 'e' }, resources };
    const group = { executor, task_group: { tasks: [task, task] } };
    const operations = [{ type: 'LAUNCH_GROUP', launch_group: group }];
    const { status } = await framework.call('ACCEPT', { accept: { offer_ids: [offer?.id], operations } });
    // Refused as a call, or by an update of the task.
    if (status === 202) expect(await framework.takeUpdate('twice')).toMatchObject({ state: 'TASK_ERROR' });
    else expect(status).toBe(400);
    await framework.call('TEARDOWN');
    await goesOn(master);
  });

  test('REMOVE_CONTAINER of a container without a parent', async () => {
    const { agent } = cluster();
    const body = { type: 'REMOVE_CONTAINER', remove_container: { container_id: { value: 'standalone-1' } } };
    expect((await fetchRaw(`${agent}/api/v1`, { body })).status).toSatisfy(isRefused);
    await goesOn(agent);
  });
});
