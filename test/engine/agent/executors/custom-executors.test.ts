import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeSurvivors } from '../../../../platform/processes/surviving/surviving-process.ts';
import { requireTool } from '../../../support/require-tool.ts';
import { fetchJson, fetchRaw, scalar, type Loose } from '../../scheduler-client.ts';
import { isAlive, waitFor } from '../running-agent.ts';
import { small, startExecutorCluster, type ExecutorCluster } from './executor-cluster.ts';

const hasPython = requireTool('python3', ['python3', '--version']);

const program = fileURLToPath(new URL('executor.py', import.meta.url));
const base64 = (text: string) => Buffer.from(text).toString('base64');

const executor = (id: string, mode = '', fields: object = {}) => ({
  type: 'CUSTOM',
  executor_id: { value: id },
  name: 'mine',
  source: 'src',
  command: {
    value: `exec python3 ${program} ${mode}`,
    environment: { variables: [{ name: 'MINE', value: 'hello' }] },
  },
  resources: small,
  ...fields,
});

const task = (offer: Loose, id: string, info: object, data = '') => ({
  name: id,
  task_id: { value: id },
  agent_id: offer.agent_id as object,
  resources: small,
  executor: info,
  data: base64(data),
});

/** @param given id of each task, and what it is to do */
async function launch(cluster: ExecutorCluster, info: object, given: Readonly<Record<string, string>>) {
  const offer = await cluster.framework.takeOffer();
  const task_infos = Object.entries(given).map(([id, data]) => task(offer, id, info, data));
  await cluster.accept(offer, { type: 'LAUNCH', launch: { task_infos } });
  return offer;
}

const send = ({ framework }: ExecutorCluster, { agent_id }: Loose, text: string, id = 'e') =>
  framework.call('MESSAGE', { message: { agent_id, executor_id: { value: id }, data: base64(text) } });

interface Shown {
  readonly directory: string;
  readonly tasks: readonly object[];
}

const failureOf = async ({ framework }: ExecutorCluster) => (await framework.take('FAILURE')).failure as object;
const own = async (cluster: ExecutorCluster) => (await cluster.agentState()).frameworks[0].executors[0] as Shown;
const pidOf = (status: Loose) => status.executor_pid as number;

test.skipIf(!hasPython)('a program of a framework runs several tasks, and says what becomes of them', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, executor('e'), { t1: '', t2: 'finish' });
  expect(await cluster.statusOf('t1', 'TASK_RUNNING')).toMatchObject({
    ...{ message: 'hello', source: 'SOURCE_EXECUTOR' },
    container_status: { network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }] },
  });
  await cluster.statusOf('t2', 'TASK_FINISHED');
  expect(cluster.statesOf('t2')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  expect(await launch(cluster, executor('e'), { t3: '' })).toMatchObject({ executor_ids: [{ value: 'e' }] });
  await cluster.statusOf('t3', 'TASK_RUNNING');
  const shown = await own(cluster);
  expect(shown).toMatchObject({ id: 'e', name: 'mine', source: 'src', type: 'CUSTOM', role: 'dev' });
  expect(shown.tasks).toMatchObject([{ id: 't1' }, { id: 't3' }]);
  expect((await cluster.masterState()).slaves[0].used_resources).toMatchObject({ cpus: 0.3, mem: 96 });
  const get = { type: 'GET_CONTAINERS', get_containers: { show_nested: true } };
  const { get_containers: containers } = await fetchJson(`${cluster.agentUrl()}/api/v1`, { body: get });
  expect(containers.containers).toMatchObject([
    { executor_id: { value: 'e' }, executor_name: 'mine', container_status: { executor_pid: expect.any(Number) } },
  ]);
});

test.skipIf(!hasPython)('a scheduler is told when, also of an update that does not say', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, executor('e', 'timeless'), { t1: '' });
  expect(await cluster.statusOf('t1', 'TASK_RUNNING')).toHaveProperty('timestamp', expect.any(Number));
  const { tasks } = await own(cluster);
  expect(tasks).toMatchObject([{ statuses: [{ timestamp: expect.any(Number) }, { timestamp: expect.any(Number) }] }]);
});

test.skipIf(!hasPython)('its environment is what Mesos documents', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, executor('e', '', { shutdown_grace_period: { nanoseconds: 2e9 } }), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  const { directory } = await own(cluster);
  const { host } = new URL(cluster.agentUrl());
  expect(JSON.parse(readFileSync(`${directory}/stdout`, 'utf8'))).toMatchObject({
    LIBPROCESS_IP: '127.0.0.1',
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: host,
    MESOS_CHECKPOINT: '1',
    MESOS_DIRECTORY: directory,
    MESOS_EXECUTOR_ID: 'e',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '2secs',
    MESOS_FRAMEWORK_ID: cluster.framework.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_RECOVERY_TIMEOUT: '15mins',
    MESOS_SANDBOX: directory,
    MESOS_SLAVE_PID: `slave(1)@${host}`,
    MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
  });
});

