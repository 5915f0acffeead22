import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../engine/master/master-for-test.ts';
import {
  fetchRaw,
  openStream,
  scalar,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { callInProtobuf, subscribeInProtobuf } from './in-protobuf.ts';

/* The program of the executor only sleeps: what it would say says the test. Its agent tells one from the other by ids. */

const cluster = clusterForTests();
const small = [scalar('cpus', 0.1), scalar('mem', 32)];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const newUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const post = (body: unknown, headers = {}) => fetchRaw(`${cluster().agent}/api/v1/executor`, { body, headers });

interface StartedExecutor {
  readonly framework: SchedulerClient;
  readonly names: {
    readonly executor_id: { readonly value: string };
    readonly framework_id: { readonly value: string };
  };
  /** Launches a task on the executor, which is started for the first one. */
  readonly launch: (id: string, data?: string) => Promise<void>;
}

/** A framework with an executor that its agent has started, and its first task. */
async function startExecutor(): Promise<StartedExecutor> {
  const capabilities = ['MULTI_ROLE', 'PARTITION_AWARE'].map((type) => ({ type }));
  const framework = await subscribe(cluster().master, { name: 'conformance', roles: ['conformance'], capabilities });
  closings.push(async () => {
    await framework.call('TEARDOWN');
    framework.close();
  });
  const names = { executor_id: { value: 'mine' }, framework_id: { value: framework.frameworkId } };
  const executor = {
    ...{ type: 'CUSTOM', ...names, name: 'my executor', source: 'src', data: base64('for the executor') },
    ...{ command: { shell: true, value: 'exec sleep 300' }, resources: small },
    shutdown_grace_period: { nanoseconds: 1e8 },
  };
  const launch = async (id: string, data = '') => {
    let offer;
    do offer = (await framework.takeOffers()).find(({ agent_id: each }) => each.value === cluster().agentId);
    while (offer === undefined);
    const task = {
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      resources: small,
      executor,
      data: base64(data),
    };
    expect(await framework.launch([offer.id.value], [task], 0.1)).toMatchObject({ status: 202 });
  };
  await launch('t1', 'for the task');
  // Until then there is none: the answer is that of an executor without a framework.
  await eventually(
    async () => (await post({ ...names, type: 'MESSAGE', message: { data: base64('x') } })).status === 403,
  );
  return { framework, names, launch };
}

async function subscribed(names: object, fields: object = {}) {
  const call = {
    ...names,
    type: 'SUBSCRIBE',
    subscribe: { unacknowledged_tasks: [], unacknowledged_updates: [], ...fields },
  };
  const stream = await openStream(`${cluster().agent}/api/v1/executor`, call, { Accept: 'application/json' });
  closings.push(stream.close);
  return stream;
}

const update = (names: object, taskId: string, state: string, fields: object = {}) => {
  const uuid = newUuid();
  const status = { task_id: { value: taskId }, state, source: 'SOURCE_EXECUTOR', uuid, timestamp: 1.8e9, ...fields };
  return { uuid, call: { ...names, type: 'UPDATE', update: { status } } };
};

describe('an executor [docs/executor-http-api.md; recorded: executor-api-session]', () => {
  test('subscribes, and is given its tasks; its updates reach the framework, and are acknowledged', async () => {
    const { framework, names, launch } = await startExecutor();
    const stream = await subscribed(names);
    expect(stream.headers['content-type']).toBe('application/json');
    expect((await stream.take('SUBSCRIBED')).subscribed).toMatchObject({
      executor_info: { ...names, type: 'CUSTOM', name: 'my executor', source: 'src', data: base64('for the executor') },
      framework_info: { id: names.framework_id, name: 'conformance' },
      agent_info: { id: { value: cluster().agentId } },
    });
    expect((await stream.take('LAUNCH')).launch.task).toMatchObject({
      ...{ name: 't1', task_id: { value: 't1' }, agent_id: { value: cluster().agentId }, data: base64('for the task') },
      executor: { executor_id: names.executor_id },
    });
    const fields = { message: 'hello', data: base64('some data'), healthy: true, labels: { labels: [{ key: 'x' }] } };
    const running = update(names, 't1', 'TASK_RUNNING', fields);
    expect(await post(running.call)).toMatchObject({ status: 202, body: '' });
    expect(await framework.takeUpdate('t1', 'TASK_RUNNING')).toMatchObject({
      ...{ ...fields, source: 'SOURCE_EXECUTOR', agent_id: { value: cluster().agentId }, uuid: running.uuid },
      container_status: { container_id: { value: expect.any(String) as string } },
    });
    expect((await stream.take('ACKNOWLEDGED')).acknowledged).toEqual({ task_id: { value: 't1' }, uuid: running.uuid });
    await framework.call('ACKNOWLEDGE', {
      acknowledge: { agent_id: { value: cluster().agentId }, task_id: { value: 't1' }, uuid: running.uuid },
    });
    await launch('t2');
    expect((await stream.take('LAUNCH')).launch.task).toMatchObject({ task_id: { value: 't2' } });
  });

  test('hears of kills and messages of its framework, and answers them', async () => {
    const { framework, names } = await startExecutor();
    const stream = await subscribed(names);
    await stream.take('LAUNCH');
    const at = { agent_id: { value: cluster().agentId }, executor_id: names.executor_id };
    expect(await framework.call('MESSAGE', { message: { ...at, data: base64('ping') } })).toMatchObject({
      status: 202,
    });
    expect((await stream.take('MESSAGE')).message).toEqual({ data: base64('ping') });
    expect(await post({ ...names, type: 'MESSAGE', message: { data: base64('pong') } })).toMatchObject({ status: 202 });
    expect((await framework.take('MESSAGE')).message).toEqual({ ...at, data: base64('pong') });
    await post(update(names, 't1', 'TASK_RUNNING').call);
    const kill_policy = { grace_period: { nanoseconds: 1e9 } };
    const kill = { task_id: { value: 't1' }, agent_id: { value: cluster().agentId }, kill_policy };
    expect(await framework.call('KILL', { kill })).toMatchObject({ status: 202 });
    expect((await stream.take('KILL')).kill).toEqual({ task_id: { value: 't1' }, kill_policy });
    await post(update(names, 't1', 'TASK_KILLED', { message: 'as I was told' }).call);
    await framework.acknowledge(await framework.takeUpdate('t1', 'TASK_RUNNING'));
    expect(await framework.takeUpdate('t1', 'TASK_KILLED')).toMatchObject({ message: 'as I was told' });
  });

  test('may subscribe again, and say what was not acknowledged', async () => {
    const { framework, names } = await startExecutor();
    const first = await subscribed(names);
    const { task } = (await first.take('LAUNCH')).launch;
    first.close();
    const { uuid, call } = update(names, 't1', 'TASK_RUNNING');
    const second = await subscribed(names, { unacknowledged_tasks: [task], unacknowledged_updates: [call.update] });
    await second.take('SUBSCRIBED');
    expect(await framework.takeUpdate('t1', 'TASK_RUNNING')).toMatchObject({ uuid });
    expect((await second.take('ACKNOWLEDGED')).acknowledged).toMatchObject({ uuid });
  });

  test('is asked to end when its framework is torn down, and its stream ends with it', async () => {
    const { framework, names } = await startExecutor();
    const stream = await subscribed(names);
    await stream.take('LAUNCH');
    await framework.call('TEARDOWN');
    await stream.take('SHUTDOWN');
    await stream.ended;
  });

  test('that ends takes its tasks with it, and its framework hears of both [recorded: executor-failures-session]', async () => {
    const { framework, names } = await startExecutor();
    const stream = await subscribed(names);
    await stream.take('LAUNCH');
    await post(update(names, 't1', 'TASK_RUNNING').call);
    await framework.acknowledge(await framework.takeUpdate('t1', 'TASK_RUNNING'));
    const at = { executor_id: names.executor_id, agent_id: { value: cluster().agentId } };
    expect(await framework.call('SHUTDOWN', { shutdown: at })).toMatchObject({ status: 202 });
    await stream.take('SHUTDOWN');
    expect(await framework.takeUpdate('t1', 'TASK_FAILED')).toMatchObject({
      ...{ source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' },
    });
    expect((await framework.take('FAILURE')).failure).toMatchObject(at);
  });

  test('in protobuf is the same', async () => {
    const { framework, names } = await startExecutor();
    const stream = await subscribeInProtobuf(cluster().agent, 'executor', {
      ...names,
      type: 'SUBSCRIBE',
      subscribe: {},
    });
    closings.push(stream.close);
    expect(stream.contentType).toBe('application/x-protobuf');
    expect(((await stream.take('SUBSCRIBED')) as Loose).subscribed.executor_info).toMatchObject(names);
    expect(((await stream.take('LAUNCH')) as Loose).launch.task).toMatchObject({
      ...{ task_id: { value: 't1' }, data: base64('for the task') },
    });
    const { uuid, call } = update(names, 't1', 'TASK_RUNNING', { data: base64('bytes') });
    expect(await callInProtobuf(cluster().agent, 'executor', call)).toMatchObject({ status: 202, text: '' });
    expect(await framework.takeUpdate('t1', 'TASK_RUNNING')).toMatchObject({ uuid, data: base64('bytes') });
    const { acknowledged } = (await stream.take('ACKNOWLEDGED')) as Loose;
    expect(acknowledged).toEqual({ task_id: { value: 't1' }, uuid });
  });
});

describe('calls of an executor that are refused [recorded: executor-api-session]', () => {
  const invalid = (why: string) => `Failed to validate Executor::Call: ${why}`;
  const unread = (why: string) => `Failed to convert JSON into Call protobuf: ${why}`;

  test('without a subscription, or of none', async () => {
    const { names } = await startExecutor();
    expect(await post(update(names, 't1', 'TASK_RUNNING').call)).toMatchObject({
      status: 403,
      body: 'Executor is not subscribed',
    });
    const subscribe_ = { type: 'SUBSCRIBE', subscribe: {} };
    const refusals: readonly (readonly [unknown, string])[] = [
      ['{bad json', 'Failed to parse body into JSON: syntax error at line 1 near: bad json'],
      [{}, unread('Missing required fields: executor_id, framework_id')],
      [{ ...names, ...subscribe_, framework_id: { value: 'nope' } }, 'Framework cannot be found'],
      [{ ...names, ...subscribe_, executor_id: { value: 'nope' } }, 'Executor cannot be found'],
      [{ ...names, type: 'SUBSCRIBE' }, invalid("Expecting 'subscribe' to be present")],
      [{ ...names, type: 'NOPE' }, invalid("Expecting 'type' to be present")],
    ];
    for (const [call, body] of refusals) expect(await post(call)).toMatchObject({ status: 400, body });
    expect(await post({ ...names, ...subscribe_ }, { Accept: 'text/html' })).toMatchObject({
      status: 406,
      body: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    });
    expect(await post({ ...names, ...subscribe_ }, { 'Content-Type': 'text/plain' })).toMatchObject({
      status: 415,
      body: "Expecting 'Content-Type' of application/json or application/x-protobuf",
    });
    expect(await fetchRaw(`${cluster().agent}/api/v1/executor`)).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });

  test('with faults in them', async () => {
    const { framework, names } = await startExecutor();
    await (await subscribed(names)).take('LAUNCH');
    const of = (fields: object) => update(names, 't1', 'TASK_RUNNING', fields).call;
    const source = invalid(
      `Received Call from executor mine of framework ${framework.frameworkId} with invalid source, expecting 'SOURCE_EXECUTOR'`,
    );
    const refusals: readonly (readonly [unknown, string])[] = [
      [{ ...names, type: 'UPDATE' }, invalid("Expecting 'update' to be present")],
      [{ ...names, type: 'UPDATE', update: {} }, unread('Missing required fields: update.status')],
      [of({ uuid: undefined }), invalid("Expecting 'uuid' to be present")],
      [of({ uuid: 'AAAA' }), invalid('Not a valid UUID')],
      [of({ source: undefined }), source],
      [of({ source: 'SOURCE_MASTER' }), source],
      [
        of({ state: 'TASK_STAGING' }),
        invalid(`Received TASK_STAGING from executor mine of framework ${framework.frameworkId} which is not allowed`),
      ],
      [
        of({ executor_id: { value: 'other' } }),
        invalid('ExecutorID in Call: mine does not match ExecutorID in TaskStatus: other'),
      ],
      [of({ state: 'TASK_NOPE' }), unread("Failed to find enum for 'TASK_NOPE'")],
      [{ ...names, type: 'MESSAGE' }, invalid("Expecting 'message' to be present")],
      [
        { ...names, type: 'MESSAGE', message: { data: 'not base64!' } },
        unread("Failed to base64 decode bytes field 'data': Invalid character '!'"),
      ],
    ];
    for (const [call, body] of refusals) expect(await post(call)).toMatchObject({ status: 400, body });
    expect(await post({ ...names, type: 'HEARTBEAT' })).toMatchObject({ status: 202 });
  });
});
