import { expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, scalar, subscribe } from '../scheduler-client.ts';
import type { TaskStatus } from '../../../protocol/mesos.ts';
import { behaviour, startSimulatedCluster } from './simulation-for-test.ts';
import type { SimulationOptions } from '../../../engine/simulation/simulation-options.ts';

/** One agent, a framework, and a task that it has launched there. */
async function launchOne(more: Partial<SimulationOptions> = {}, info: object = {}, task: object = {}) {
  const { master, simulation } = await startSimulatedCluster({ count: 1, ...more });
  const framework = await subscribe(master.url, { ...info });
  const { id, agent_id } = await framework.takeOffer();
  await framework.launch([id.value], [commandTask('one', agent_id.value, task)], 3600);
  const next = async (state: string) => {
    const status = await framework.takeUpdate('one', state);
    await framework.acknowledge(status);
    return status;
  };
  return { master, simulation, framework, agentId: agent_id.value, next };
}

test('a task starts and runs as a real one does, and every word of it says that it is simulated', async () => {
  const { master, simulation, next, agentId } = await launchOne();
  expect(await next('TASK_STARTING')).toMatchObject({ source: 'SOURCE_EXECUTOR', agent_id: { value: agentId } });
  expect(await next('TASK_RUNNING')).toMatchObject({
    message: expect.stringMatching(/^Simulated task: nothing runs, no port answers/),
    executor_id: { value: 'one' },
    container_status: { network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }] },
  });
  const { slaves } = await fetchJson(`${master.url}/slaves`);
  expect(slaves[0]).toMatchObject({ used_resources: { cpus: 0.1, mem: 32 }, attributes: { simulated: 'true' } });
  const state = await fetchJson(`${simulation.url}/slave(1)/state`);
  expect(state).toMatchObject({ id: agentId, hostname: 'simulated-1.localhost', attributes: { simulated: 'true' } });
  const [executor] = state.frameworks[0].executors;
  expect(executor).toMatchObject({ id: 'one', tasks: [{ state: 'TASK_RUNNING' }] });
  const byName = await fetchJson(`${simulation.url}/state`, { headers: { Host: 'simulated-1.localhost' } });
  expect(byName.id).toBe(agentId);
  const path = encodeURIComponent(`${executor.directory}/stdout`);
  const { data } = await fetchJson(`${simulation.url}/slave(1)/files/read?path=${path}&offset=0`);
  expect(data).toMatch(/^This is a simulated task/);
});

test('whoever asks for no agent is told how they are asked', async () => {
  const { simulation } = await startSimulatedCluster({ count: 2 });
  for (const path of ['/state', '/slave(3)/state', '/slave(0)/state']) {
    expect(await fetchRaw(simulation.url + path), path).toMatchObject({
      status: 404,
      body: expect.stringContaining('2 simulated agents: /slave(1)/state to /slave(2)/state'),
    });
  }
});

test('a task is killed, in the states that its framework wants to know', async () => {
  const info = { capabilities: [{ type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }] };
  const { framework, next, agentId } = await launchOne({}, info);
  await next('TASK_STARTING');
  await next('TASK_RUNNING');
  await framework.call('KILL', { kill: { task_id: { value: 'one' }, agent_id: { value: agentId } } });
  await next('TASK_KILLING');
  expect(await next('TASK_KILLED')).toMatchObject({ message: 'Simulated task stopped' });
  // Its resources are offered again.
  expect((await framework.takeOffers())[0]?.resources).toContainEqual(
    expect.objectContaining({ name: 'cpus', scalar: { value: 4 } }),
  );
});

test('an update is sent again until it is acknowledged, and the next one only then', async () => {
  const { framework, next } = await launchOne({ statusRetryMs: 20 });
  const first = await framework.takeUpdate('one', 'TASK_STARTING');
  const again = await framework.takeUpdate('one', 'TASK_STARTING');
  expect(again.uuid).toBe(first.uuid);
  expect(framework.events.filter(({ update }) => update?.status.state === 'TASK_RUNNING')).toEqual([]);
  await framework.acknowledge(again);
  await next('TASK_RUNNING');
});

test.each([
  ['crashRate', { crashRate: 1 }, 'TASK_FAILED', /^Simulated task: crashed/],
  ['endAfter', { endAfter: { fromMs: 1, toMs: 2 } }, 'TASK_FINISHED', /^Simulated task: finished/],
] as const)('a task ends by itself as %s says', async (_, tasks, state, words) => {
  const { next } = await launchOne({ tasks: { ...behaviour, ...tasks } });
  await next('TASK_STARTING');
  await next('TASK_RUNNING');
  expect(await next(state)).toMatchObject({ message: expect.stringMatching(words) });
});

test('a task that is still to start is killed before it does', async () => {
  const hour = { fromMs: 3_600_000, toMs: 3_600_000 };
  const { framework, next, agentId } = await launchOne({ tasks: { ...behaviour, startDelay: hour } });
  await framework.call('KILL', { kill: { task_id: { value: 'one' }, agent_id: { value: agentId } } });
  expect(await next('TASK_KILLED')).toMatchObject({ reason: 'REASON_TASK_KILLED_DURING_LAUNCH' });
});

