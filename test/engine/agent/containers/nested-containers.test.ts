import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, stateOf, waitFor } from '../running-agent.ts';
import { listedIn, shell, startTask, within } from './container-api.ts';

test('a container is launched in that of a task, waited for, killed and removed', async () => {
  const { parent, about, call, directory } = await startTask();
  const id = within(parent, 'nested-1');
  const launch = (fields: object) => about('LAUNCH_NESTED_CONTAINER', id, fields);
  expect(await launch(shell('echo nested; exec sleep 1000'))).toMatchObject({ status: 200, body: '' });
  expect(await launch(shell('sleep 1'))).toMatchObject({ status: 202, body: '' });
  const sandbox = `${directory}/containers/nested-1`;
  await waitFor(() => {
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('nested\n');
  });

  expect(listedIn((await call('GET_CONTAINERS')).body)).toHaveLength(1);
  const [, listed] = listedIn((await call('GET_CONTAINERS', { show_nested: true })).body);
  expect(listed).toMatchObject({
    container_id: { value: 'nested-1' },
    container_status: { container_id: id, executor_pid: expect.any(Number) },
  });
  expect(await about('REMOVE_NESTED_CONTAINER', id)).toMatchObject({
    status: 500,
    body: 'Nested container has not terminated yet',
  });
  const waiting = about('WAIT_NESTED_CONTAINER', id);
  expect(await about('KILL_NESTED_CONTAINER', id, { signal: 15 })).toMatchObject({ status: 200, body: '' });
  const ended = { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { exit_status: 15 } };
  expect(JSON.parse((await waiting).body)).toEqual(ended);
  expect(JSON.parse((await about('WAIT_NESTED_CONTAINER', id)).body)).toEqual(ended);
  expect(await about('KILL_NESTED_CONTAINER', id)).toMatchObject({
    status: 404,
    body: `Container '${parent.value}.nested-1' cannot be found (or is already killed)`,
  });
  expect(await about('REMOVE_NESTED_CONTAINER', id)).toMatchObject({ status: 200, body: '' });
  expect(await about('REMOVE_NESTED_CONTAINER', id)).toMatchObject({ status: 200, body: '' });
  expect(existsSync(sandbox)).toBe(false);
  expect(await about('WAIT_NESTED_CONTAINER', id)).toMatchObject({
    status: 404,
    body: `Container ${parent.value}.nested-1 cannot be found`,
  });
});

test.each([
  ['exit 3', 768],
  ['true', 0],
  ['kill -9 $$', 9],
])('how %j ends is what wait(2) would say', async (command, status) => {
  const { parent, about } = await startTask();
  const id = within(parent, 'nested');
  await about('LAUNCH_CONTAINER', id, shell(command));
  expect(JSON.parse((await about('WAIT_CONTAINER', id)).body)).toEqual({
    type: 'WAIT_CONTAINER',
    wait_container: { exit_status: status },
  });
});

test('what cannot be run is launched, says why and ends', async () => {
  const { parent, about, directory } = await startTask();
  const launch = async (name: string, fields: object) => {
    expect(await about('LAUNCH_NESTED_CONTAINER', within(parent, name), fields)).toMatchObject({ status: 200 });
    const { body } = await about('WAIT_NESTED_CONTAINER', within(parent, name));
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 256 });
    return readFileSync(`${directory}/containers/${name}/stderr`, 'utf8');
  };
  expect(await launch('none', {})).toBe('Shell command is not specified\n');
  expect(await launch('nowhere', { command: { shell: false, value: '/nowhere' } })).toMatch(
    /^Failed to execute command: .*ENOENT/,
  );
});

test('containers end with the one that they are in, innermost first', async () => {
  const { parent, about, call, master } = await startTask();
  const [outer, other] = [within(parent, 'outer'), within(parent, 'other')];
  const inner = within(outer, 'inner');
  for (const id of [outer, inner, other]) await about('LAUNCH_NESTED_CONTAINER', id, shell('sleep 1000'));
  await about('KILL_NESTED_CONTAINER', outer);
  for (const id of [outer, inner]) {
    expect(JSON.parse((await about('WAIT_CONTAINER', id)).body).wait_container).toEqual({ exit_status: 9 });
  }
  const waiting = about('WAIT_CONTAINER', other);
  const [, left] = listedIn((await call('GET_CONTAINERS', { show_nested: true })).body);
  master.kill('t', 0);
  expect(JSON.parse((await waiting).body).wait_container).toEqual({ exit_status: 9 });
  expect(isAlive(left?.container_status.executor_pid ?? 0)).toBe(false);
  await stateOf(master, 't', 'TASK_KILLED');
  expect((await about('WAIT_CONTAINER', inner)).status).toBe(404);
});

