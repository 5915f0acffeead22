import { request, type IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, ports, scalar, subscribe } from '../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { eventually, startLeader } from './master-for-test.ts';

let url: string;
let agent: FakeAgent;
beforeEach(async () => {
  ({ url } = await startLeader());
  agent = await startFakeAgent(url);
});

describe('a subscription', () => {
  test('is answered by a stream with SUBSCRIBED, a heartbeat, and offers', async () => {
    const framework = await subscribe(url, { roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] });
    expect(framework.headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    expect(framework.streamId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    const offer = await framework.takeOffer();
    const [subscribed, heartbeat] = framework.events;
    expect(subscribed.subscribed.heartbeat_interval_seconds).toBe(15);
    expect(heartbeat).toEqual({ type: 'HEARTBEAT' });
    expect(offer).toMatchObject({
      framework_id: { value: framework.frameworkId },
      agent_id: { value: agent.agentId },
      hostname: 'agent.test',
      url: { scheme: 'http', address: { hostname: 'agent.test', ip: '127.0.0.1' }, path: '/slave(1)' },
      allocation_info: { role: '*' },
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'abc' } }],
    });
    const allocated = { role: '*', allocation_info: { role: '*' } };
    expect(offer.resources).toEqual([
      { ...ports([31000, 31099]), ...allocated },
      { ...scalar('cpus', 2), ...allocated },
      { ...scalar('mem', 1024), ...allocated },
      { ...scalar('disk', 4096), ...allocated },
    ]);
  });

  test('goes on with heartbeats', async () => {
    const master = await startLeader({ heartbeatIntervalMs: 20 });
    const framework = await subscribe(master.url);
    for (let count = 0; count < 3; count += 1) await framework.take('HEARTBEAT');
  });

  test('with the id of a connected framework takes over, and closes the other stream', async () => {
    const first = await subscribe(url);
    const offer = await first.takeOffer();
    const second = await subscribe(url, { id: { value: first.frameworkId } });
    expect((await first.take('ERROR')).error).toEqual({ message: 'Framework failed over' });
    await first.ended;
    expect(second.frameworkId).toBe(first.frameworkId);
    expect((await second.takeOffer()).id).not.toEqual(offer.id);
    expect((await second.call('REVIVE')).status).toBe(202);
    const { frameworks } = await fetchJson(`${url}/state`);
    expect(frameworks).toMatchObject([{ id: first.frameworkId, active: true, connected: true }]);
  });
});

