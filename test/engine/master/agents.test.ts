import { describe, expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, subscribe, type SchedulerClient } from '../scheduler-client.ts';
import { agentRegistration, startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { eventually, heldPings, startLeader } from './master-for-test.ts';

async function runTask(framework: SchedulerClient, agent: FakeAgent, id: string): Promise<void> {
  const offer = await framework.takeOffer();
  await framework.launch([offer.id.value], [commandTask(id, agent.agentId)], 0);
  await agent.take('RUN_TASK');
  await agent.report(framework.frameworkId, id, 'TASK_RUNNING');
  await framework.acknowledge(await framework.takeUpdate(id, 'TASK_RUNNING'));
}

/** As an agent reports a task when it subscribes again. */
const reported = (
  framework: { readonly frameworkId: string },
  agentId: string,
  taskId: string,
  fields: object = {},
) => ({
  framework_id: { value: framework.frameworkId },
  task: commandTask(taskId, agentId),
  status: { task_id: { value: taskId }, state: 'TASK_RUNNING', timestamp: 1000, ...fields },
});

describe('an agent', () => {
  test('gets an id, and shows up as active', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const { id, slaves, activated_slaves: active } = await fetchJson(`${url}/state`);
    expect(agent.agentId).toBe(`${id}-S0`);
    expect(active).toBe(1);
    expect(slaves).toMatchObject([
      { id: agent.agentId, active: true, pid: expect.stringMatching(/^slave\(1\)@127\.0\.0\.1:\d+$/) },
    ]);
    expect((await startFakeAgent(url)).agentId).toBe(`${id}-S1`);
  });

  test('is inactive as soon as its stream breaks, and its offers are rescinded', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    agent.close();
    expect((await framework.take('RESCIND')).rescind).toEqual({ offer_id: offer.id });
    const state = await fetchJson(`${url}/state`);
    expect(state.slaves).toMatchObject([{ id: agent.agentId, active: false }]);
    expect(state).toMatchObject({ activated_slaves: 0, deactivated_slaves: 1, unreachable_slaves: 0 });
    expect(state.slaves[0].offered_resources.cpus).toBe(0);
  });

  test('comes back with its id and tasks: nothing is lost, and kills that it missed are repeated', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url);
    await runTask(framework, agent, 't1');
    agent.close();
    await eventually(async () => !(await fetchJson(`${url}/state`)).slaves[0].active);
    await framework.call('KILL', { kill: { task_id: { value: 't1' } } });
    const id = { value: agent.agentId };
    const back = await startFakeAgent(url, { agent_id: id, tasks: [reported(framework, agent.agentId, 't1')] });
    expect(back.agentId).toBe(agent.agentId);
    expect((await back.take('KILL_TASK')).kill_task.task_id).toEqual({ value: 't1' });
    const { slaves, frameworks } = await fetchJson(`${url}/state`);
    expect(slaves).toHaveLength(1);
    expect(slaves[0]).toMatchObject({ active: true, used_resources: { cpus: 0.1 } });
    expect(slaves[0].reregistered_time).toBeTypeOf('number');
    expect(frameworks[0].tasks).toMatchObject([{ id: 't1', state: 'TASK_RUNNING' }]);
  });

  test('comes back without a task: it is dropped', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url);
    await runTask(framework, agent, 't1');
    await startFakeAgent(url, { agent_id: { value: agent.agentId } });
    await agent.ended;
    expect(await framework.takeUpdate('t1')).toMatchObject({
      state: 'TASK_DROPPED',
      message: 'Reconciliation: Task is unknown to the agent',
    });
    expect((await fetchJson(`${url}/state`)).slaves[0].used_resources.cpus).toBe(0);
  });

  test('that lost its id takes the place of the one at its address', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url, { port: 7001 });
    const framework = await subscribe(url);
    await runTask(framework, agent, 't1');
    agent.close();
    const other = await startFakeAgent(url, { port: 7001 });
    expect(other.agentId).not.toBe(agent.agentId);
    expect(await framework.takeUpdate('t1')).toMatchObject({
      state: 'TASK_LOST',
      reason: 'REASON_AGENT_REMOVED',
      message: 'Agent agent.test removed: a new agent registered at the same address',
    });
    expect((await fetchJson(`${url}/state`)).slaves).toMatchObject([{ id: other.agentId }]);
  });
});

