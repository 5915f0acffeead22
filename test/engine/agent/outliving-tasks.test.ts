import { expect, onTestFinished, test } from 'vitest';
import { endTasks } from '../../../engine/agent/executors/outliving-executor.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { nodeSurvivors } from '../../../platform/processes/surviving/surviving-process.ts';
import { startKillableAgent } from './executors/killable-agent.ts';
import { startFakeMaster, type FakeMaster } from './fake-master.ts';
import { agentOptions, commandTask, getJson, isAlive, stateOf, waitFor, world } from './running-agent.ts';

/** An agent that can be killed in this process, and its tasks, which stay. */
async function startKillable({ checkpoint = true, recoveryTimeoutMs = 60_000 } = {}) {
  const master = await startFakeMaster({ acknowledges: true, checkpoint });
  const options = agentOptions(master, { recovery: 'reconnect' });
  onTestFinished(() => master.close());
  const agent = await startKillableAgent(options, { recoveryTimeoutMs });
  const registered = (count: number) =>
    waitFor(() => {
      expect(master.registrations).toHaveLength(count);
    });
  await registered(1);
  return { ...agent, master, registered };
}

async function pidOf(url: string, taskId: string): Promise<number> {
  const containers = (await getJson(`${url}/containers`)) as {
    executor_id: string;
    status: { executor_pid: number };
  }[];
  return containers.find(({ executor_id: id }) => id === taskId)?.status.executor_pid ?? 0;
}

const updatesOf = (master: FakeMaster, taskId: string) =>
  master.updates.filter(({ task_id: { value } }) => value === taskId).map(({ state }) => state);

test.each(['kill', 'stop'] as const)('a command runs on after a %s of its agent, which finds it again', async (how) => {
  const { master, part, outliving, registered, url } = await startKillable();
  master.run(commandTask('sleeper', 'sleep 1000'));
  await stateOf(master, 'sleeper', 'TASK_RUNNING');
  const pid = await pidOf(url(), 'sleeper');
  await part[how]();
  expect(isAlive(pid)).toBe(true);
  expect(outliving.deadlines.size).toBe(1);
  await part.start();
  await registered(2);
  expect(master.registrations[1]).toMatchObject({
    agent_id: { value: 'fake-master-S0' },
    tasks: [{ status: { state: 'TASK_RUNNING' }, task: { task_id: { value: 'sleeper' } } }],
  });
  expect(await pidOf(url(), 'sleeper')).toBe(pid);
  // It waits for nobody any more.
  expect(outliving.deadlines.size).toBe(0);
  master.kill('sleeper');
  await stateOf(master, 'sleeper', 'TASK_KILLED');
  expect(isAlive(pid)).toBe(false);
});

test('how a command ended while its agent was dead is told by the agent that comes after it', async () => {
  const { master, part, registered, url } = await startKillable();
  master.run(commandTask('short', 'sleep 1000'));
  await stateOf(master, 'short', 'TASK_RUNNING');
  const pid = await pidOf(url(), 'short');
  await part.kill();
  world.processes.signalGroup(pid, 'SIGTERM');
  await waitFor(() => {
    expect(isAlive(pid)).toBe(false);
  });
  expect(updatesOf(master, 'short')).not.toContain('TASK_FAILED');
  await part.start();
  await registered(2);
  expect(await stateOf(master, 'short', 'TASK_FAILED')).toMatchObject({
    message: 'Command terminated with signal Terminated',
  });
});

test('a simulated container answers on while its agent is dead, and ends with all tasks of the lab', async () => {
  const { master, part, outliving, url } = await startKillable();
  const docker = { image: 'nginx', network: 'HOST' };
  const ports = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_907, end: 31_907 }] } } as const;
  master.run(
    commandTask('web', '', { container: { type: 'DOCKER', docker }, resources: [ports] } as Parameters<
      typeof commandTask
    >[2]),
  );
  await stateOf(master, 'web', 'TASK_RUNNING');
  await part.kill();
  await expect(fetch(url())).rejects.toThrow();
  expect(await (await fetch('http://127.0.0.1:31907/')).text()).toContain('simulated');
  await endTasks(outliving);
  await expect(fetch('http://127.0.0.1:31907/')).rejects.toThrow();
});

test('a command ends by itself when no agent comes after its own within recovery_timeout', async () => {
  const { master, part, outliving, registered, url } = await startKillable({ recoveryTimeoutMs: 50 });
  master.run(commandTask('sleeper', 'sleep 1000'));
  await stateOf(master, 'sleeper', 'TASK_RUNNING');
  const pid = await pidOf(url(), 'sleeper');
  await part.kill();
  await waitFor(() => {
    expect(isAlive(pid)).toBe(false);
    expect(outliving.running.size).toBe(0);
  });
  await part.start();
  await registered(2);
  expect(await stateOf(master, 'sleeper', 'TASK_FAILED')).toMatchObject({
    reason: 'REASON_EXECUTOR_TERMINATED',
    message: 'Abnormal executor termination: unknown container',
  });
});

test.each(['kill', 'stop'] as const)(
  'a command of a framework that does not checkpoint ends with a %s of its agent, and the next one has none of it',
  async (how) => {
    const { master, part, registered, url } = await startKillable({ checkpoint: false });
    master.run(commandTask('sleeper', 'sleep 1000'));
    await stateOf(master, 'sleeper', 'TASK_RUNNING');
    const pid = await pidOf(url(), 'sleeper');
    await part[how]();
    await waitFor(() => {
      expect(isAlive(pid)).toBe(false);
    });
    await part.start();
    await registered(2);
    expect(master.registrations[1]).toMatchObject({ agent_id: { value: 'fake-master-S0' }, tasks: [] });
    expect(updatesOf(master, 'sleeper')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  },
);

test.each([
  [true, 'goes on with'],
  [false, 'has none of'],
] as const)('of a command that outlives its process, if checkpoint is %s, the next agent %s', async (checkpoint, _) => {
  const master = await startFakeMaster({ acknowledges: true, checkpoint });
  const options = agentOptions(master, { recovery: 'reconnect' });
  const start = async (port: number) => startAgent({ ...options, port }, { ...world, survivors: nodeSurvivors });
  const first = await start(0);
  const port = Number(new URL(first.url).port);
  const registered = (count: number) =>
    waitFor(() => {
      expect(master.registrations).toHaveLength(count);
    });
  await registered(1);
  master.run(commandTask('sleeper', 'sleep 1000'));
  await stateOf(master, 'sleeper', 'TASK_RUNNING');
  const pid = await pidOf(first.url, 'sleeper');
  await first.stop();
  const second = await start(port);
  onTestFinished(async () => {
    await second.leave?.();
    await master.close();
  });
  await registered(2);
  const tasks = checkpoint ? [{ task: { task_id: { value: 'sleeper' } } }] : [];
  expect(master.registrations[1]).toMatchObject({ agent_id: { value: 'fake-master-S0' }, tasks });
  expect(isAlive(pid)).toBe(checkpoint);
});