test('a container by itself has what it was given, and is forgotten when it has ended', async () => {
  const { about, call } = await startTask();
  const id = { value: 'standalone-1' };
  const resources = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ];
  expect(await about('LAUNCH_CONTAINER', id, { ...shell('sleep 1000'), resources })).toMatchObject({ status: 200 });
  expect(listedIn((await call('GET_CONTAINERS', { show_nested: true })).body)).toHaveLength(1);
  expect(listedIn((await call('GET_CONTAINERS', { show_standalone: true })).body)[1]).toMatchObject({
    container_id: id,
    resource_statistics: { cpus_soft_limit: 0.1, mem_limit_bytes: 33_554_432 },
  });
  const waiting = about('WAIT_CONTAINER', id);
  expect(await about('KILL_CONTAINER', id)).toMatchObject({ status: 200 });
  expect(JSON.parse((await waiting).body)).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: 9 } });
  expect(await about('WAIT_CONTAINER', id)).toMatchObject({
    status: 404,
    body: 'Container standalone-1 cannot be found',
  });
  // A real agent aborts.
  expect(await about('REMOVE_CONTAINER', id)).toMatchObject({
    status: 400,
    body: "Failed to validate agent::Call: Expecting 'remove_container.container_id.parent' to be present",
  });
});

test('nested containers end with the agent', async () => {
  const { about, call, agent, parent } = await startTask();
  await about('LAUNCH_CONTAINER', within(parent, 'n'), shell('sleep 1000'));
  await about('LAUNCH_CONTAINER', { value: 'alone' }, shell('sleep 1000'));
  const all = listedIn((await call('GET_CONTAINERS', { show_nested: true, show_standalone: true })).body);
  const ids = all.map(({ container_status: status }) => status.executor_pid);
  expect(ids.map(isAlive)).toEqual([true, true, true]);
  await agent.stop();
  expect(ids.map(isAlive)).toEqual([false, false, false]);
});

test('PRUNE_IMAGES has nothing to do', async () => {
  const { call } = await startTask();
  expect(await call('PRUNE_IMAGES')).toMatchObject({ status: 200, body: '' });
});

test('what a call lacks is said in the words of Mesos', async () => {
  const { parent, call, about } = await startTask();
  const invalid = (why: string) => ({ status: 400, body: `Failed to validate agent::Call: ${why}` });
  expect(await call('LAUNCH_NESTED_CONTAINER')).toMatchObject(
    invalid("Expecting 'launch_nested_container' to be present"),
  );
  expect(await about('LAUNCH_NESTED_CONTAINER', { value: 'no-parent' }, shell('true'))).toMatchObject(
    invalid("Expecting 'launch_nested_container.container_id.parent' to be present"),
  );
  for (const [value, why] of [
    ['bad/name', "'bad/name' contains invalid characters"],
    ['a.b', "'ContainerID.value' 'a.b' contains invalid characters"],
    ['', 'ID must not be empty'],
    ['..', "'..' is disallowed"],
  ] as const) {
    expect(await about('WAIT_NESTED_CONTAINER', within(parent, value))).toMatchObject(
      invalid(`'wait_nested_container.container_id' is invalid: ${why}`),
    );
  }
  expect(await about('LAUNCH_NESTED_CONTAINER', within({ value: 'no-such-parent' }, 'x'), shell('true'))).toMatchObject(
    {
      status: 400,
      body: 'Parent container no-such-parent does not exist',
    },
  );
  const container = (fields: object) => ({ ...shell('true'), container: fields });
  expect(
    await about('LAUNCH_NESTED_CONTAINER', within(parent, 'x'), container({ type: 'DOCKER', docker: { image: 'a' } })),
  ).toMatchObject({ status: 400, body: 'The provided ContainerInfo is not supported' });
  expect(
    await about('LAUNCH_NESTED_CONTAINER', within(parent, 'x'), container({ type: 'MESOS', hostname: 'h' })),
  ).toMatchObject(
    invalid(
      "'launch_nested_container.container' is invalid: 'hostname' is not honoured by this cluster in a container of type MESOS",
    ),
  );
  expect(await about('WAIT_NESTED_CONTAINER', within(parent, 'nope'))).toMatchObject({ status: 404 });
});
