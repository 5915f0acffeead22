import { expect, test } from 'vitest';
import { decodeMessage } from '../../../protocol/protobuf/decode-message.ts';
import { encodeMessage } from '../../../protocol/protobuf/encode-message.ts';
import { commandTask as agentTask, startTestAgent, stateOf } from '../agent/running-agent.ts';
import { startFakeAgent } from '../master/fake-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { commandTask, fetchJson, subscribe, type Loose } from '../scheduler-client.ts';
import { bothProtobuf, post } from './bytes-over-http.ts';

/** Without what protobuf has no words for: empty lists, and `checkpoint`, which Mesos adds to an AgentInfo in JSON. */
function withoutEmptyLists(value: Loose): Loose {
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  if (typeof value !== 'object' || value === null) return value;
  const isAgent = 'hostname' in value && 'port' in value;
  const entries = Object.entries(value as object).filter(
    ([name, each]) => !(Array.isArray(each) && each.length === 0) && !(isAgent && name === 'checkpoint'),
  );
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutEmptyLists(each)]));
}

/** Figures that two requests need not have in common. */
const changing = /^value$|^timestamp$|_secs$|_bytes$/;
const steady = (value: Loose): unknown =>
  JSON.parse(JSON.stringify(value), (name, each: unknown) =>
    changing.test(name) && typeof each === 'number' ? 0 : each,
  );

const fieldsOf = (type: string) => ({ type, ...(type === 'GET_METRICS' && { get_metrics: {} }) });

/** Asks in both forms: what a client reads of the protobuf, which must have all that is required, is what JSON says. */
async function compare(url: string, component: 'master' | 'agent', type: string): Promise<Loose> {
  const json = await fetchJson(`${url}/api/v1`, { body: fieldsOf(type) });
  const body = encodeMessage(`${component}.Call`, fieldsOf(type));
  const answer = await post(`${url}/api/v1`, { body, headers: bothProtobuf });
  expect(answer, type).toMatchObject({ status: 200, type: 'application/x-protobuf' });
  const decoded = decodeMessage(`${component}.Response`, answer.body);
  expect(steady(decoded ?? 'not such a message'), type).toEqual(steady(withoutEmptyLists(json)));
  return json;
}

const ofBoth = [
  ...['GET_HEALTH', 'GET_VERSION', 'GET_FLAGS', 'GET_METRICS', 'GET_LOGGING_LEVEL', 'GET_FRAMEWORKS', 'GET_EXECUTORS'],
  ...['GET_OPERATIONS', 'GET_TASKS', 'GET_STATE'],
];

test('a master says the same in protobuf as in JSON', async () => {
  const { url } = await startLeader();
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const labels = { labels: [{ key: 'a', value: 'b' }, { key: 'c' }] };
  const container = { type: 'DOCKER', docker: { image: 'nginx', network: 'HOST' } };
  const tasks = ['a', 'b'].map((id) => commandTask(id, agent.agentId, { labels, container }));
  await framework.launch([(await framework.takeOffer()).id.value], tasks);
  await agent.report(framework.frameworkId, 'a', 'TASK_RUNNING');
  await framework.acknowledge(await framework.takeUpdate('a'));
  await agent.report(framework.frameworkId, 'b', 'TASK_FINISHED');
  await framework.acknowledge(await framework.takeUpdate('b'));
  const machine = { hostname: 'agent.test', ip: '127.0.0.1' };
  const unavailability = { start: { nanoseconds: 1.8e18 }, duration: { nanoseconds: 3.6e12 } };
  const quota = { role: 'dev', guarantees: { cpus: { value: 1 } }, limits: { cpus: { value: 2 } } };
  for (const [call, fields] of [
    ['UPDATE_MAINTENANCE_SCHEDULE', { schedule: { windows: [{ machine_ids: [machine], unavailability }] } }],
    ['UPDATE_QUOTA', { quota_configs: [quota] }],
    ['UPDATE_WEIGHTS', { weight_infos: [{ role: 'dev', weight: 2 }] }],
    ['DRAIN_AGENT', { agent_id: { value: agent.agentId }, max_grace_period: { seconds: 3 } }],
  ] as const) {
    await post(`${url}/api/v1`, {
      body: encodeMessage('master.Call', { type: call, [call.toLowerCase()]: fields }),
      headers: bothProtobuf,
    });
  }
  const { get_agents: drained } = await compare(url, 'master', 'GET_AGENTS');
  expect(drained.agents[0].drain_info.config.max_grace_period).toEqual({ nanoseconds: 3e9 });
  for (const type of ['GET_MAINTENANCE_SCHEDULE', 'GET_MAINTENANCE_STATUS', 'GET_QUOTA']) {
    expect(await compare(url, 'master', type)).toHaveProperty(type.toLowerCase());
  }
  for (const type of [...ofBoth, 'GET_AGENTS', 'GET_ROLES', 'GET_MASTER', 'GET_WEIGHTS'])
    await compare(url, 'master', type);
  const { get_state: state } = await compare(url, 'master', 'GET_STATE');
  expect(state.get_tasks.tasks).toHaveLength(1);
  expect(state.get_tasks.completed_tasks).toHaveLength(1);
});

test('an agent says the same in protobuf as in JSON', async () => {
  const { agent, master } = await startTestAgent();
  master.run(agentTask('runs', 'sleep 1000'));
  await stateOf(master, 'runs', 'TASK_RUNNING');
  for (const type of [...ofBoth, 'GET_AGENT', 'GET_CONTAINERS', 'GET_RESOURCE_PROVIDERS'])
    await compare(agent.url, 'agent', type);
  const { get_containers: containers } = await compare(agent.url, 'agent', 'GET_CONTAINERS');
  expect(containers.containers).toHaveLength(1);
});