describe('tasks', () => {
  test('are run, reported, acknowledged, and completed', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    const task = commandTask('t1', agent.agentId, {
      resources: [scalar('cpus', 0.1), scalar('mem', 32), ports([31010, 31010])],
    });
    expect(await framework.launch([offer.id.value], [task], 0)).toMatchObject({ status: 202, body: '' });
    const { run_task: run } = await agent.take('RUN_TASK');
    expect(run.framework_id.value).toBe(framework.frameworkId);
    expect(run.framework.name).toBe('test');
    expect(run.task.task_id).toEqual({ value: 't1' });

    const sent = await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
    const received = await framework.takeUpdate('t1');
    expect({ ...received, answer: sent.answer }).toEqual(sent);
    expect((await framework.acknowledge(received)).status).toBe(202);
    const { acknowledge_status: acknowledged } = await agent.take('ACKNOWLEDGE_STATUS');
    expect(acknowledged).toEqual({
      framework_id: { value: framework.frameworkId },
      task_id: { value: 't1' },
      uuid: sent.uuid,
    });

    const rest = await framework.takeOffer();
    expect(rest.resources[0]).toMatchObject(ports([31000, 31009], [31011, 31099]));
    expect(rest.resources[1]).toMatchObject(scalar('cpus', 1.9));

    await agent.report(framework.frameworkId, 't1', 'TASK_FINISHED');
    const end = await framework.takeUpdate('t1', 'TASK_FINISHED');
    expect((await fetchJson(`${url}/state`)).frameworks[0].tasks).toMatchObject([{ id: 't1' }]);
    await framework.acknowledge(end);
    await eventually(async () => (await fetchJson(`${url}/state`)).frameworks[0].tasks.length === 0);
    const { completed_tasks: completed, used_resources: used } = (await fetchJson(`${url}/state`)).frameworks[0];
    expect(completed).toMatchObject([{ id: 't1', state: 'TASK_FINISHED' }]);
    expect(used).toEqual({ disk: 0, mem: 0, gpus: 0, cpus: 0 });
  });

  test('stay ended when the agent repeats what came before', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    await framework.launch([offer.id.value], [commandTask('t1', agent.agentId)], 0);
    await agent.take('RUN_TASK');
    const uuid = Buffer.alloc(16, 1).toString('base64');
    await agent.report(framework.frameworkId, 't1', 'TASK_KILLING', { uuid });
    await agent.report(framework.frameworkId, 't1', 'TASK_KILLED');
    await agent.report(framework.frameworkId, 't1', 'TASK_KILLING', { uuid });
    await framework.acknowledge(await framework.takeUpdate('t1', 'TASK_KILLED'));
    await eventually(async () => (await fetchJson(`${url}/state`)).frameworks[0].tasks.length === 0);
    const [task] = (await fetchJson(`${url}/state`)).frameworks[0].completed_tasks;
    expect(task.statuses).toMatchObject([{ state: 'TASK_KILLING' }, { state: 'TASK_KILLED' }]);
  });

  test('that ask for more than there is, or are not valid, are errors', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    const id = agent.agentId;
    const tooBig = commandTask('big', id, { resources: [scalar('cpus', 1000), scalar('mem', 32)] });
    const badPort = commandTask('port', id, { resources: [scalar('cpus', 0.1), ports([80, 80])] });
    await framework.launch(
      [offer.id.value],
      [
        commandTask('t1', id, { resources: [scalar('cpus', 0.1), scalar('mem', 32), ports([31010, 31010])] }),
        tooBig,
        badPort,
        commandTask('t1', id),
        commandTask('elsewhere', 'other-S9'),
        commandTask('nothing', id, { resources: [] }),
        commandTask('less', id, { resources: [scalar('cpus', -1)] }),
        commandTask('a/b', id),
        commandTask('no-command', id, { command: undefined }),
      ],
    );
    const available =
      'ports(allocated: *):[31000-31009, 31011-31099]; cpus(allocated: *):1.9; mem(allocated: *):992; disk(allocated: *):4096';
    const more = (asked: string) =>
      `Total resources ${asked} required by task and its executor is more than available ${available}`;
    const errors = [
      ['big', more('cpus(allocated: *):1000; mem(allocated: *):32')],
      ['port', more('ports(allocated: *):[80-80]; cpus(allocated: *):0.1')],
      ['t1', 'Task has duplicate ID: t1'],
      ['elsewhere', `Task uses invalid agent other-S9 while agent ${id} is expected`],
      ['nothing', 'Task uses no resources'],
      ['less', 'Task uses invalid resources: Invalid resources: Invalid scalar resource: value < 0 (cpus)'],
      ['a/b', "'a/b' contains invalid characters"],
      ['no-command', 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
    ] as const;
    for (const [taskId, message] of errors) {
      const { timestamp, ...status } = await framework.takeUpdate(taskId);
      expect(timestamp).toBeTypeOf('number');
      expect(status).toMatchObject({ state: 'TASK_ERROR', message, source: 'SOURCE_MASTER' });
      expect(status).toMatchObject({ reason: 'REASON_TASK_INVALID' });
      expect(status).not.toHaveProperty('uuid');
    }
    expect((await agent.take('RUN_TASK')).run_task.task.name).toBe('t1');
    expect(agent.events.filter(({ type }) => type === 'RUN_TASK')).toHaveLength(1);
  });

  test.each([
    [[{ type: 'PARTITION_AWARE' }], 'TASK_DROPPED'],
    [[], 'TASK_LOST'],
  ])('with an offer that is not valid are dropped (capabilities %j: %s)', async (capabilities, state) => {
    const framework = await subscribe(url, { capabilities });
    const offer = await framework.takeOffer();
    const tasks = [commandTask('t9', agent.agentId)];
    await framework.launch(['bogus-O1'], tasks);
    expect(await framework.takeUpdate('t9')).toMatchObject({
      state,
      message: 'Task launched with invalid offers: Offer bogus-O1 is no longer valid',
      reason: 'REASON_INVALID_OFFERS',
      source: 'SOURCE_MASTER',
    });
    await framework.launch([], tasks);
    expect((await framework.takeUpdate('t9')).message).toContain('No offers specified');
    const id = offer.id.value;
    await framework.launch([id, id], tasks);
    expect((await framework.takeUpdate('t9')).message).toContain(`Duplicate offer ${id} in offer list`);
    // The valid one was given back.
    await framework.takeOffer();
  });

  test('may not use the offer of somebody else, nor offers of two agents', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    const other = await startFakeAgent(url);
    const second = await framework.takeOffer();
    const both = [offer.id.value, second.id.value];
    await framework.launch(both, [commandTask('t1', agent.agentId)]);
    expect((await framework.takeUpdate('t1')).message).toBe(
      `Task launched with invalid offers: Aggregated offers must belong to one single agent. Offer ${both[1]} uses agent ${other.agentId} and agent ${agent.agentId}`,
    );
    const stranger = await subscribe(url);
    // Of one agent or of both: that depends on whether the stranger came before the batch.
    const [mine] = await framework.takeOffers();
    await stranger.launch([mine?.id.value ?? ''], [commandTask('t2', mine?.agent_id.value ?? '')]);
    expect((await stranger.takeUpdate('t2')).message).toContain('has invalid framework');
  });

  test('are killed by their agent; an unknown one is unknown', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    await framework.launch([offer.id.value], [commandTask('t1', agent.agentId)]);
    const policy = { grace_period: { nanoseconds: 1e9 } };
    await framework.call('KILL', { kill: { task_id: { value: 't1' }, kill_policy: policy } });
    expect((await agent.take('KILL_TASK')).kill_task).toEqual({
      framework_id: { value: framework.frameworkId },
      task_id: { value: 't1' },
      kill_policy: policy,
    });
    await framework.call('KILL', { kill: { task_id: { value: 'unknown' } } });
    expect(await framework.takeUpdate('unknown')).toMatchObject({
      state: 'TASK_UNKNOWN',
      message: 'Reconciliation: Task is unknown',
    });
  });
});

