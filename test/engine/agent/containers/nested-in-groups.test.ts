import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, type Loose } from '../running-agent.ts';
import { small, startExecutorCluster } from '../executors/executor-cluster.ts';
import { containerApi, listedIn, saidOn, shell, within, type Id } from './container-api.ts';

/** A group of two tasks, whose containers are in that of their executor. */
async function startGroup() {
  const cluster = await startExecutorCluster();
  const offer = await cluster.framework.takeOffer();
  const task = (id: string, command: string) => ({
    ...{ name: id, task_id: { value: id }, agent_id: offer.agent_id, resources: small },
    ...shell(command),
  });
  const executor = { type: 'DEFAULT', executor_id: { value: 'e' }, resources: small };
  const tasks = [task('web', 'echo $NAME > ready; sleep 1000'), task('other', 'sleep 1000')];
  await cluster.accept(offer, { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } });
  const idOf = async (taskId: string) => {
    const { container_status: status } = (await cluster.statusOf(taskId, 'TASK_RUNNING')) as Loose;
    return status.container_id as Required<Id>;
  };
  const web = await idOf('web');
  await idOf('other');
  const state = await cluster.agentState();
  const { directory } = state.frameworks[0].executors[0] as { readonly directory: string };
  return { ...cluster, ...containerApi(cluster.agentUrl), web, root: web.parent, directory };
}

test('a command runs in the container of one task of a group', async () => {
  const { web, stream, about, call } = await startGroup();
  const id = within(web, 'session-1');
  const said = await stream('LAUNCH_NESTED_CONTAINER_SESSION', id, shell('ls; echo $MESOS_TASK_ID; sleep 1000'));
  await said.take('DATA');
  const { body } = await call('GET_CONTAINERS', { show_nested: true });
  expect(listedIn(body).map((each) => each.container_status.container_id)).toContainEqual(id);
  said.close();
  expect(JSON.parse((await about('WAIT_CONTAINER', id)).body).wait_container).toEqual({ exit_status: 9 });
  expect(saidOn(said)).toContain('ready\n');
});

test('the container of a task of a group is waited for and killed as any other', async () => {
  const { web, about, statusOf } = await startGroup();
  const waiting = about('WAIT_NESTED_CONTAINER', web);
  expect(await about('KILL_NESTED_CONTAINER', web, { signal: 15 })).toMatchObject({ status: 200 });
  const ended = { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { exit_status: 15 } };
  expect(JSON.parse((await waiting).body)).toEqual(ended);
  await statusOf('web', 'TASK_FAILED');
  // With one that failed its group is over.
  await statusOf('other', 'TASK_KILLED');
});

test('a container beside the tasks ends with their executor, for which one can wait', async () => {
  const { root, about, framework, directory } = await startGroup();
  const id = within(root, 'beside');
  await about('LAUNCH_NESTED_CONTAINER', id, shell('sleep 1000'));
  expect(existsSync(`${directory}/containers/beside/stdout`)).toBe(true);
  const waiting = [about('WAIT_CONTAINER', id), about('WAIT_CONTAINER', root)];
  for (const task of ['web', 'other']) await framework.call('KILL', { kill: { task_id: { value: task } } });
  const [beside, executor] = await Promise.all(waiting);
  expect(JSON.parse(beside?.body ?? '').wait_container).toEqual({ exit_status: 9 });
  expect(JSON.parse(executor?.body ?? '').wait_container).toEqual({ exit_status: 0 });
});

test('a container in that of a group outlives the agent with it, and ends with it', async () => {
  const { root, web, about, call, part, framework, statusOf } = await startGroup();
  await about('LAUNCH_NESTED_CONTAINER', within(root, 'beside'), shell('sleep 1000'));
  const listed = async () => {
    const { body } = await call('GET_CONTAINERS', { show_nested: true });
    return listedIn(body).map((each) => each.container_status);
  };
  const id = within(root, 'beside');
  const before = (await listed()).find(({ container_id: each }) => each.value === 'beside');
  expect(before?.container_id).toEqual(id);
  await part.kill();
  expect(isAlive(before?.executor_pid ?? 0)).toBe(true);
  await part.start();
  await statusOf('web', 'TASK_RUNNING');
  expect(await listed()).toEqual(expect.arrayContaining([expect.objectContaining({ container_id: web }), before]));
  const waiting = about('WAIT_CONTAINER', id);
  for (const task of ['web', 'other']) await framework.call('KILL', { kill: { task_id: { value: task } } });
  expect(JSON.parse((await waiting).body).wait_container).toEqual({ exit_status: 9 });
  expect(isAlive(before?.executor_pid ?? 0)).toBe(false);
});
