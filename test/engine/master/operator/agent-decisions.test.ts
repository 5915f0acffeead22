import { beforeEach, expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, subscribe, type Loose } from '../../scheduler-client.ts';
import { agentRegistration, startFakeAgent, type FakeAgent } from '../fake-agent.ts';
import { eventually, hasRecovered, heldPings, startLeader, startLeaderAndNext } from '../master-for-test.ts';

/* What a real master (1.12) answers. */

let url: string;
beforeEach(async () => {
  ({ url } = await startLeader());
});

const decide = (name: string, id: string | undefined, fields: object = {}, at = url) =>
  fetchRaw(`${at}/api/v1`, {
    body: {
      type: name,
      ...(id === undefined ? {} : { [name.toLowerCase()]: { agent_id: { value: id }, ...fields } }),
    },
  });
const done = { status: 200, body: '' };
const refused = (body: string) => ({ status: 400, body });

async function agentOf(at = url): Promise<Loose> {
  const [[v0], [v1]] = [
    (await fetchJson(`${at}/slaves`)).slaves,
    (await fetchJson(`${at}/api/v1`, { body: { type: 'GET_AGENTS' } })).get_agents.agents,
  ];
  expect([v0.active, v0.deactivated, v0.drain_info]).toEqual([v1.active, v1.deactivated, v1.drain_info]);
  expect(v0.estimated_drain_start_time_seconds === undefined).toBe(v1.estimated_drain_start_time === undefined);
  return v0;
}

async function withTask() {
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const offer = await framework.takeOffer();
  await framework.launch([offer.id.value], [commandTask('d1', agent.agentId)], 0);
  await agent.report(framework.frameworkId, 'd1', 'TASK_RUNNING');
  await framework.acknowledge(await framework.takeUpdate('d1'));
  return { agent, framework };
}

async function endTask(agent: FakeAgent, framework: Awaited<ReturnType<typeof subscribe>>) {
  await agent.report(framework.frameworkId, 'd1', 'TASK_KILLED');
  await framework.acknowledge(await framework.takeUpdate('d1', 'TASK_KILLED'));
}

test('an agent that is deactivated is offered no more until it is reactivated', async () => {
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  await framework.takeOffer();
  expect(await decide('DEACTIVATE_AGENT', agent.agentId)).toMatchObject(done);
  await framework.take('RESCIND');
  expect(await decide('DEACTIVATE_AGENT', agent.agentId)).toMatchObject(done);
  expect(await agentOf()).toMatchObject({ active: false, deactivated: true });
  expect(await fetchJson(`${url}/state`)).toMatchObject({ activated_slaves: 0, deactivated_slaves: 1 });
  expect(await fetchJson(`${url}/metrics/snapshot`)).toMatchObject({
    'master/slaves_active': 0,
    'master/slaves_connected': 1,
    'master/slaves_inactive': 1,
  });
  await framework.call('REVIVE');
  await startFakeAgent(url);
  expect((await framework.takeOffer()).agent_id.value).not.toBe(agent.agentId);
  expect(await decide('REACTIVATE_AGENT', agent.agentId)).toMatchObject(done);
  expect((await framework.takeOffer()).agent_id.value).toBe(agent.agentId);
  expect(await decide('REACTIVATE_AGENT', agent.agentId)).toMatchObject(refused('Agent is not deactivated'));
});

test.each([
  ['DEACTIVATE_AGENT', 400, 'Unknown agent'],
  ['REACTIVATE_AGENT', 400, 'Agent is not deactivated'],
  ['DRAIN_AGENT', 400, 'Unknown agent'],
  ['MARK_AGENT_GONE', 404, "Agent 'nope' not found"],
])('%s of an agent that is unknown is answered %i', async (name, status, body) => {
  expect(await decide(name, 'nope')).toMatchObject({ status, body });
  expect(await decide(name, undefined)).toMatchObject(
    refused(`Failed to validate master::Call: Expecting '${name.toLowerCase()}' to be present`),
  );
});

