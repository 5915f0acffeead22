import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import type { Json } from '../../../protocol/mesos.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf, waitFor } from './running-agent.ts';

test('a check says how a task does, decides nothing, and is told again when it changed', async () => {
  const { master, options } = await startTestAgent();
  const check = (command: Json) => ({
    check: { type: 'COMMAND', command: { command }, delay_seconds: 0, interval_seconds: 0.05, timeout_seconds: 5 },
  });
  const variables = [{ name: 'FILE', value: `${options.workDir}/it's here` }];
  const looks = { value: 'test -e "$FILE" || exit 7', environment: { variables } };
  master.run(commandTask('t1', 'sleep 1000', check(looks)));
  const seen = (code?: number) => ({
    task_id: { value: 't1' },
    state: 'TASK_RUNNING',
    check_status: { type: 'COMMAND', command: code === undefined ? {} : { exit_code: code } },
  });
  const told = (status: object) =>
    waitFor(() => {
      expect(master.updates).toContainEqual(expect.objectContaining(status));
    });
  await told(seen());
  await told({ ...seen(7), reason: 'REASON_TASK_CHECK_STATUS_UPDATED' });
  writeFileSync(`${options.workDir}/it's here`, '');
  await told(seen(0));
  master.kill('t1');
  expect(await stateOf(master, 't1', 'TASK_KILLED')).toMatchObject({ check_status: { type: 'COMMAND', command: {} } });
});

test('a check may be a program with arguments, which no shell changes', async () => {
  const { master } = await startTestAgent();
  const command = { shell: false, value: '/bin/sh', arguments: ['sh', '-c', 'exit $1', 'sh', '5'] };
  const times = { delay_seconds: 0, interval_seconds: 1000 };
  master.run(commandTask('t1', 'sleep 1000', { check: { type: 'COMMAND', command: { command }, ...times } }));
  await waitFor(() => {
    const status = { type: 'COMMAND', command: { exit_code: 5 } };
    expect(master.updates).toContainEqual(expect.objectContaining({ check_status: status }));
  });
});

test('a check asks a port, and tells the status of its answer', async () => {
  const { master, agent } = await startTestAgent();
  const port = Number(new URL(agent.url).port);
  const times = { delay_seconds: 0, interval_seconds: 1000 };
  master.run(commandTask('web', 'sleep 1000', { check: { type: 'HTTP', http: { port, path: '/nope' }, ...times } }));
  master.run(commandTask('port', 'sleep 1000', { check: { type: 'TCP', tcp: { port }, ...times } }));
  master.run(commandTask('none', 'sleep 1000', { check: { type: 'TCP', tcp: { port: 1 }, ...times } }));
  await waitFor(() => {
    const seen = master.updates.flatMap(({ check_status: status }) => (status === undefined ? [] : [status]));
    expect(seen).toContainEqual({ type: 'HTTP', http: { status_code: 404 } });
    expect(seen).toContainEqual({ type: 'TCP', tcp: { succeeded: true } });
    expect(seen).toContainEqual({ type: 'TCP', tcp: { succeeded: false } });
  });
});

test('a task that takes longer than it may is killed at once, and has failed', async () => {
  const { master } = await startTestAgent();
  const limit = { max_completion_time: { nanoseconds: 5e7 }, kill_policy: { grace_period: { nanoseconds: 1e12 } } };
  master.run(commandTask('t1', "trap '' TERM; while true; do sleep 0.01; done", limit));
  expect(await stateOf(master, 't1', 'TASK_FAILED')).toMatchObject({
    reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    message: 'Command terminated with signal Killed',
  });
  master.run(commandTask('t2', 'true', { max_completion_time: { nanoseconds: 1e13 } }));
  await stateOf(master, 't2', 'TASK_FINISHED');
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)('a task runs as the user that it names, who owns its sandbox and output', async () => {
  const { master, agent, options } = await startTestAgent();
  chmodSync(options.workDir, 0o755);
  const command = { shell: true, value: 'id -un; touch mine; echo more >> /dev/stdout; sleep 1000', user: 'nobody' };
  master.run(commandTask('t1', '', { command }));
  await stateOf(master, 't1', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 't1');
  await waitFor(() => {
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('nobody\nmore\n');
  });
  expect(statSync(`${sandbox}/mine`).uid).not.toBe(0);
});

test.each([
  ['nobody-of-this-name', isRoot ? "there is no user 'nobody-of-this-name' on this machine" : 'only an agent that'],
])('a task of user %s fails with the reason', async (user, why) => {
  const { master } = await startTestAgent();
  master.run(commandTask('t1', '', { command: { shell: true, value: 'true', user } }));
  const { message, reason } = await stateOf(master, 't1', 'TASK_FAILED');
  expect(message).toContain(`Failed to launch command: ${why}`);
  expect(reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
});

test('a task may name the user that its agent is', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('t1', '', { command: { shell: true, value: 'true', user: userInfo().username } }));
  await stateOf(master, 't1', 'TASK_FINISHED');
});
