import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startFakeMaster } from './fake-master.ts';
import {
  agentOptions,
  commandTask,
  isAlive,
  startTestAgent,
  stateOf,
  temporaryFolder,
  waitFor,
  world,
} from './running-agent.ts';

test('an agent says what it is and what it has', async () => {
  const { master, agent } = await startTestAgent();
  expect(master.registrations[0]).toEqual({
    hostname: 'agent1',
    port: Number(new URL(agent.url).port),
    ip: '127.0.0.1',
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, role: '*' },
      { name: 'mem', type: 'SCALAR', scalar: { value: 1024 }, role: '*' },
      { name: 'disk', type: 'SCALAR', scalar: { value: 1000 }, role: '*' },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] }, role: '*' },
    ],
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: 'abc' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
    ],
    version: '1.11.0',
    tasks: [],
    frameworks: [],
  });
});

test('a ping is answered', async () => {
  const { master } = await startTestAgent();
  master.send({ type: 'PING' });
  await waitFor(() => {
    expect(master.calls).toContainEqual({ type: 'PONG', agent_id: { value: 'fake-master-S0' } });
  });
});

test('after its stream broke, an agent comes back as itself, with its tasks', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('t1', 'sleep 1000'));
  await stateOf(master, 't1', 'TASK_RUNNING');
  master.breakStream();
  await waitFor(() => {
    expect(master.registrations).toHaveLength(2);
  });
  expect(master.registrations[1]).toMatchObject({
    agent_id: { value: 'fake-master-S0' },
    tasks: [{ framework_id: { value: 'fw-0' }, task: { task_id: { value: 't1' } }, status: { state: 'TASK_RUNNING' } }],
    frameworks: [{ id: { value: 'fw-0' }, name: 'test' }],
  });
});

test('a master that says nothing is given up, and asked again', async () => {
  const { master } = await startTestAgent({ masterSilenceMs: 50 });
  await waitFor(() => {
    expect(master.registrations.length).toBeGreaterThan(2);
  });
});

test('an agent follows the leader, and keeps its tasks and its unacknowledged updates', async () => {
  const masters = inMemoryDiscovery();
  const first = await startFakeMaster({ name: 'first', acknowledges: false });
  const second = await startFakeMaster({ name: 'second' });
  const contender = masters.contend(first.candidate, { onElected: () => undefined });
  masters.contend(second.candidate, { onElected: () => undefined });
  const agent = await startAgent(agentOptions(first, { masters }), world);
  onTestFinished(async () => {
    await agent.stop();
    await Promise.all([first.close(), second.close()]);
  });
  await waitFor(() => {
    expect(first.registrations).toHaveLength(1);
  });
  first.run(commandTask('t1', 'exit 0'));
  await stateOf(first, 't1', 'TASK_STARTING');
  contender.withdraw();
  await stateOf(second, 't1', 'TASK_FINISHED');
  expect(second.updates.map(({ state }) => state)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  expect(second.registrations[0]).toMatchObject({ agent_id: { value: 'first-S0' }, tasks: [{ task: { name: 't1' } }] });
});

test('an agent waits for a master that is not there yet', async () => {
  const gone = await startFakeMaster();
  await gone.close();
  const lines: string[] = [];
  const agent = await startAgent(agentOptions(gone), { ...world, log: (line) => lines.push(line) });
  await waitFor(() => {
    expect(lines.filter((line) => line.includes('ECONNREFUSED')).length).toBeGreaterThan(2);
  });
  await agent.stop();
});

test('updates of a task are sent one at a time, again and again until they are acknowledged', async () => {
  const { master, agent } = await startTestAgent({}, false);
  master.run(commandTask('t1', 'exit 0'));
  await waitFor(() => {
    expect(master.updates.length).toBeGreaterThan(2);
  });
  const [first] = master.updates;
  expect(new Set(master.updates.map(({ uuid }) => uuid))).toEqual(new Set([first?.uuid]));
  if (first === undefined) throw new Error('No update');
  master.acknowledge({ ...first, uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' });
  master.setAcknowledges(true);
  await stateOf(master, 't1', 'TASK_FINISHED');
  const order = master.updates.map(({ state }) => state);
  expect([...new Set(order)]).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  await waitFor(async () => {
    const state = JSON.parse(await (await fetch(`${agent.url}/state`)).text());
    expect(state.completed_frameworks[0].completed_executors).toHaveLength(1);
  });
});

test('an agent that the master does not want ends its tasks and registers as a new one', async () => {
  const { master } = await startTestAgent();
  master.run(commandTask('t1', 'sleep 1000'));
  await stateOf(master, 't1', 'TASK_RUNNING');
  master.send({ type: 'SHUTDOWN', shutdown: { message: 'removed' } });
  await waitFor(() => {
    expect(master.registrations).toHaveLength(2);
  });
  expect(master.registrations[1]).toMatchObject({ tasks: [] });
  expect(master.registrations[1]).not.toHaveProperty('agent_id');
});

test('many tasks at once all run and end', async () => {
  const { master } = await startTestAgent();
  const ids = Array.from({ length: 60 }, (_, index) => `t${index}`);
  for (const id of ids) master.run(commandTask(id, 'exit 0'));
  await waitFor(() => {
    const finished = new Set(
      master.updates.filter(({ state }) => state === 'TASK_FINISHED').map((s) => s.task_id.value),
    );
    expect(finished.size).toBe(ids.length);
  });
});

test.each([
  { resources: 'cpus:abc', message: 'Bad type for resource cpus value abc type TEXT' },
  { attributes: 'rack', message: "Invalid attribute key:value pair 'rack'" },
])('an agent with bad settings does not start: $message', async ({ message, ...settings }) => {
  const nobody = { candidate: { id: 'x', url: 'http://127.0.0.1:1', hostname: 'x' } };
  await expect(startAgent(agentOptions(nobody, settings), world)).rejects.toThrow(message);
});

test('an agent that leaves ends its tasks and tells the master, and whoever comes after it is a new one', async () => {
  const { master, agent, options } = await startTestAgent({ recovery: 'reconnect' });
  const marker = join(temporaryFolder(), 'pid');
  master.run(commandTask('t1', `echo $$ > ${marker}; exec sleep 1000`));
  await stateOf(master, 't1', 'TASK_RUNNING');
  await waitFor(() => {
    expect(readFileSync(marker, 'utf8')).toMatch(/\d\n/);
  });
  await agent.leave?.();
  expect(master.calls).toContainEqual({ type: 'UNREGISTER', agent_id: { value: 'fake-master-S0' } });
  expect(isAlive(Number(readFileSync(marker, 'utf8')))).toBe(false);
  const next = await startAgent(options, world);
  onTestFinished(() => next.stop());
  await waitFor(() => {
    expect(master.registrations).toHaveLength(2);
  });
  expect(master.registrations[1]).toMatchObject({ tasks: [] });
  expect(master.registrations[1]).not.toHaveProperty('agent_id');
});
