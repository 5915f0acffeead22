import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fetchJson } from '../scheduler-client.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf, waitFor } from './running-agent.ts';

const getAgent = async (url: string) => {
  const answer = await fetchJson(`${url}/api/v1`, { body: { type: 'GET_AGENT' } });
  return answer.get_agent as object;
};

test('an agent that is drained kills its tasks, says why, and shows it until they are over', async () => {
  const { agent, master } = await startTestAgent({}, false);
  const stubborn = 'trap "" TERM; touch deaf; while true; do sleep 0.1; done';
  master.run(commandTask('d1', stubborn), 'fw-0', ['TASK_KILLING_STATE']);
  master.acknowledge(await stateOf(master, 'd1', 'TASK_STARTING'));
  master.acknowledge(await stateOf(master, 'd1', 'TASK_RUNNING'));
  const sandbox = await sandboxOf(agent.url, 'd1');
  await waitFor(() => {
    expect(existsSync(`${sandbox}/deaf`)).toBe(true);
  });
  const config = { max_grace_period: { nanoseconds: 1e8 }, mark_gone: false };
  master.send({ type: 'DRAIN', drain: config });
  const killing = await stateOf(master, 'd1', 'TASK_KILLING');
  expect(killing).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
  expect(await getAgent(agent.url)).toMatchObject({
    drain_config: config,
    estimated_drain_start_time: { nanoseconds: expect.any(Number) as number },
  });
  // As a page of Mesos reads it (src/slave/http.cpp, Http::state).
  expect(await fetchJson(`${agent.url}/state`)).toMatchObject({
    drain_config: config,
    estimated_drain_start_time_seconds: expect.any(Number) as number,
  });
  master.acknowledge(killing);
  const killed = await stateOf(master, 'd1', 'TASK_KILLED');
  expect(killed).toMatchObject({ reason: 'REASON_AGENT_DRAINING', message: 'Command terminated with signal Killed' });
  master.acknowledge(killed);
  await waitFor(async () => {
    expect(await getAgent(agent.url)).not.toHaveProperty('drain_config');
  });
});

test('the tasks of an agent that is drained to be gone are gone', async () => {
  const { agent, master } = await startTestAgent();
  master.run(commandTask('d1', 'sleep 1000'));
  await stateOf(master, 'd1', 'TASK_RUNNING');
  master.send({ type: 'DRAIN', drain: { mark_gone: true } });
  expect(await stateOf(master, 'd1', 'TASK_GONE_BY_OPERATOR')).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
  await waitFor(async () => {
    const { completed_frameworks: frameworks } = await fetchJson(`${agent.url}/state`);
    expect(frameworks).toMatchObject([
      { completed_executors: [{ completed_tasks: [{ id: 'd1', state: 'TASK_GONE_BY_OPERATOR' }] }] },
    ]);
  });
});

test('an agent is drained as well when the framework of its last task is torn down', async () => {
  const { agent, master } = await startTestAgent({}, false);
  master.run(commandTask('d1', 'sleep 1000'));
  await stateOf(master, 'd1', 'TASK_STARTING');
  master.send({ type: 'DRAIN', drain: { mark_gone: false } });
  await waitFor(async () => {
    expect(await getAgent(agent.url)).toHaveProperty('drain_config');
  });
  master.send({ type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id: { value: 'fw-0' } } });
  await waitFor(async () => {
    expect(await getAgent(agent.url)).not.toHaveProperty('drain_config');
  });
  master.setAcknowledges(true);
  master.run(commandTask('d2', 'sleep 1000'), 'fw-1');
  await stateOf(master, 'd2', 'TASK_RUNNING');
  master.kill('d2', 0, 'fw-1');
  expect(await stateOf(master, 'd2', 'TASK_KILLED')).not.toHaveProperty('reason');
});

test('an agent without tasks is drained at once', async () => {
  const { agent, master } = await startTestAgent();
  master.send({ type: 'DRAIN', drain: { mark_gone: false } });
  master.run(commandTask('later', 'sleep 1000'));
  await stateOf(master, 'later', 'TASK_RUNNING');
  expect(await getAgent(agent.url)).not.toHaveProperty('drain_config');
});
