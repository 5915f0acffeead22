import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fetchJson, type Loose } from '../../scheduler-client.ts';
import { isAlive, waitFor } from '../running-agent.ts';
import { small, startExecutorCluster, type ExecutorCluster } from './executor-cluster.ts';

const executor = (id: string, fields: object = {}) => ({
  type: 'DEFAULT',
  executor_id: { value: id },
  resources: small,
  ...fields,
});

const task = (offer: Loose, id: string, command: string, fields: object = {}) => ({
  name: id,
  task_id: { value: id },
  agent_id: offer.agent_id,
  resources: small,
  command: { shell: true, value: command },
  ...fields,
});

/** Launches a group with the next offer. @param commands by task id */
async function launch(
  { framework, accept }: ExecutorCluster,
  executorId: string,
  commands: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, object>> = {},
) {
  const offer = await framework.takeOffer();
  const tasks = Object.entries(commands).map(([id, command]) => task(offer, id, command, fields[id]));
  const launch_group = { executor: executor(executorId), task_group: { tasks } };
  await accept(offer, { type: 'LAUNCH_GROUP', launch_group });
  return offer;
}

const idsOf = (tasks: unknown) => (tasks as readonly { readonly id: string }[]).map(({ id }) => id).sort();
const pidOf = (status: Loose) => status.executor_pid as number;

interface Container {
  readonly container_id: object;
  readonly executor_id?: object;
}

const failureOf = (cluster: ExecutorCluster, id: string) =>
  cluster.framework.take('FAILURE', ({ failure }) => failure.executor_id?.value === id);

test('the tasks of a group run in containers below that of their executor', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, 'group', { a: 'echo $MESOS_EXECUTOR_ID; echo hi > out.txt; exec sleep 1000', b: 'sleep 1000' });
  const { container_status: containerStatus } = await cluster.statusOf('a', 'TASK_STARTING');
  const running = await cluster.statusOf('a', 'TASK_RUNNING');
  expect(running).toMatchObject({
    source: 'SOURCE_EXECUTOR',
    executor_id: { value: 'group' },
    container_status: { executor_pid: expect.any(Number), network_infos: [{}] },
  });
  // It is said to start before it has a process and an address.
  expect(Object.keys(containerStatus as object)).toEqual(['container_id']);
  await cluster.statusOf('b', 'TASK_RUNNING');

  const state = await cluster.agentState();
  const [own, ...others] = state.frameworks[0].executors;
  expect(others).toEqual([]);
  expect(own).toMatchObject({ id: 'group', type: 'DEFAULT', role: 'dev', resources: { cpus: 0.3, mem: 96 } });
  expect(own.tasks).toMatchObject([
    { id: 'a', executor_id: 'group', state: 'TASK_RUNNING', resources: { cpus: 0.1 }, role: 'dev' },
    { id: 'b', executor_id: 'group', state: 'TASK_RUNNING' },
  ]);
  expect((running.container_status as Loose).container_id.parent).toEqual({ value: own.container });
  await waitFor(() => {
    expect(readFileSync(`${own.directory}/tasks/a/out.txt`, 'utf8')).toBe('hi\n');
  });
  const read = (path: string) =>
    fetchJson(`${cluster.agentUrl()}/files/read?offset=0&path=${encodeURIComponent(path)}`);
  expect(await read(`${own.directory}/tasks/a/stdout`)).toMatchObject({ data: 'group\n' });
});

test('master and agent show the executor and its containers, and count its resources once', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, 'group', { a: 'sleep 1000', b: 'sleep 1000' });
  await cluster.statusOf('a', 'TASK_RUNNING');
  await cluster.statusOf('b', 'TASK_RUNNING');
  const offer = await launch(cluster, 'group', { c: 'sleep 1000' });
  expect(offer).toMatchObject({ executor_ids: [{ value: 'group' }] });
  await cluster.statusOf('c', 'TASK_RUNNING');

  const { slaves, frameworks } = await cluster.masterState();
  expect(slaves[0].used_resources).toMatchObject({ cpus: 0.4, mem: 128 });
  expect(frameworks[0].executors).toMatchObject([
    { executor_id: 'group', type: 'DEFAULT', slave_id: slaves[0].id, role: 'dev', resources: { cpus: 0.1, mem: 32 } },
  ]);
  expect(frameworks[0].tasks).toMatchObject([
    { executor_id: 'group' },
    { executor_id: 'group' },
    { executor_id: 'group' },
  ]);
  const body = { type: 'GET_EXECUTORS' };
  const { get_executors: ofMaster } = await fetchJson(`${cluster.master.url}/api/v1`, { body });
  expect(ofMaster.executors).toMatchObject([{ executor_info: { executor_id: { value: 'group' } } }]);

  const containers = async (show_nested: boolean) => {
    const call = { type: 'GET_CONTAINERS', get_containers: { show_nested } };
    return (await fetchJson(`${cluster.agentUrl()}/api/v1`, { body: call })).get_containers
      .containers as readonly Container[];
  };
  const [whole, ...nested] = await containers(true);
  expect(whole).toMatchObject({ executor_id: { value: 'group' }, resource_statistics: { cpus_soft_limit: 0.4 } });
  expect(nested).toHaveLength(3);
  for (const each of nested) {
    expect(each).toMatchObject({ container_status: { container_id: { parent: whole?.container_id } } });
    expect(each.executor_id).toBeUndefined();
  }
  expect(await containers(false)).toHaveLength(1);
});