describe('an agent that unregisters', () => {
  test.each([
    [[{ type: 'PARTITION_AWARE' }], 'TASK_LOST'],
    [[], 'TASK_LOST'],
  ])('is removed at once (capabilities %j: %s)', async (capabilities, state) => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url, { capabilities });
    await runTask(framework, agent, 't1');
    expect((await agent.post({ type: 'UNREGISTER' })).status).toBe(202);
    expect(await framework.takeUpdate('t1')).toMatchObject({
      state,
      reason: 'REASON_AGENT_REMOVED',
      message: 'Agent agent.test removed: the agent unregistered',
    });
    await agent.ended;
    expect(await fetchJson(`${url}/state`)).toMatchObject({ slaves: [], unreachable_slaves: 0 });
    expect(await fetchJson(`${url}/metrics/snapshot`)).toMatchObject({
      'master/messages_unregister_slave': 1,
      'master/slave_removals': 1,
      'master/slave_removals/reason_unregistered': 1,
      'master/slave_removals/reason_unhealthy': 0,
      'master/slave_removals/reason_registered': 0,
    });
  });
});

describe('an agent that answers no pings', () => {
  /** One that has run a task, and that its framework believes out of reach. */
  const lostWithTask = async (capabilities: readonly object[]) => {
    const pings = heldPings();
    const { url } = await startLeader(pings.options);
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url, { capabilities });
    await runTask(framework, agent, 't1');
    await pings.lose(url, agent);
    await framework.take('FAILURE');
    return { url, agent, framework };
  };

  test.each([
    [[{ type: 'PARTITION_AWARE' }], 'TASK_UNREACHABLE'],
    [[], 'TASK_LOST'],
  ])('is unreachable (capabilities %j: %s)', async (capabilities, state) => {
    const pings = heldPings();
    const { url } = await startLeader(pings.options);
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url, { capabilities });
    await runTask(framework, agent, 't1');
    await pings.lose(url, agent);
    const status = await framework.takeUpdate('t1');
    expect(status).toMatchObject({
      state,
      message: 'health check timed out',
      reason: 'REASON_AGENT_REMOVED',
      source: 'SOURCE_MASTER',
      agent_id: { value: agent.agentId },
    });
    expect(status.unreachable_time?.nanoseconds).toBeGreaterThan(1e18);
    expect((await framework.take('FAILURE')).failure).toEqual({ agent_id: { value: agent.agentId } });
    const { slaves, unreachable_slaves: unreachable, frameworks } = await fetchJson(`${url}/state`);
    expect(slaves).toEqual([]);
    expect(unreachable).toBe(1);
    expect(frameworks[0]).toMatchObject({ tasks: [], unreachable_tasks: [{ id: 't1', state }] });
    expect(frameworks[0].used_resources.cpus).toBe(0);
    const task = { task_id: { value: 't1' }, agent_id: { value: agent.agentId } };
    await framework.call('RECONCILE', { reconcile: { tasks: [task] } });
    expect(await framework.takeUpdate('t1')).toMatchObject({ state, message: 'Reconciliation: Task is unreachable' });
  });

  test('loses its stream, even though it has one', async () => {
    const pings = heldPings();
    const { url } = await startLeader(pings.options);
    const agent = await startFakeAgent(url, {}, { answersPings: false });
    pings.giveUpTheSilent();
    await agent.ended;
    expect((await fetchJson(`${url}/state`)).unreachable_slaves).toBe(1);
    expect((await agent.post({ type: 'PONG' })).status).toBe(403);
  });

  test('stays when it answers', async () => {
    const pings = heldPings();
    const { url } = await startLeader(pings.options);
    const agent = await startFakeAgent(url, {}, { answersPings: false });
    for (let count = 0; count < 10; count += 1) {
      pings.ping();
      await agent.take('PING');
      await agent.post({ type: 'PONG' });
    }
    expect((await fetchJson(`${url}/state`)).activated_slaves).toBe(1);
  });

  test.each([
    [[{ type: 'PARTITION_AWARE' }], 1],
    [[], 0],
  ])('and comes back all the same, with tasks of partition-aware frameworks only (%j)', async (capabilities, kept) => {
    const { url, agent, framework } = await lostWithTask(capabilities);
    const id = { value: agent.agentId };
    const back = await startFakeAgent(url, { agent_id: id, tasks: [reported(framework, agent.agentId, 't1')] });
    const { frameworks, unreachable_slaves: unreachable } = await fetchJson(`${url}/state`);
    expect(unreachable).toBe(0);
    expect(frameworks[0].tasks).toHaveLength(kept);
    if (kept === 0) await back.take('KILL_TASK');
    else expect(frameworks[0].unreachable_tasks).toEqual([]);
  });

  test('and comes back with a task: its framework, which gave it up, is told', async () => {
    const { url, agent, framework } = await lostWithTask([{ type: 'PARTITION_AWARE' }]);
    const tasks = [reported(framework, agent.agentId, 't1', { healthy: true })];
    await startFakeAgent(url, { agent_id: { value: agent.agentId }, tasks });
    const status = await framework.takeUpdate('t1', 'TASK_RUNNING');
    expect(status).toMatchObject({
      message: 'Unreachable agent re-reregistered',
      reason: 'REASON_AGENT_REREGISTERED',
      source: 'SOURCE_MASTER',
      agent_id: { value: agent.agentId },
      healthy: true,
    });
    expect(status.uuid).toBeUndefined();
  });

  test('and comes back without a task: it is unreachable no more', async () => {
    const { url, agent } = await lostWithTask([{ type: 'PARTITION_AWARE' }]);
    await startFakeAgent(url, { agent_id: { value: agent.agentId }, tasks: [] });
    const { frameworks } = await fetchJson(`${url}/state`);
    expect(frameworks[0]).toMatchObject({ tasks: [], unreachable_tasks: [] });
  });
});