/** An answer that is read no further than to its first event. */
const openPaused = (to: string, body: object) =>
  new Promise<{ readonly answer: IncomingMessage; readonly first: string }>((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request(to, { method: 'POST', headers, agent: false }, (answer) => {
      answer.on('error', () => undefined);
      answer.once('data', (first) => {
        answer.pause();
        resolve({ answer, first: String(first) });
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });

describe('reconciliation', () => {
  test('implicit: the latest state of all tasks', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    const tasks = ['a', 'b'].map((id) => commandTask(id, agent.agentId));
    await framework.launch([offer.id.value], tasks);
    const container = { container_id: { value: 'c1' } };
    await agent.report(framework.frameworkId, 'a', 'TASK_RUNNING', { healthy: true, container_status: container });
    await framework.takeUpdate('a');
    await framework.call('RECONCILE', { reconcile: { tasks: [] } });
    const { timestamp, ...status } = await framework.takeUpdate('a');
    expect(timestamp).toBeTypeOf('number');
    expect(status).toEqual({
      task_id: { value: 'a' },
      state: 'TASK_RUNNING',
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      agent_id: { value: agent.agentId },
      healthy: true,
      container_status: container,
    });
    expect(await framework.takeUpdate('b')).toMatchObject({ state: 'TASK_STAGING' });
  });

  test('explicit: what is known of each task that is asked about', async () => {
    const framework = await subscribe(url);
    const at = { agent_id: { value: agent.agentId } };
    await framework.call('RECONCILE', {
      reconcile: { tasks: [{ task_id: { value: 'x' } }, { task_id: { value: 'y' }, ...at }] },
    });
    const unknown = await framework.takeUpdate('x');
    expect(unknown).toMatchObject({ state: 'TASK_UNKNOWN', message: 'Reconciliation: Task is unknown' });
    expect(unknown).not.toHaveProperty('agent_id');
    expect(await framework.takeUpdate('y')).toMatchObject({
      state: 'TASK_GONE',
      message: 'Reconciliation: Task is unknown to the agent',
    });
  });

  test('explicit: of as many tasks as are asked about in one call', async () => {
    const framework = await subscribe(url);
    let told = 0;
    const all = new Promise<void>((resolve) => {
      framework.onEvent(({ type }) => {
        if (type === 'UPDATE' && (told += 1) === 50_000) resolve();
      });
    });
    const tasks = Array.from({ length: 50_000 }, (_, index) => ({ task_id: { value: `none-${index}` } }));
    await framework.call('RECONCILE', { reconcile: { tasks } });
    await Promise.race([all, framework.ended]);
    expect(told).toBe(50_000);
  });

  test('a framework that is busy for a while keeps its stream, whatever waits for it', async () => {
    const info = { user: 'root', name: 'busy' };
    const busy = await openPaused(`${url}/api/v1/scheduler`, {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: info },
    });
    const [, value] = /"framework_id":\{"value":"([^"]+)"/.exec(busy.first) ?? [];
    const headers = { 'Mesos-Stream-Id': String(busy.answer.headers['mesos-stream-id']) };
    const tasks = Array.from({ length: 900 }, (_, index) => ({ task_id: { value: `none-${index}`.padEnd(1000) } }));
    for (let count = 0; count < 18; count += 1) {
      const body = { framework_id: { value }, type: 'RECONCILE', reconcile: { tasks } };
      expect((await fetchRaw(`${url}/api/v1/scheduler`, { headers, body })).status).toBe(202);
    }
    busy.answer.destroy();
  });

  test('of what a former leader gave has no answer until its agents had time to come back', async () => {
    const former = '00000000-1111-2222-3333-444444444444';
    const tasks = [{ task_id: { value: 'x' }, agent_id: { value: `${former}-S0` } }, { task_id: { value: 'y' } }];
    const patient = await subscribe(url, { id: { value: `${former}-0000` } });
    await patient.call('RECONCILE', { reconcile: { tasks } });
    const { url: other } = await startLeader({ agentReregisterTimeoutMs: 0 });
    const hasty = await subscribe(other, { id: { value: `${former}-0000` } });
    await eventually(async () => {
      await hasty.call('RECONCILE', { reconcile: { tasks } });
      return hasty.events.some(({ type }) => type === 'UPDATE');
    });
    expect(await hasty.takeUpdate('x')).toMatchObject({ state: 'TASK_UNKNOWN' });
    expect(patient.events.filter(({ type }) => type === 'UPDATE')).toEqual([]);
  });
});

describe('the end of a framework', () => {
  test('by teardown ends its tasks', async () => {
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    await framework.launch([offer.id.value], [commandTask('t1', agent.agentId)]);
    await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
    await framework.call('TEARDOWN');
    await framework.ended;
    expect((await agent.take('SHUTDOWN_FRAMEWORK')).shutdown_framework.framework_id.value).toBe(framework.frameworkId);
    const state = await fetchJson(`${url}/state`);
    expect(state.frameworks).toEqual([]);
    expect(state.completed_frameworks).toMatchObject([
      { id: framework.frameworkId, active: false, connected: false, tasks: [] },
    ]);
    const [task] = state.completed_frameworks[0].completed_tasks;
    expect(task.state).toBe('TASK_KILLED');
    expect(task.statuses).toMatchObject([{ state: 'TASK_RUNNING' }, { state: 'TASK_KILLED' }]);
    // Nobody else will acknowledge what the agent still has to say.
    await agent.report(framework.frameworkId, 't1', 'TASK_KILLED');
    await agent.take('ACKNOWLEDGE_STATUS');
  });

  test('that is away for longer than its failover_timeout', async () => {
    const framework = await subscribe(url);
    framework.close();
    await eventually(async () => (await fetchJson(`${url}/state`)).completed_frameworks.length === 1);
  });

  test('that is away for less: its tasks run, its updates wait with the agent, its offers are given back', async () => {
    const framework = await subscribe(url, { failover_timeout: 60 });
    const offer = await framework.takeOffer();
    await framework.launch([offer.id.value], [commandTask('t1', agent.agentId)], 0);
    await framework.takeOffer();
    framework.close();
    await eventually(async () => !(await fetchJson(`${url}/state`)).frameworks[0].active);
    const [away] = (await fetchJson(`${url}/state`)).frameworks;
    expect(away).toMatchObject({ connected: false, recovered: false, offers: [], tasks: [{ id: 't1' }] });
    const { answer } = await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
    expect(answer.status).toBe(202);
    expect(agent.events.filter(({ type }) => type === 'ACKNOWLEDGE_STATUS')).toEqual([]);
    const back = await subscribe(url, { id: { value: framework.frameworkId }, failover_timeout: 60 });
    await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
    await back.acknowledge(await back.takeUpdate('t1', 'TASK_RUNNING'));
    await agent.take('ACKNOWLEDGE_STATUS');
  });
});
