import { expect, test } from 'vitest';
import { decodeMessage } from '../../../../protocol/protobuf/decode-message.ts';
import { encodeMessage } from '../../../../protocol/protobuf/encode-message.ts';
import { RecordIoDecoder } from '../../../../protocol/record-io.ts';
import { bothProtobuf, openAnswer } from '../../protobuf/bytes-over-http.ts';
import { commandTask, fetchJson, fetchRaw, openStream, subscribe, type Loose } from '../../scheduler-client.ts';
import { startFakeAgent } from '../fake-agent.ts';
import { eventually, heldPings, startLeader } from '../master-for-test.ts';

/* The events are those of a real master (1.12). */

const follow = (url: string) => openStream(`${url}/api/v1`, { type: 'SUBSCRIBE' });
const multiRole = [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }];

test('a stream begins with the state and a heartbeat', async () => {
  const { url } = await startLeader();
  const stream = await follow(url);
  await stream.take('HEARTBEAT');
  expect(stream.headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  expect(stream.headers).not.toHaveProperty('mesos-stream-id');
  expect(stream.events).toEqual([
    {
      type: 'SUBSCRIBED',
      subscribed: {
        get_state: {
          get_tasks: { tasks: [], unreachable_tasks: [], completed_tasks: [] },
          get_executors: { executors: [] },
          get_frameworks: { frameworks: [], completed_frameworks: [] },
          get_agents: { agents: [], recovered_agents: [] },
        },
        heartbeat_interval_seconds: 15,
      },
    },
    { type: 'HEARTBEAT' },
  ]);
});

test('heartbeats go on', async () => {
  const { url } = await startLeader({ heartbeatIntervalMs: 10 });
  const stream = await follow(url);
  for (let count = 0; count < 3; count += 1) await stream.take('HEARTBEAT');
});

test('whoever accepts neither JSON nor protobuf is refused', async () => {
  const { url } = await startLeader();
  const body = { type: 'SUBSCRIBE' };
  expect(await fetchRaw(`${url}/api/v1`, { body, headers: { Accept: 'text/html' } })).toMatchObject({
    status: 406,
    body: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
  });
});

test('agents, frameworks and tasks that come and go are told in order', async () => {
  const { url } = await startLeader();
  const stream = await follow(url);
  const agent = await startFakeAgent(url, { attributes: [] });
  const info = { capabilities: multiRole, roles: ['dev'], webui_url: 'http://example.com/' };
  const framework = await subscribe(url, info);
  const id = { value: framework.frameworkId };
  const offer = await framework.takeOffer();
  await framework.launch([offer.id.value], [commandTask('t1', agent.agentId)]);
  for (const state of ['TASK_RUNNING', 'TASK_RUNNING', 'TASK_FINISHED']) {
    await agent.report(framework.frameworkId, 't1', state);
    await framework.acknowledge(await framework.takeUpdate('t1', state));
  }
  const updated = { user: 'root', name: 'test', ...info, webui_url: 'http://example.com/2', id };
  await framework.call('UPDATE_FRAMEWORK', { update_framework: { framework_info: updated } });
  await framework.call('TEARDOWN');
  await agent.post({ type: 'UNREGISTER' });
  await stream.take('AGENT_REMOVED');
  expect(stream.events.map(({ type }) => type as string)).toEqual([
    ...['SUBSCRIBED', 'HEARTBEAT', 'AGENT_ADDED', 'FRAMEWORK_ADDED', 'TASK_ADDED', 'TASK_UPDATED', 'TASK_UPDATED'],
    ...['FRAMEWORK_UPDATED', 'FRAMEWORK_REMOVED', 'AGENT_REMOVED'],
  ]);
  const [, , agentAdded, frameworkAdded, taskAdded, running, finished, changed, removed, gone] = stream.events;
  expect(agentAdded.agent_added.agent).toMatchObject({ agent_info: { id: { value: agent.agentId } }, active: true });
  expect(agentAdded.agent_added.agent).not.toHaveProperty('allocated_resources');
  const nanoseconds = expect.any(Number) as number;
  expect(frameworkAdded).toEqual({
    type: 'FRAMEWORK_ADDED',
    framework_added: {
      framework: {
        framework_info: { user: 'root', name: 'test', id, failover_timeout: 0, checkpoint: false, ...info },
        ...{ active: true, connected: true, recovered: false },
        ...{ registered_time: { nanoseconds }, reregistered_time: { nanoseconds } },
        unregistered_time: { nanoseconds: 0 },
      },
    },
  });
  expect(taskAdded.task_added.task).toMatchObject({ state: 'TASK_STAGING', framework_id: id });
  expect(taskAdded.task_added.task).not.toHaveProperty('statuses');
  expect(running.task_updated).toMatchObject({
    framework_id: id,
    state: 'TASK_RUNNING',
    status: { task_id: { value: 't1' }, state: 'TASK_RUNNING' },
  });
  expect(finished.task_updated.state).toBe('TASK_FINISHED');
  expect(changed.framework_updated.framework.framework_info.webui_url).toBe('http://example.com/2');
  expect(removed.framework_removed.framework_info).toMatchObject({ id, webui_url: 'http://example.com/2' });
  expect(gone.agent_removed).toEqual({ agent_id: { value: agent.agentId } });
});

test('a task whose agent is out of reach is told, and told again when the agent is back', async () => {
  const pings = heldPings();
  const { url } = await startLeader(pings.options);
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  await framework.launch([(await framework.takeOffer()).id.value], [commandTask('t1', agent.agentId)]);
  const status: Loose = await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
  const task = (await agent.take('RUN_TASK')).run_task.task;
  const stream = await follow(url);
  const { subscribed } = await stream.take('SUBSCRIBED');
  expect(subscribed.get_state.get_tasks.tasks).toMatchObject([{ task_id: { value: 't1' }, state: 'TASK_RUNNING' }]);
  await pings.lose(url, agent);
  const { task_updated: lost } = await stream.take('TASK_UPDATED');
  expect(lost).toMatchObject({
    state: 'TASK_UNREACHABLE',
    status: { message: 'health check timed out', reason: 'REASON_AGENT_REMOVED', source: 'SOURCE_MASTER' },
  });
  await startFakeAgent(url, {
    agent_id: { value: agent.agentId },
    tasks: [{ framework_id: { value: framework.frameworkId }, task, status }],
  });
  const added = await stream.take('AGENT_ADDED');
  expect(added.agent_added.agent.allocated_resources).toHaveLength(2);
  expect(stream.events.map(({ type }) => type as string).filter((type) => type !== 'HEARTBEAT')).toEqual([
    ...['SUBSCRIBED', 'TASK_UPDATED', 'TASK_ADDED', 'AGENT_ADDED'],
  ]);
});

test('a framework that subscribes again is updated', async () => {
  const { url } = await startLeader();
  const framework = await subscribe(url, { failover_timeout: 60 });
  const stream = await follow(url);
  await subscribe(url, { failover_timeout: 60, id: { value: framework.frameworkId } });
  const { framework_updated: updated } = await stream.take('FRAMEWORK_UPDATED');
  expect(updated.framework.framework_info.id.value).toBe(framework.frameworkId);
});

test('the metrics count those who follow, and forget whoever leaves', async () => {
  const { url } = await startLeader();
  const streams = [await follow(url), await follow(url)];
  const count = async () =>
    (await fetchJson(`${url}/metrics/snapshot`))['master/operator_event_stream_subscribers'] as number;
  expect(await count()).toBe(2);
  streams[0]?.close();
  await eventually(async () => (await count()) === 1);
});

test('in protobuf the events are the same', async () => {
  const { url } = await startLeader();
  const json = await follow(url);
  await json.take('HEARTBEAT');
  const answer = await openAnswer(`${url}/api/v1`, {
    headers: bothProtobuf,
    body: encodeMessage('master.Call', { type: 'SUBSCRIBE' }),
  });
  expect(answer.headers['content-type']).toBe('application/x-protobuf');
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  await framework.launch([(await framework.takeOffer()).id.value], [commandTask('t1', agent.agentId)]);
  await agent.report(framework.frameworkId, 't1', 'TASK_RUNNING');
  await framework.call('TEARDOWN');
  const decoder = new RecordIoDecoder();
  const events: Loose[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    events.push(...decoder.pushBytes(chunk).map((record) => decodeMessage('master.Event', record)));
    if (events.some(({ type }) => type === 'FRAMEWORK_REMOVED')) break;
  }
  await json.take('FRAMEWORK_REMOVED');
  expect(events.slice(1)).toEqual(json.events.slice(1));
  expect(events[0]).toMatchObject({ type: 'SUBSCRIBED', subscribed: { heartbeat_interval_seconds: 15 } });
});

test('an agent that comes back is told of again when it has another address, and only then', async () => {
  const { url } = await startLeader();
  const stream = await follow(url);
  const { agentId } = await startFakeAgent(url, { port: 5051 });
  const again = { port: 5051, agent_id: { value: agentId } };
  await startFakeAgent(url, again);
  await startFakeAgent(url, { ...again, ip: '127.0.0.9' });
  const other = await startFakeAgent(url);
  const addresses: unknown[] = [];
  for (let last = ''; last !== other.agentId;) {
    const { agent } = (await stream.take('AGENT_ADDED')).agent_added;
    last = String(agent.agent_info.id.value);
    if (last === agentId) addresses.push(agent.pid);
  }
  expect(addresses).toEqual(['slave(1)@127.0.0.1:5051', 'slave(1)@127.0.0.9:5051']);
});
