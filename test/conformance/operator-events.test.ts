import { afterEach, describe, expect, test } from 'vitest';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import {
  commandTask,
  openStream,
  scalar,
  subscribe,
  type Loose,
  type RecordStream,
  type SchedulerClient,
} from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { subscribeInProtobuf } from './in-protobuf.ts';
import { operatorCalls } from './operator-calls.ts';

const cluster = clusterForTests();
const { answer } = operatorCalls(() => cluster().master);

const open: { close: () => unknown }[] = [];
const frameworks: SchedulerClient[] = [];
afterEach(async () => {
  for (const framework of frameworks.splice(0)) {
    await framework.call('TEARDOWN');
    framework.close();
  }
  for (const stream of open.splice(0)) stream.close();
});

const follow = async (): Promise<RecordStream> => {
  const stream = await openStream(`${cluster().master}/api/v1`, { type: 'SUBSCRIBE' }, { Accept: 'application/json' });
  open.push(stream);
  return stream;
};

const info = {
  name: 'conformance',
  roles: ['conformance'],
  failover_timeout: 60,
  webui_url: 'http://example.com/',
  labels: { labels: [{ key: 'a', value: 'b' }] },
  capabilities: ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE'].map((type) => ({ type })),
};

async function startFramework() {
  const framework = await subscribe(cluster().master, info);
  frameworks.push(framework);
  return framework;
}

/** Launches a task with the next offer of the agent. */
async function launch(framework: SchedulerClient, id: string, command: string) {
  let offer;
  do offer = (await framework.takeOffers()).find(({ agent_id: each }) => each.value === cluster().agentId);
  while (offer === undefined);
  const task = commandTask(id, cluster().agentId, {
    labels: { labels: [{ key: 'k', value: 'v' }] },
    command: { shell: true, value: command },
  });
  expect(await framework.launch([offer.id.value], [task], 0.1)).toMatchObject({ status: 202 });
}