describe('after a failover', () => {
  const former = '00000000-1111-2222-3333-444444444444';
  const framework = { frameworkId: `${former}-0000` };
  const agentId = `${former}-S0`;
  const info = { user: 'root', name: 'marathon', id: { value: framework.frameworkId }, failover_timeout: 60 };

  test('agents bring their tasks and the frameworks of them, which then come back themselves', async () => {
    const { url } = await startLeader();
    const uuid = Buffer.alloc(16, 1).toString('base64');
    const tasks = [reported(framework, agentId, 't1', { uuid })];
    const agent = await startFakeAgent(url, { agent_id: { value: agentId }, tasks, frameworks: [info] });
    expect(agent.agentId).toBe(agentId);
    const before = await fetchJson(`${url}/state`);
    expect(before.frameworks).toMatchObject([
      { id: framework.frameworkId, name: 'marathon', active: false, connected: false, recovered: true },
    ]);
    expect(before.slaves[0].used_resources.cpus).toBe(0.1);
    const client = await subscribe(url, info);
    expect((await client.takeOffer()).resources[1]?.scalar?.value).toBe(1.9);
    const after = (await fetchJson(`${url}/state`)).frameworks;
    expect(after).toMatchObject([{ active: true, recovered: false, tasks: [{ id: 't1', state: 'TASK_RUNNING' }] }]);
    await agent.report(client.frameworkId, 't1', 'TASK_FINISHED', { uuid: Buffer.alloc(16, 2).toString('base64') });
    await client.acknowledge(await client.takeUpdate('t1'));
    await eventually(async () => (await fetchJson(`${url}/state`)).frameworks[0].completed_tasks.length === 1);
  });

  test('a framework may come back before its agents', async () => {
    const { url } = await startLeader();
    const client = await subscribe(url, info);
    expect(client.frameworkId).toBe(framework.frameworkId);
    await startFakeAgent(url, { agent_id: { value: agentId }, tasks: [reported(framework, agentId, 't1')] });
    expect((await fetchJson(`${url}/state`)).frameworks[0].tasks).toMatchObject([{ id: 't1' }]);
  });

  test('tasks of a framework that was torn down meanwhile are ended', async () => {
    const { url } = await startLeader();
    const client = await subscribe(url, info);
    await client.call('TEARDOWN');
    const agent = await startFakeAgent(url, {
      agent_id: { value: agentId },
      tasks: [reported(framework, agentId, 't1')],
    });
    await agent.take('SHUTDOWN_FRAMEWORK');
    expect((await fetchJson(`${url}/state`)).frameworks).toEqual([]);
  });
});

test('calls of an agent that are not well-formed are refused', async () => {
  const { url } = await startLeader();
  const post = async (body: unknown) => (await fetchRaw(`${url}/api/agent`, { body })).status;
  const subscription = (fields: object) => ({ type: 'SUBSCRIBE', subscribe: agentRegistration(fields) });
  expect(await post({ type: 'NOPE' })).toBe(400);
  expect(await post({ type: 'SUBSCRIBE' })).toBe(400);
  expect(await post(subscription({ hostname: 7 }))).toBe(400);
  expect(await post(subscription({ resources: [{ name: 'cpus' }] }))).toBe(400);
  expect(await post(subscription({ port: 0 }))).toBe(400);
  expect(await post(subscription({ agent_id: { value: '../x' } }))).toBe(400);
  expect(await post({ type: 'PONG' })).toBe(400);
  expect(await post({ type: 'PONG', agent_id: { value: 'unknown' } })).toBe(403);
  expect((await fetchJson(`${url}/state`)).slaves).toEqual([]);
});