test('one task that fails ends its own group, and no other of the executor', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, 'group', { bystander: 'sleep 1000' });
  await cluster.statusOf('bystander', 'TASK_RUNNING');
  await launch(cluster, 'group', { fails: 'sleep 0.2; exit 5', victim: 'sleep 1000' });
  expect(await cluster.statusOf('fails', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 5' });
  expect(await cluster.statusOf('victim', 'TASK_KILLED')).toMatchObject({
    message: 'Command terminated with signal Terminated',
  });
  expect(cluster.statesOf('victim')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
  const [{ tasks, completed_tasks: completed }] = (await cluster.agentState()).frameworks[0].executors;
  expect(tasks).toMatchObject([{ id: 'bystander', state: 'TASK_RUNNING' }]);
  expect(idsOf(completed)).toEqual(['fails', 'victim']);
});

test('a kill of one task kills the group; then the executor ends, and its resources are free', async () => {
  const cluster = await startExecutorCluster();
  const offer = await launch(cluster, 'group', { a: 'sleep 1000', b: 'sleep 1000' });
  await cluster.statusOf('a', 'TASK_RUNNING');
  await cluster.statusOf('b', 'TASK_RUNNING');
  await cluster.framework.call('KILL', { kill: { task_id: { value: 'a' }, agent_id: offer.agent_id } });
  await cluster.statusOf('a', 'TASK_KILLED');
  await cluster.statusOf('b', 'TASK_KILLED');
  expect((await failureOf(cluster, 'group')).failure).toEqual({
    ...{ agent_id: offer.agent_id, executor_id: { value: 'group' }, status: 0 },
  });
  const state = await cluster.agentState();
  expect(state.frameworks).toEqual([]);
  expect(state.completed_frameworks[0].completed_executors).toMatchObject([{ id: 'group', tasks: [] }]);
  expect((await cluster.masterState()).frameworks[0]).toMatchObject({ executors: [], used_resources: { cpus: 0 } });
});

test('tasks that finish leave the others of their group alone', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, 'group', { first: 'true', second: 'while test ! -e ../../shared; do sleep 0.05; done' });
  await cluster.statusOf('first', 'TASK_FINISHED');
  await cluster.statusOf('second', 'TASK_RUNNING');
  const [{ directory }] = (await cluster.agentState()).frameworks[0].executors;
  writeFileSync(`${directory}/shared`, '');
  await cluster.statusOf('second', 'TASK_FINISHED');
  await failureOf(cluster, 'group');
});

test('a task that cannot be started ends the group', async () => {
  const cluster = await startExecutorCluster();
  const nothing = { command: { shell: false, value: '/no/such/program' } };
  await launch(cluster, 'group', { bad: '', good: 'sleep 1000' }, { bad: nothing });
  expect(await cluster.statusOf('bad', 'TASK_FAILED')).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
  await cluster.statusOf('good', 'TASK_KILLED');
  await failureOf(cluster, 'group');
});

test('tasks of a group share folders of the sandbox of their executor', async () => {
  const cluster = await startExecutorCluster();
  const volumes = [
    {
      mode: 'RW',
      container_path: 'data',
      source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'v' } },
    },
  ];
  const container = { type: 'MESOS', volumes };
  const wait = 'until test -e data/ready; do sleep 0.05; done';
  await launch(
    cluster,
    'group',
    { writer: 'touch data/ready', reader: wait },
    { writer: { container }, reader: { container } },
  );
  await cluster.statusOf('reader', 'TASK_FINISHED');
});

test.each(['kill', 'stop'] as const)('a group runs on after a %s of its agent, with its executor', async (how) => {
  const cluster = await startExecutorCluster();
  const offer = await launch(cluster, 'group', { a: 'sleep 1000', b: 'sleep 1000' });
  const { container_status: status } = await cluster.statusOf('a', 'TASK_RUNNING');
  await cluster.statusOf('b', 'TASK_RUNNING');
  const before = (await cluster.agentState()).frameworks[0].executors[0];
  await cluster.part[how]();
  await cluster.part.start();
  await waitFor(async () => {
    expect((await cluster.masterState()).slaves).toMatchObject([{ active: true, used_resources: { cpus: 0.3 } }]);
  });
  const after = (await cluster.agentState()).frameworks[0].executors[0];
  expect(after.container).toBe(before.container);
  expect(idsOf(after.tasks)).toEqual(['a', 'b']);
  expect(isAlive(pidOf(status))).toBe(true);
  await cluster.framework.call('KILL', { kill: { task_id: { value: 'b' }, agent_id: offer.agent_id } });
  await cluster.statusOf('a', 'TASK_KILLED');
  await failureOf(cluster, 'group');
});

test('a framework that is torn down leaves no group', async () => {
  const cluster = await startExecutorCluster();
  await launch(cluster, 'group', { a: 'sleep 1000' });
  const { container_status: status } = await cluster.statusOf('a', 'TASK_RUNNING');
  await cluster.framework.call('TEARDOWN');
  await waitFor(async () => {
    expect((await cluster.agentState()).frameworks).toEqual([]);
  });
  expect(isAlive(pidOf(status))).toBe(false);
  expect((await cluster.masterState()).slaves[0].used_resources).toMatchObject({ cpus: 0, mem: 0 });
});