describe('SUBSCRIBE [docs/operator-http-api.md, Events; recorded: operator-events]', () => {
  test('begins with what there is, and a heartbeat', async () => {
    const stream = await follow();
    expect(stream.headers['content-type']).toBe('application/json');
    const { subscribed } = await stream.take('SUBSCRIBED');
    expect(subscribed.heartbeat_interval_seconds).toBeGreaterThan(0);
    const { agents } = subscribed.get_state.get_agents;
    expect(listOf(agents).map(({ agent_info: each }): unknown => each.id.value)).toContain(cluster().agentId);
    await stream.take('HEARTBEAT');
    expect(stream.events.slice(0, 2).map(({ type }): unknown => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
  });

  test('that accepts neither format is refused', async () => {
    const html = openStream(`${cluster().master}/api/v1`, { type: 'SUBSCRIBE' }, { Accept: 'text/html' });
    await expect(html).rejects.toThrow(
      "406: Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    );
  });

  test('tells of frameworks as they come, change and go', async () => {
    const stream = await follow();
    const framework = await startFramework();
    const id = { value: framework.frameworkId };
    const isOwn = (event: Loose) =>
      (event.framework_added ?? event.framework_updated)?.framework.framework_info.id.value === id.value ||
      event.framework_removed?.framework_info.id.value === id.value;
    expect((await stream.take('FRAMEWORK_ADDED', isOwn)).framework_added.framework).toMatchObject({
      framework_info: { ...info, id },
      ...{ active: true, connected: true, recovered: false },
      registered_time: { nanoseconds: expect.any(Number) as number },
    });
    const changed = { user: 'root', ...info, id, webui_url: 'http://example.com/2' };
    expect(await framework.call('UPDATE_FRAMEWORK', { update_framework: { framework_info: changed } })).toMatchObject({
      status: 200,
    });
    expect((await stream.take('FRAMEWORK_UPDATED', isOwn)).framework_updated.framework).toMatchObject({
      framework_info: { id, webui_url: 'http://example.com/2' },
    });
    await framework.call('TEARDOWN');
    expect((await stream.take('FRAMEWORK_REMOVED', isOwn)).framework_removed.framework_info).toMatchObject({ id });
  });

  test('tells of tasks from their launch to their end', async () => {
    const stream = await follow();
    const framework = await startFramework();
    await launch(framework, 'followed', 'sleep 300');
    const names = { task_id: { value: 'followed' }, framework_id: { value: framework.frameworkId } };
    const isOwn = (event: Loose) => event.task_added?.task.framework_id.value === framework.frameworkId;
    expect((await stream.take('TASK_ADDED', isOwn)).task_added.task).toMatchObject({
      ...{ ...names, name: 'followed', state: 'TASK_STAGING', agent_id: { value: cluster().agentId } },
      resources: [scalar('cpus', 0.1), scalar('mem', 32)].map((each) => ({
        ...each,
        allocation_info: { role: 'conformance' },
      })),
      labels: { labels: [{ key: 'k', value: 'v' }] },
    });
    const updated = async (state: string) => {
      const event = await stream.take('TASK_UPDATED', ({ task_updated: each }) => each.state === state);
      return event.task_updated as object;
    };
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      expect(await updated(state)).toMatchObject({
        framework_id: names.framework_id,
        status: { task_id: names.task_id, state, source: 'SOURCE_EXECUTOR', agent_id: { value: cluster().agentId } },
      });
      await framework.acknowledge(await framework.takeUpdate('followed', state));
    }
    const late = await follow();
    const { tasks } = (await late.take('SUBSCRIBED')).subscribed.get_state.get_tasks;
    expect(listOf(tasks).find(({ framework_id: id }) => id.value === framework.frameworkId)).toMatchObject({
      ...{ ...names, state: 'TASK_RUNNING', status_update_state: 'TASK_RUNNING' },
      statuses: [{ state: 'TASK_STARTING' }, { state: 'TASK_RUNNING' }],
    });
    await framework.call('KILL', { kill: { task_id: names.task_id } });
    await updated('TASK_KILLING');
    await framework.acknowledge(await framework.takeUpdate('followed', 'TASK_KILLING'));
    expect(await updated('TASK_KILLED')).toMatchObject({
      status: { message: 'Command terminated with signal Terminated' },
    });
    await framework.acknowledge(await framework.takeUpdate('followed', 'TASK_KILLED'));
    // It is forgotten once that is acknowledged, and completed then.
    await expect
      .poll(async () => listOf((await answer('GET_TASKS')).get_tasks.completed_tasks ?? []), { timeout: 15_000 })
      .toContainEqual(expect.objectContaining({ ...names, state: 'TASK_KILLED' }));
  });

  test('tells the same in protobuf', async () => {
    const stream = await subscribeInProtobuf(cluster().master, 'master', { type: 'SUBSCRIBE' });
    open.push(stream);
    expect(stream.contentType).toBe('application/x-protobuf');
    const { subscribed } = (await stream.take('SUBSCRIBED')) as Loose;
    expect(
      listOf(subscribed.get_state.get_agents.agents).map(({ agent_info: each }): unknown => each.id.value),
    ).toContain(cluster().agentId);
    const framework = await startFramework();
    const added = (await stream.take('FRAMEWORK_ADDED')) as Loose;
    expect(added.framework_added.framework).toMatchObject({
      framework_info: { ...info, id: { value: framework.frameworkId } },
    });
    await launch(framework, 'ends', 'true');
    expect(((await stream.take('TASK_ADDED')) as Loose).task_added.task).toMatchObject({
      ...{ name: 'ends', state: 'TASK_STAGING', framework_id: { value: framework.frameworkId } },
    });
    for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']) {
      expect(((await stream.take('TASK_UPDATED')) as Loose).task_updated).toMatchObject({
        status: { task_id: { value: 'ends' }, state },
        state,
      });
      await framework.acknowledge(await framework.takeUpdate('ends', state));
    }
  });
});