test('a health check that Mesos runs passes, and says that nothing was asked', async () => {
  const check = { type: 'HTTP', http: { port: 31_000, path: '/' }, delay_seconds: 0 };
  const { next } = await launchOne({}, {}, { health_check: check });
  await next('TASK_STARTING');
  await next('TASK_RUNNING');
  expect(await next('TASK_RUNNING')).toMatchObject({
    healthy: true,
    reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
    message: expect.stringContaining('nothing was asked'),
  });
});

test('a framework that is torn down has no tasks left', async () => {
  const { master, simulation, framework, next } = await launchOne();
  await next('TASK_STARTING');
  await framework.call('TEARDOWN');
  const gone = async () => (await fetchJson(`${simulation.url}/slave(1)/state`)).frameworks.length === 0;
  await expect.poll(gone).toBe(true);
  expect((await fetchJson(`${master.url}/slaves`)).slaves[0].used_resources).toMatchObject({ cpus: 0 });
});

/** One agent, and a framework with a group of the tasks a and b that run there. */
async function launchGroup(isAcknowledged: (state: string) => boolean = () => true) {
  const { master, simulation } = await startSimulatedCluster({ count: 1 });
  const framework = await subscribe(master.url);
  framework.onEvent(({ update }) => {
    const status = update?.status as TaskStatus | undefined;
    if (status?.uuid !== undefined && isAcknowledged(status.state))
      framework.acknowledge(status).catch(() => undefined);
  });
  const { id, agent_id } = await framework.takeOffer();
  const executor = {
    type: 'DEFAULT',
    executor_id: { value: 'e' },
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
  };
  const tasks = ['a', 'b'].map((each) => commandTask(each, agent_id.value));
  const operations = [{ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } }];
  await framework.call('ACCEPT', { accept: { offer_ids: [id], operations } });
  for (const each of ['a', 'b']) {
    expect(await framework.takeUpdate(each, 'TASK_RUNNING')).toMatchObject({ executor_id: { value: 'e' } });
  }
  return { master, simulation, framework, agent_id };
}

test('a task group runs and ends as one, with its executor', async () => {
  const { master, framework, agent_id } = await launchGroup();
  await framework.call('KILL', { kill: { task_id: { value: 'b' }, agent_id } });
  await framework.takeUpdate('a', 'TASK_KILLED');
  expect((await framework.take('FAILURE')).failure).toMatchObject({ executor_id: { value: 'e' }, status: 0 });
  expect((await fetchJson(`${master.url}/slaves`)).slaves[0].used_resources).toMatchObject({ cpus: 0, mem: 0 });
});

test('an agent that is drained to be gone says so of all tasks of a group', async () => {
  const { master, framework, agent_id } = await launchGroup();
  const body = { type: 'DRAIN_AGENT', drain_agent: { agent_id, mark_gone: true } };
  expect(await fetchRaw(`${master.url}/api/v1`, { body })).toMatchObject({ status: 200 });
  for (const each of ['a', 'b']) {
    expect(await framework.takeUpdate(each, 'TASK_GONE_BY_OPERATOR'), each).toMatchObject({
      ...{ source: 'SOURCE_EXECUTOR', reason: 'REASON_AGENT_DRAINING', message: 'Simulated task stopped' },
    });
  }
});

test('an agent shows the tasks of a group below their executor, and counts that once', async () => {
  const { simulation } = await launchGroup();
  const own = `${simulation.url}/slave(1)`;
  const show = async () => (await fetchJson(`${own}/state`)).frameworks[0].executors as readonly { readonly container: string }[];
  const executors = await show();
  expect(executors).toMatchObject([{ id: 'e', type: 'DEFAULT', tasks: [{ executor_id: 'e' }, { executor_id: 'e' }] }]);
  expect((await show())[0]?.container).toBe(executors[0]?.container);
  const body = { type: 'GET_TASKS' };
  const { launched_tasks: launched } = (await fetchJson(`${own}/api/v1`, { body })).get_tasks;
  expect(launched).toMatchObject([{ executor_id: { value: 'e' } }, { executor_id: { value: 'e' } }]);
  expect(await fetchJson(`${own}/metrics/snapshot`)).toMatchObject({
    'slave/executors_registering': 0,
    'slave/executors_running': 1,
    'slave/executors_terminating': 0,
    'slave/tasks_running': 2,
    'slave/mem_used': 96,
  });
});

test('an agent says that it drains until the end of its tasks is acknowledged', async () => {
  const { master, simulation, framework, agent_id } = await launchGroup((state) => state !== 'TASK_KILLED');
  const drain = { agent_id, max_grace_period: { seconds: 1 } };
  expect((await fetchRaw(`${master.url}/api/v1`, { body: { type: 'DRAIN_AGENT', drain_agent: drain } })).status).toBe(
    200,
  );
  const ends = await Promise.all(['a', 'b'].map((each) => framework.takeUpdate(each, 'TASK_KILLED')));
  const shown = async () =>
    (await fetchJson(`${simulation.url}/slave(1)/api/v1`, { body: { type: 'GET_AGENT' } })).get_agent as object;
  expect(await shown()).toMatchObject({ drain_config: { max_grace_period: { nanoseconds: 1e9 } } });
  for (const each of ends) await framework.acknowledge(each);
  await expect.poll(async () => 'drain_config' in (await shown())).toBe(false);
});
