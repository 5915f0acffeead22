import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { commandTask, getJson, isAlive, sandboxOf, startTestAgent, stateOf, waitFor } from './running-agent.ts';

/** An update that is not acknowledged at once, as on a busy machine, comes again. */
const states = (updates: readonly { readonly uuid?: string; readonly state: string }[]) => [
  ...new Map(updates.map(({ uuid, state }) => [uuid, state])).values(),
];

test('a command runs as a process, and its updates are those of a real agent', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('t1', 'echo Hello Marathon; sleep 60'));
  const running = await stateOf(master, 't1', 'TASK_RUNNING');
  expect(states(master.updates)).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  expect(running).toEqual({
    task_id: { value: 't1' },
    state: 'TASK_RUNNING',
    source: 'SOURCE_EXECUTOR',
    agent_id: { value: 'fake-master-S0' },
    executor_id: { value: 't1' },
    timestamp: expect.any(Number),
    uuid: expect.stringMatching(/^[\w+/]{22}==$/),
    container_status: {
      container_id: { value: expect.any(String) },
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }],
      executor_pid: expect.any(Number),
    },
  });
  const sandbox = await sandboxOf(agent.url, 't1');
  await waitFor(() => {
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('Hello Marathon\n');
  });
});

test('the exit status decides between finished and failed', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('good', 'exit 0'));
  master.run(commandTask('bad', 'exit 3'));
  master.run(commandTask('shot', 'kill -9 $$'));
  expect(await stateOf(master, 'good', 'TASK_FINISHED')).toMatchObject({ message: 'Command exited with status 0' });
  expect(await stateOf(master, 'bad', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 3' });
  expect(await stateOf(master, 'shot', 'TASK_FAILED')).toMatchObject({
    message: 'Command terminated with signal Killed',
  });
});

test('a task is told what Mesos tells it, its own variables, and none of the secrets of whoever runs the agent', async () => {
  process.env['SECRET_OF_THE_USER'] = 'hush';
  const { master, agent } = await startTestAgent();
  const environment = {
    variables: [
      { name: 'PORT0', value: '31000' },
      { name: 'LANG', value: 'x y' },
    ],
  };
  master.run(commandTask('env', 'env; pwd', { command: { value: 'env; pwd', environment } }));
  await stateOf(master, 'env', 'TASK_FINISHED');
  delete process.env['SECRET_OF_THE_USER'];
  const sandbox = await sandboxOf(agent.url, 'env');
  const lines = readFileSync(`${sandbox}/stdout`, 'utf8').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'PORT0=31000',
      'LANG=x y',
      `MESOS_SANDBOX=${sandbox}`,
      `MESOS_DIRECTORY=${sandbox}`,
      'MESOS_TASK_ID=env',
      'MESOS_EXECUTOR_ID=env',
      'MESOS_FRAMEWORK_ID=fw-0',
      'MESOS_SLAVE_ID=fake-master-S0',
      'LIBPROCESS_PORT=0',
      sandbox,
    ]),
  );
  expect(lines.join('\n')).not.toContain('SECRET_OF_THE_USER');
});

test('without a shell the arguments are passed as they are', async () => {
  const { master, agent } = await startTestAgent();
  const command = { shell: false, value: '/bin/echo', arguments: ['echo', '$HOME', 'a  b'] };
  master.run(commandTask('argv', '', { command }));
  await stateOf(master, 'argv', 'TASK_FINISHED');
  expect(readFileSync(`${await sandboxOf(agent.url, 'argv')}/stdout`, 'utf8')).toBe('$HOME a  b\n');
});

test('what cannot be started fails with the reason', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('none', '', { command: { shell: false, value: '/no/such/program' } }));
  master.run(commandTask('../../escape', 'true'));
  expect(await stateOf(master, 'none', 'TASK_FAILED')).toMatchObject({
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    message: expect.stringContaining('ENOENT'),
  });
  expect(await stateOf(master, '../../escape', 'TASK_ERROR')).toMatchObject({ reason: 'REASON_TASK_INVALID' });
});

test('a kill ends the whole process group', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('family', 'sleep 1000 & echo $! > child; wait'));
  await stateOf(master, 'family', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 'family');
  await waitFor(() => {
    expect(existsSync(`${sandbox}/child`) && readFileSync(`${sandbox}/child`, 'utf8')).toMatch(/\d\n/);
  });
  const child = Number(readFileSync(`${sandbox}/child`, 'utf8'));
  expect(isAlive(child)).toBe(true);
  master.kill('family');
  expect(await stateOf(master, 'family', 'TASK_KILLED')).toMatchObject({
    message: 'Command terminated with signal Terminated',
  });
  await waitFor(() => {
    expect(isAlive(child)).toBe(false);
  });
});

test('a program below the shell of a task has the whole grace period, though the shell ends of the signal', async () => {
  const { master, agent } = await startTestAgent();
  const program = "trap 'echo asked; sleep 0.3; echo cleaned; exit 0' TERM; echo up; while :; do sleep 0.05; done";
  master.run(commandTask('polite', `sh -c "${program}"; echo not reached`));
  await stateOf(master, 'polite', 'TASK_RUNNING');
  const stdout = `${await sandboxOf(agent.url, 'polite')}/stdout`;
  await waitFor(() => {
    expect(readFileSync(stdout, 'utf8')).toBe('up\n');
  });
  master.kill('polite', 3_600_000);
  await stateOf(master, 'polite', 'TASK_KILLED');
  expect(readFileSync(stdout, 'utf8')).toBe('up\nasked\ncleaned\n');
});