test('an agent is drained when its last task is over', async () => {
  const { agent, framework } = await withTask();
  const drain = (seconds: number) => decide('DRAIN_AGENT', agent.agentId, { max_grace_period: { seconds } });
  expect(await drain(-5)).toMatchObject(done);
  expect(await drain(3)).toMatchObject(done);
  const config = { max_grace_period: { nanoseconds: 3e9 }, mark_gone: false };
  await agent.take('DRAIN');
  expect((await agent.take('DRAIN')).drain).toEqual(config);
  expect(await decide('REACTIVATE_AGENT', agent.agentId)).toMatchObject(
    refused('Agent is still in the DRAINING state'),
  );
  expect(await decide('DEACTIVATE_AGENT', agent.agentId)).toMatchObject(done);
  expect(await agentOf()).toMatchObject({
    active: false,
    deactivated: true,
    drain_info: { state: 'DRAINING', config },
  });
  await endTask(agent, framework);
  await eventually(async () => (await agentOf()).drain_info.state === 'DRAINED');
  expect(await decide('REACTIVATE_AGENT', agent.agentId)).toMatchObject(done);
  expect(await agentOf()).toMatchObject({ active: true, deactivated: false });
  expect(await agentOf()).not.toHaveProperty('drain_info');
});

test('an agent that is drained to be gone is gone when its last task is over', async () => {
  const { agent, framework } = await withTask();
  expect(await decide('DRAIN_AGENT', agent.agentId, { mark_gone: true })).toMatchObject(done);
  expect((await agent.take('DRAIN')).drain).toEqual({ mark_gone: true });
  await endTask(agent, framework);
  await agent.ended;
  expect((await fetchJson(`${url}/slaves`)).slaves).toEqual([]);
});

test('the tasks of an agent that is marked gone are gone, and it never comes back', async () => {
  const { agent, framework } = await withTask();
  expect(await decide('MARK_AGENT_GONE', agent.agentId)).toMatchObject(done);
  expect(await framework.takeUpdate('d1')).toMatchObject({
    state: 'TASK_GONE_BY_OPERATOR',
    message: 'Agent has been marked gone',
    reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
  });
  expect((await framework.take('FAILURE')).failure.agent_id).toEqual({ value: agent.agentId });
  expect((await agent.take('SHUTDOWN')).shutdown).toEqual({ message: 'Agent has been marked gone' });
  await agent.ended;
  expect(await decide('MARK_AGENT_GONE', agent.agentId)).toMatchObject(done);
  expect(await decide('DRAIN_AGENT', agent.agentId)).toMatchObject(refused('Unknown agent'));
  const id = { value: agent.agentId };
  await framework.call('RECONCILE', { reconcile: { tasks: [{ task_id: { value: 'd1' }, agent_id: id }] } });
  expect(await framework.takeUpdate('d1')).toMatchObject({
    state: 'TASK_GONE_BY_OPERATOR',
    message: 'Reconciliation: Task is gone',
    reason: 'REASON_RECONCILIATION',
  });
  const body = { type: 'SUBSCRIBE', subscribe: agentRegistration({ agent_id: id }) };
  expect((await fetchRaw(`${url}/api/agent`, { body })).body).toContain('"Agent has been marked gone"');
  expect((await fetchJson(`${url}/slaves`)).slaves).toEqual([]);
});

test('an agent that nobody can reach can be marked gone, with its tasks', async () => {
  const pings = heldPings();
  ({ url } = await startLeader(pings.options));
  const { agent, framework } = await withTask();
  await pings.lose(url, agent);
  await framework.takeUpdate('d1', 'TASK_UNREACHABLE');
  expect(await decide('MARK_AGENT_GONE', agent.agentId)).toMatchObject(done);
  await framework.takeUpdate('d1', 'TASK_GONE_BY_OPERATOR');
  expect(await fetchJson(`${url}/state`)).toMatchObject({ unreachable_slaves: 0 });
  const { frameworks } = await fetchJson(`${url}/frameworks`);
  expect(frameworks).toMatchObject([{ unreachable_tasks: [], completed_tasks: [{ state: 'TASK_GONE_BY_OPERATOR' }] }]);
});

test('the next leader knows what was decided', async () => {
  const [first, second] = await startLeaderAndNext();
  ({ url } = first);
  const { agent, framework } = await withTask();
  const gone = await startFakeAgent(url);
  await decide('DRAIN_AGENT', agent.agentId);
  await decide('MARK_AGENT_GONE', gone.agentId);
  const task = (await agent.take('RUN_TASK')).run_task.task;
  await first.stop();
  await hasRecovered(second.url);
  const id = { value: agent.agentId };
  const status = { task_id: { value: 'd1' }, state: 'TASK_RUNNING', agent_id: id };
  const tasks = [{ framework_id: { value: framework.frameworkId }, task, status }];
  const again = await startFakeAgent(second.url, { agent_id: id, tasks });
  expect((await again.take('DRAIN')).drain).toEqual({ mark_gone: false });
  expect(await agentOf(second.url)).toMatchObject({ deactivated: true, drain_info: { state: 'DRAINING' } });
  expect(await decide('MARK_AGENT_GONE', gone.agentId, {}, second.url)).toMatchObject(done);
});