test.skipIf(!hasPython)('it is told how long it may be without an agent, where that is not the default', async () => {
  const cluster = await startExecutorCluster({}, {}, 90_000);
  await launch(cluster, executor('e'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  const { directory } = await own(cluster);
  const environment: unknown = JSON.parse(readFileSync(`${directory}/stdout`, 'utf8'));
  expect(environment).toMatchObject({ MESOS_RECOVERY_TIMEOUT: '90secs' });
});

test.skipIf(!hasPython)('it is told to kill a task, with the grace period of the call', async () => {
  const cluster = await startExecutorCluster();
  const { agent_id } = await launch(cluster, executor('e'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  const kill_policy = { grace_period: { nanoseconds: 1e9 } };
  await cluster.framework.call('KILL', { kill: { task_id: { value: 't1' }, agent_id, kill_policy } });
  expect(await cluster.statusOf('t1', 'TASK_KILLED')).toMatchObject({ message: 'grace 1000000000' });
  await waitFor(async () => {
    expect(await own(cluster)).toMatchObject({ id: 'e', tasks: [], completed_tasks: [{ id: 't1' }] });
  });
});

test.skipIf(!hasPython)('messages go both ways, and one for nobody is lost', async () => {
  const cluster = await startExecutorCluster();
  const offer = await launch(cluster, executor('e'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  await send(cluster, offer, 'lost', 'nope');
  await send(cluster, offer, 'ping');
  expect((await cluster.framework.take('MESSAGE')).message).toEqual({
    ...{ agent_id: offer.agent_id, executor_id: { value: 'e' }, data: base64('echo ping') },
  });
});

test.skipIf(!hasPython)('a program that ends takes its tasks with it, and its framework hears how', async () => {
  const cluster = await startExecutorCluster();
  const offer = await launch(cluster, executor('e'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  await send(cluster, offer, 'die');
  expect(await failureOf(cluster)).toEqual({ agent_id: offer.agent_id, executor_id: { value: 'e' }, status: 1792 });
  expect(await cluster.statusOf('t1', 'TASK_FAILED')).toMatchObject({
    ...{ message: 'Executor terminated', source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' },
    executor_id: { value: 'e' },
  });
  expect((await cluster.masterState()).slaves[0].used_resources).toMatchObject({ cpus: 0, mem: 0 });
});

test.skipIf(!hasPython)('SHUTDOWN ends it, by itself or after its grace period', async () => {
  const cluster = await startExecutorCluster();
  const shutdown = (id: string, agent_id: object) =>
    cluster.framework.call('SHUTDOWN', { shutdown: { executor_id: { value: id }, agent_id } });
  const { agent_id } = await launch(cluster, executor('polite'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  await shutdown('polite', agent_id);
  expect(await failureOf(cluster)).toMatchObject({ executor_id: { value: 'polite' }, status: 0 });
  const stubborn = executor('stubborn', 'stubborn', { shutdown_grace_period: { nanoseconds: 1e8 } });
  await launch(cluster, stubborn, { t2: '' });
  await cluster.statusOf('t2', 'TASK_RUNNING');
  await shutdown('stubborn', agent_id);
  expect(await failureOf(cluster)).toMatchObject({ executor_id: { value: 'stubborn' }, status: 15 });
  await cluster.statusOf('t2', 'TASK_FAILED');
});

test.skipIf(!hasPython)('a program that never subscribes is ended, and its task has failed', async () => {
  const cluster = await startExecutorCluster({ executorRegistrationMs: 200 });
  await launch(cluster, executor('e', 'never'), { t1: '' });
  expect(await cluster.statusOf('t1', 'TASK_FAILED')).toMatchObject({
    ...{ message: 'Executor did not register within 200ms', reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT' },
  });
  expect(await failureOf(cluster)).toMatchObject({ executor_id: { value: 'e' } });
});

test('a program that is not there fails its task, and its sandbox says why', async () => {
  const cluster = await startExecutorCluster();
  const command = { shell: false, value: '/no/such/program' };
  await launch(cluster, executor('e', '', { command }), { t1: '' });
  expect(await cluster.statusOf('t1', 'TASK_FAILED')).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
  await failureOf(cluster);
  const { completed_frameworks: frameworks } = await cluster.agentState();
  expect(readFileSync(`${frameworks[0].completed_executors[0].directory as string}/stderr`, 'utf8')).toMatch('ENOENT');
});

test.skipIf(!hasPython)('a task is killed that its program was not given yet', async () => {
  const cluster = await startExecutorCluster();
  const { agent_id } = await launch(cluster, executor('e', 'never', { shutdown_grace_period: { nanoseconds: 0 } }), {
    t1: '',
  });
  await waitFor(async () => {
    expect(await own(cluster)).toMatchObject({ queued_tasks: [{ id: 't1' }] });
  });
  await cluster.framework.call('KILL', { kill: { task_id: { value: 't1' }, agent_id } });
  expect(await cluster.statusOf('t1', 'TASK_KILLED')).toMatchObject({ reason: 'REASON_TASK_KILLED_DURING_LAUNCH' });
  await failureOf(cluster);
});

test.skipIf(!hasPython)('it may drop its stream, and goes on with another', async () => {
  const cluster = await startExecutorCluster();
  const offer = await launch(cluster, executor('e'), { t1: '' });
  await cluster.statusOf('t1', 'TASK_RUNNING');
  await send(cluster, offer, 'resubscribe');
  await cluster.framework.take('MESSAGE');
  await waitFor(async () => {
    expect(readFileSync(`${(await own(cluster)).directory}/stderr`, 'utf8')).toMatch('again, after');
    // What is sent to a stream that has just broken is lost.
    await send(cluster, offer, 'there');
    expect(cluster.framework.events.some(({ message }) => message?.data === base64('echo there'))).toBe(true);
  });
  await launch(cluster, executor('e'), { t2: 'finish' });
  await cluster.statusOf('t2', 'TASK_FINISHED');
  expect([...new Set(cluster.statesOf('t1'))]).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
});

test.skipIf(!hasPython).each([
  ['kill', 'in the process of others', undefined],
  ['stop', 'in the process of others', undefined],
  ['kill', 'alone', nodeSurvivors],
  ['stop', 'alone', nodeSurvivors],
] as const)('it goes on after a %s of its agent that is %s, and subscribes again', async (how, _, survivors) => {
  const cluster = await startExecutorCluster({ recoveryTimeoutMs: 90_000 }, {}, undefined, survivors);
  const { agent_id } = await launch(cluster, executor('e'), { t1: '' });
  const { container_status: status } = await cluster.statusOf('t1', 'TASK_RUNNING');
  // It will be rescinded.
  await cluster.framework.takeOffer();
  await cluster.part[how]();
  await cluster.part.start();
  expect(isAlive(pidOf(status))).toBe(true);
  await waitFor(async () => {
    expect((await cluster.masterState()).slaves).toMatchObject([{ active: true, used_resources: { cpus: 0.2 } }]);
  });
  const { directory } = await own(cluster);
  const waits = survivors === undefined ? '15mins' : '90secs';
  expect(readFileSync(`${directory}/stdout`, 'utf8')).toContain(`"MESOS_RECOVERY_TIMEOUT": "${waits}"`);
  await waitFor(async () => {
    await send(cluster, { agent_id }, 'still there');
    expect(cluster.framework.events.filter(({ type }) => type === 'MESSAGE').length).toBeGreaterThan(0);
  });
  expect(readFileSync(`${directory}/stderr`, 'utf8')).toMatch('again, after');
  await launch(cluster, executor('e'), { t2: 'finish' });
  await cluster.statusOf('t2', 'TASK_FINISHED');
  // An update may come twice: its acknowledgement may have been on its way to the agent.
  expect([...new Set(cluster.statesOf('t1'))]).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
});

test.skipIf(!hasPython)('one that does not subscribe again in time when its agent is back is ended', async () => {
  const cluster = await startExecutorCluster({ executorReregistrationMs: 200 });
  await launch(cluster, executor('e'), { t1: '' });
  const { container_status: status } = await cluster.statusOf('t1', 'TASK_RUNNING');
  const { directory } = await own(cluster);
  expect(readFileSync(`${directory}/stdout`, 'utf8')).toContain('"MESOS_SUBSCRIPTION_BACKOFF_MAX": "200ms"');
  process.kill(pidOf(status), 'SIGSTOP');
  await cluster.part.kill();
  await cluster.part.start();
  expect(await cluster.statusOf('t1', 'TASK_GONE')).toMatchObject({
    ...{ message: 'Executor did not reregister within 200ms', reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT' },
  });
  expect(isAlive(pidOf(status))).toBe(false);
});

test.skipIf(!hasPython)('a group comes to it as one', async () => {
  const cluster = await startExecutorCluster();
  const offer = await cluster.framework.takeOffer();
  const info = executor('e');
  const tasks = ['a', 'b'].map((id) => ({ ...task(offer, id, info), executor: undefined }));
  await cluster.accept(offer, { type: 'LAUNCH_GROUP', launch_group: { executor: info, task_group: { tasks } } });
  await cluster.statusOf('a', 'TASK_RUNNING');
  await cluster.statusOf('b', 'TASK_RUNNING');
});

test.skipIf(!hasPython)('a framework that is torn down leaves no program', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, executor('e'), { t1: '' });
  const { container_status: status } = await cluster.statusOf('t1', 'TASK_RUNNING');
  await cluster.framework.call('TEARDOWN');
  await waitFor(async () => {
    expect((await cluster.agentState()).frameworks).toEqual([]);
  });
  expect(isAlive(pidOf(status))).toBe(false);
});

test.skipIf(!hasPython)('a call that is wrong is answered as Mesos does', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, executor('e', 'never'), { t1: '' });
  await waitFor(async () => {
    expect(await own(cluster)).toMatchObject({ id: 'e' });
  });
  const names = { executor_id: { value: 'e' }, framework_id: { value: cluster.framework.frameworkId } };
  const url = `${cluster.agentUrl()}/api/v1/executor`;
  const invalid = 'Failed to validate Executor::Call: ';
  const status = {
    ...{ task_id: { value: 't1' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
    uuid: Buffer.alloc(16).toString('base64'),
  };
  const update = (fields: object) => ({ ...names, type: 'UPDATE', update: { status: { ...status, ...fields } } });
  const caller = `executor e of framework ${cluster.framework.frameworkId}`;
  const cases: readonly (readonly [body: object, status: number, text: string])[] = [
    [{}, 400, 'Failed to convert JSON into Call protobuf: Missing required fields: executor_id, framework_id'],
    [{ ...names, type: 'NOPE' }, 400, `${invalid}Expecting 'type' to be present`],
    [{ ...names, type: 'SUBSCRIBE' }, 400, `${invalid}Expecting 'subscribe' to be present`],
    [{ ...names, type: 'UPDATE' }, 400, `${invalid}Expecting 'update' to be present`],
    [{ ...names, type: 'MESSAGE' }, 400, `${invalid}Expecting 'message' to be present`],
    [
      { ...names, type: 'UPDATE', update: {} },
      400,
      'Failed to convert JSON into Call protobuf: Missing required fields: update.status',
    ],
    [update({ uuid: undefined }), 400, `${invalid}Expecting 'uuid' to be present`],
    [update({ uuid: 'AAAA' }), 400, `${invalid}Not a valid UUID`],
    [
      update({ source: 'SOURCE_MASTER' }),
      400,
      `${invalid}Received Call from ${caller} with invalid source, expecting 'SOURCE_EXECUTOR'`,
    ],
    [update({ state: 'TASK_STAGING' }), 400, `${invalid}Received TASK_STAGING from ${caller} which is not allowed`],
    [
      update({ executor_id: { value: 'other' } }),
      400,
      `${invalid}ExecutorID in Call: e does not match ExecutorID in TaskStatus: other`,
    ],
    [
      update({ state: 'TASK_NOPE' }),
      400,
      "Failed to convert JSON into Call protobuf: Failed to find enum for 'TASK_NOPE'",
    ],
    [{ ...update({}), framework_id: { value: 'nope' } }, 400, 'Framework cannot be found'],
    [{ ...update({}), executor_id: { value: 'nope' } }, 400, 'Executor cannot be found'],
    [update({}), 403, 'Executor is not subscribed'],
  ];
  for (const [body, code, text] of cases)
    expect(await fetchRaw(url, { body }), text).toMatchObject({ status: code, body: text });
  const subscribe = { ...names, type: 'SUBSCRIBE', subscribe: {} };
  expect(await fetchRaw(url, { body: subscribe, headers: { Accept: 'text/html' } })).toMatchObject({ status: 406 });
  expect((await fetchRaw(url)).status).toBe(405);
});

test.skipIf(!hasPython)(
  'a task without the type of its executor has a program, and one of another type is refused',
  async () => {
    const cluster = await startExecutorCluster();
    await launch(cluster, executor('e', '', { type: undefined }), { t1: '' });
    await cluster.statusOf('t1', 'TASK_RUNNING');
    await launch(cluster, executor('d', '', { type: 'DEFAULT', command: undefined }), { t2: '' });
    expect(await cluster.statusOf('t2', 'TASK_ERROR')).toMatchObject({
      message: "'ExecutorInfo.type' must be 'CUSTOM'",
    });
    const much = executor('much', '', { resources: [scalar('cpus', 9), scalar('mem', 32)] });
    await launch(cluster, much, { t3: '' });
    expect((await cluster.statusOf('t3', 'TASK_ERROR')).message).toMatch(
      /required by task and its executor is more than/,
    );
  },
);
