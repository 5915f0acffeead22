import { expect, test } from 'vitest';
import { commandTask as agentTask, startTestAgent, stateOf } from '../agent/running-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { fetchJson, fetchRaw } from '../scheduler-client.ts';

/* What a real master (1.12) answers. */

const set = (level: unknown, nanoseconds?: number) => ({
  type: 'SET_LOGGING_LEVEL',
  set_logging_level: { level, ...(nanoseconds === undefined ? {} : { duration: { nanoseconds } }) },
});

async function leaderWithClock() {
  const log: string[] = [];
  let time = 1e12;
  const { url } = await startLeader({ now: () => time }, log);
  const call = (body: object) => fetchRaw(`${url}/api/v1`, { body });
  const level = async () =>
    (await fetchJson(`${url}/api/v1`, { body: { type: 'GET_LOGGING_LEVEL' } })).get_logging_level as unknown;
  return { url, log, call, level, pass: (ms: number) => (time += ms) };
}

test('more is logged for a while, and then what was before', async () => {
  const { url, log, call, level, pass } = await leaderWithClock();
  await fetchRaw(`${url}/health`);
  expect(await call(set(1, 2e9))).toMatchObject({ status: 200, body: '' });
  expect(await level()).toEqual({ level: 1 });
  await fetchRaw(`${url}/flags`);
  expect(log).toContain('HTTP GET for /flags');
  pass(2000);
  expect(await level()).toEqual({ level: 0 });
  await fetchRaw(`${url}/redirect`);
  expect(log.filter((line) => line.startsWith('HTTP '))).toEqual(['HTTP POST for /api/v1', 'HTTP GET for /flags']);
});

test('odd levels and durations are taken, missing ones refused', async () => {
  const { call } = await leaderWithClock();
  for (const body of [set(-1, 1), set(4, 1e9), set(2, -5), set(0, 1)]) expect((await call(body)).status).toBe(200);
  expect(await call(set(1))).toMatchObject({
    status: 400,
    body: 'Failed to convert JSON into Call protobuf: Missing required fields: set_logging_level.duration',
  });
  expect(await call({ type: 'SET_LOGGING_LEVEL' })).toMatchObject({
    status: 400,
    body: "Failed to validate master::Call: Expecting 'set_logging_level' to be present",
  });
});

const toggles: readonly (readonly [string, number, string])[] = [
  ['', 200, '0\n'],
  ['?level=1', 400, "Expecting 'duration=value' in query.\n"],
  ['?level=1&duration=x', 400, "Failed to convert '' to number.\n"],
  ['?level=1&duration=5', 400, "Invalid duration '5'.\n"],
  ['?level=-1&duration=1secs', 400, "Invalid level '-1'.\n"],
  ['?level=99&duration=1secs', 200, ''],
];

test.each(toggles)('/logging/toggle%s of a master is answered %i', async (query, status, body) => {
  const { url } = await startLeader();
  for (const method of ['POST', 'GET']) {
    const fresh = query === '' && method === 'GET';
    expect(await fetchRaw(`${url}/logging/toggle${query}`, { method }), method).toMatchObject({
      status,
      body: fresh ? '0\n' : body,
    });
  }
});

test('an agent has the same', async () => {
  const log: string[] = [];
  const { agent, master } = await startTestAgent({}, true, log);
  master.run(agentTask('t1', 'sleep 1000'));
  await stateOf(master, 't1', 'TASK_RUNNING');
  for (const [query, status, body] of toggles) {
    expect(await fetchRaw(`${agent.url}/logging/toggle${query}`)).toMatchObject({ status, body });
  }
  const { get_logging_level: level } = await fetchJson(`${agent.url}/api/v1`, { body: { type: 'GET_LOGGING_LEVEL' } });
  expect(level).toEqual({ level: 99 });
  await fetchRaw(`${agent.url}/flags`);
  expect(log).toContain('HTTP GET for /flags');
  expect(await fetchRaw(`${agent.url}/api/v1`, { body: set(0, 1) })).toMatchObject({ status: 200, body: '' });
  const answer = await fetchRaw(`${agent.url}/api/v1`, { body: { type: 'SET_LOGGING_LEVEL' } });
  expect(answer).toMatchObject({
    status: 400,
    body: "Failed to validate agent::Call: Expecting 'set_logging_level' to be present",
  });
});