test('what is left of a task when its shell has ended is killed after the grace period', async () => {
  const { master, agent } = await startTestAgent();
  const deaf = `sh -c "trap '' TERM; echo \\$\\$ > child; while :; do sleep 0.05; done"; echo not reached`;
  master.run(commandTask('rest', deaf));
  await stateOf(master, 'rest', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 'rest');
  await waitFor(() => {
    expect(existsSync(`${sandbox}/child`) && readFileSync(`${sandbox}/child`, 'utf8')).toMatch(/\d\n/);
  });
  master.kill('rest', 50);
  await stateOf(master, 'rest', 'TASK_KILLED');
  await waitFor(() => {
    expect(isAlive(Number(readFileSync(`${sandbox}/child`, 'utf8')))).toBe(false);
  });
});

test('a task that ignores SIGTERM is killed after the grace period, which a second kill can shorten', async () => {
  const { master, agent } = await startTestAgent();
  const deaf = "trap '' TERM; touch deaf; while :; do sleep 0.05; done";
  master.run(commandTask('deaf', deaf), 'fw-0', ['TASK_KILLING_STATE']);
  await stateOf(master, 'deaf', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 'deaf');
  await waitFor(() => {
    expect(existsSync(`${sandbox}/deaf`)).toBe(true);
  });
  master.kill('deaf', 3_600_000);
  await stateOf(master, 'deaf', 'TASK_KILLING');
  master.kill('deaf', 50);
  expect((await stateOf(master, 'deaf', 'TASK_KILLED')).message).toBe('Command terminated with signal Killed');
});

test('a kill that comes while a task starts is not lost', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('early', 'sleep 1000'));
  master.kill('early');
  await stateOf(master, 'early', 'TASK_KILLED');
});

test('a task that is killed while its process is recorded is not said to run after that', async () => {
  let goOn: () => void = () => undefined;
  const mayBeRecorded = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const describe = async (id: number) => {
    await mayBeRecorded;
    return nodeProcesses.describe(id);
  };
  const { master } = await startTestAgent({}, true, [], { ...nodeProcesses, describe });
  master.run(commandTask('brief', 'sleep 1000'), 'fw-0', ['TASK_KILLING_STATE']);
  await stateOf(master, 'brief', 'TASK_STARTING');
  master.kill('brief');
  await stateOf(master, 'brief', 'TASK_KILLING');
  goOn();
  await stateOf(master, 'brief', 'TASK_KILLED');
  expect(states(master.updates)).toEqual(['TASK_STARTING', 'TASK_KILLING', 'TASK_KILLED']);
});

test('a kill of a task that is not here is answered', async () => {
  const { master } = await startTestAgent();
  master.kill('nobody');
  expect(await stateOf(master, 'nobody', 'TASK_LOST')).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
});

test('a framework that is torn down takes its tasks with it, without updates', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('mine', 'sleep 1000'), 'fw-0');
  master.run(commandTask('other', 'sleep 1000'), 'fw-1');
  const { container_status: status } = await stateOf(master, 'mine', 'TASK_RUNNING');
  await stateOf(master, 'other', 'TASK_RUNNING');
  master.send({ type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id: { value: 'fw-0' } } });
  await waitFor(() => {
    expect(isAlive((status as { executor_pid: number }).executor_pid)).toBe(false);
  });
  await waitFor(async () => {
    expect((await getJson(`${agent.url}/state`)).frameworks).toMatchObject([{ id: 'fw-1' }]);
  });
  expect(states(master.updates.filter(({ task_id }) => task_id.value === 'mine'))).not.toContain('TASK_KILLED');
});

test('stopping the agent ends all tasks, also processes that left their group, and leaves no records of them', async () => {
  const { master, agent, options } = await startTestAgent();
  master.run(commandTask('daemon', 'setsid sleep 1000 & echo $! > child; sleep 1000'));
  await stateOf(master, 'daemon', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 'daemon');
  let child = 0;
  await waitFor(() => {
    child = Number(readFileSync(`${sandbox}/child`, 'utf8'));
    expect(child).toBeGreaterThan(0);
  });
  await waitFor(() => {
    expect(readdirSync(`${options.workDir}/meta/processes`)).toHaveLength(1);
  });
  await agent.stop();
  await waitFor(() => {
    expect(isAlive(child)).toBe(false);
  });
  expect(readdirSync(`${options.workDir}/meta/processes`)).toEqual([]);
  await expect(fetch(`${agent.url}/health`)).rejects.toThrow();
});

test('a health check command decides over healthy, and ends a task that stays unhealthy', async () => {
  const { master } = await startTestAgent();
  const check = (value: string) => ({
    health_check: {
      delay_seconds: 0,
      interval_seconds: 0.05,
      timeout_seconds: 5,
      grace_period_seconds: 0,
      consecutive_failures: 2,
      type: 'COMMAND',
      command: { value },
    },
  });
  master.run(commandTask('well', 'sleep 1000', check('true')));
  master.run(commandTask('ill', 'sleep 1000', check('false')));
  await waitFor(() => {
    expect(master.updates).toContainEqual(
      expect.objectContaining({ task_id: { value: 'well' }, state: 'TASK_RUNNING', healthy: true }),
    );
  });
  expect(await stateOf(master, 'ill', 'TASK_KILLED')).toMatchObject({ healthy: false });
});
