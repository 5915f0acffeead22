import { expect, test } from 'vitest';
import { fetchJson, fetchRaw, openStream, type RecordStream } from '../scheduler-client.ts';
import { agentRegistration } from './fake-agent.ts';
import { startLeader } from './master-for-test.ts';

/** A stream that agents share, and what is called on it. */
async function share(masterUrl: string) {
  const url = `${masterUrl}/api/agent`;
  const stream: RecordStream = await openStream(url, { type: 'SHARE' });
  const headers = { 'Mesos-Stream-Id': String(stream.headers['mesos-stream-id']) };
  const call = async (...calls: readonly object[]) =>
    (await fetchJson(url, { body: { type: 'CALLS', calls }, headers })).refused as readonly object[];
  const subscribe = (channel: number, fields: object = {}) =>
    call({ type: 'SUBSCRIBE', channel, subscribe: agentRegistration(fields) });
  return { url, headers, stream, call, subscribe };
}

const slavesOf = async (url: string) =>
  (await fetchJson(`${url}/slaves`)).slaves as readonly { pid: string; hostname: string; active: boolean }[];

test('agents that share a stream and an address are told apart by their ordinals', async () => {
  const master = await startLeader();
  const { subscribe } = await share(master.url);
  for (const ordinal of [1, 2]) {
    expect(await subscribe(ordinal, { port: 5051, hostname: `agent${ordinal}`, ordinal })).toEqual([]);
  }
  const slaves = await slavesOf(master.url);
  expect(slaves.map(({ pid, hostname }) => [pid, hostname])).toEqual([
    ['slave(1)@127.0.0.1:5051', 'agent1'],
    ['slave(2)@127.0.0.1:5051', 'agent2'],
  ]);
  // The same one again, without an id: a new life of it.
  await subscribe(3, { port: 5051, hostname: 'agent2', ordinal: 2 });
  expect((await fetchJson(`${master.url}/slaves`)).slaves).toHaveLength(2);
});

test('a call that cannot be taken is refused for itself, and the others are taken', async () => {
  const master = await startLeader();
  const { call, subscribe } = await share(master.url);
  const bad = { type: 'SUBSCRIBE', channel: 7, subscribe: agentRegistration({ port: 0 }) };
  const good = { type: 'SUBSCRIBE', channel: 8, subscribe: agentRegistration() };
  expect(await call({ type: 'UNREGISTER', agent_id: { value: 'nobody' } }, bad, good)).toEqual([
    { index: 0, status: 403, message: 'Agent is not subscribed' },
    { index: 1, status: 400, message: 'Invalid port of the agent' },
  ]);
  expect(await subscribe(8)).toEqual([{ index: 0, status: 400, message: 'Channel 8 was used before' }]);
  expect((await fetchJson(`${master.url}/slaves`)).slaves).toHaveLength(1);
});

test('calls on no stream, and calls that lack what they need, are refused', async () => {
  const master = await startLeader();
  const { url, headers } = await share(master.url);
  const post = (body: object, more = headers) => fetchRaw(url, { body, headers: more });
  expect(await post({ type: 'CALLS', calls: [] }, { 'Mesos-Stream-Id': 'none' })).toMatchObject({ status: 403 });
  for (const calls of [
    [{ type: 'SUBSCRIBE', subscribe: agentRegistration() }],
    [{ type: 'PONG' }],
    [{ type: 'SHARE' }],
  ]) {
    expect(await post({ type: 'CALLS', calls }), JSON.stringify(calls)).toMatchObject({ status: 400 });
  }
  expect(await post({ type: 'CALLS' })).toMatchObject({ status: 400 });
});

test('all agents of a stream are disconnected when it ends', async () => {
  const master = await startLeader();
  const { stream, subscribe } = await share(master.url);
  for (const channel of [1, 2, 3]) await subscribe(channel);
  stream.close();
  const active = async () => (await slavesOf(master.url)).filter((agent) => agent.active).length;
  await expect.poll(active).toBe(0);
  expect((await fetchJson(`${master.url}/slaves`)).slaves).toHaveLength(3);
});
