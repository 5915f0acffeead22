import { afterEach, describe, expect, test } from 'vitest';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { commandTask, fetchJson, subscribe, type Loose, type SchedulerClient } from '../engine/scheduler-client.ts';
import { clusterForTests, givenUrl } from './cluster.ts';
import { callInProtobuf } from './in-protobuf.ts';
import { operatorCalls } from './operator-calls.ts';

const cluster = clusterForTests();
const { post, answer } = operatorCalls(() => cluster().master);
const agent = operatorCalls(() => cluster().agent);

const done = { status: 200, body: '' };
const decide = (type: string, fields: object = {}, id = cluster().agentId) =>
  post({ type, [type.toLowerCase()]: { agent_id: { value: id }, ...fields } });
const shown = async (): Promise<Loose> => {
  const { agents } = (await answer('GET_AGENTS')).get_agents;
  return listOf(agents).find(({ agent_info: info }) => info.id.value === cluster().agentId);
};
const shownInSlaves = async (): Promise<Loose> => {
  const { slaves } = await fetchJson(`${cluster().master}/slaves`);
  return listOf(slaves).find(({ id }) => id === cluster().agentId);
};

const frameworks: SchedulerClient[] = [];
/** A framework, and an offer of the agent. */
async function withOffer() {
  const capabilities = ['PARTITION_AWARE', 'TASK_KILLING_STATE'].map((type) => ({ type }));
  const framework = await subscribe(cluster().master, { name: 'conformance', capabilities });
  frameworks.push(framework);
  const takeOffer = async () => {
    for (;;) {
      const offer = (await framework.takeOffers()).find(({ agent_id: id }) => id.value === cluster().agentId);
      if (offer !== undefined) return offer;
    }
  };
  return { framework, takeOffer, offer: await takeOffer() };
}

afterEach(async () => {
  for (const framework of frameworks.splice(0)) {
    await framework.call('TEARDOWN');
    framework.close();
  }
  // Refused where it is active, or still drains.
  await eventually(async () => {
    const now = await shown();
    if (now === undefined || now.deactivated !== true) return true;
    await decide('REACTIVATE_AGENT');
    return false;
  });
});

describe('an agent [docs/operator-http-api.md; recorded: operator-agents]', () => {
  test('that is deactivated is not offered until it is reactivated', async () => {
    const { framework, takeOffer, offer } = await withOffer();
    expect(await decide('DEACTIVATE_AGENT')).toMatchObject(done);
    await framework.take('RESCIND', ({ rescind }) => rescind.offer_id.value === offer.id.value);
    expect(await shown()).toMatchObject({ active: false, deactivated: true });
    expect(await shownInSlaves()).toMatchObject({ active: false, deactivated: true });
    expect(await decide('DEACTIVATE_AGENT')).toMatchObject(done);
    expect(await decide('REACTIVATE_AGENT')).toMatchObject(done);
    await takeOffer();
    expect(await shown()).toMatchObject({ active: true, deactivated: false });
    expect(await decide('REACTIVATE_AGENT')).toMatchObject({ status: 400, body: 'Agent is not deactivated' });
  });

  test('that is drained loses its tasks, and says how far it is [docs/maintenance.md]', async () => {
    const { framework, offer } = await withOffer();
    const task = commandTask('drained', cluster().agentId);
    await framework.launch([offer.id.value], [task], 0.1);
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      await framework.acknowledge(await framework.takeUpdate('drained', state));
    }
    expect(await decide('DRAIN_AGENT', { max_grace_period: { seconds: 30 } })).toMatchObject(done);
    const killing = await framework.takeUpdate('drained', 'TASK_KILLING');
    expect(killing).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
    const config = { max_grace_period: { nanoseconds: 30e9 }, mark_gone: false };
    expect(await shown()).toMatchObject({
      active: false,
      deactivated: true,
      drain_info: { state: 'DRAINING', config },
    });
    expect(await shownInSlaves()).toMatchObject({ drain_info: { state: 'DRAINING', config } });
    expect((await agent.answer('GET_AGENT')).get_agent).toMatchObject({ drain_config: config });
    expect(await decide('REACTIVATE_AGENT')).toMatchObject({
      status: 400,
      body: 'Agent is still in the DRAINING state',
    });
    await framework.acknowledge(killing);
    const killed = await framework.takeUpdate('drained', 'TASK_KILLED');
    expect(killed).toMatchObject({ reason: 'REASON_AGENT_DRAINING', source: 'SOURCE_EXECUTOR' });
    await framework.acknowledge(killed);
    await eventually(async () => (await shown()).drain_info.state === 'DRAINED');
    expect(await decide('REACTIVATE_AGENT')).toMatchObject(done);
    const after = await shown();
    expect(after).toMatchObject({ active: true, deactivated: false });
    expect(after).not.toHaveProperty('drain_info');
  });

  test('decides the same in protobuf', async () => {
    const inProtobuf = (type: string, fields: object = {}) =>
      callInProtobuf(cluster().master, 'master', {
        type,
        [type.toLowerCase()]: { agent_id: { value: cluster().agentId }, ...fields },
      });
    expect(await inProtobuf('DRAIN_AGENT', { max_grace_period: { seconds: 7 } })).toMatchObject({ status: 200 });
    const { message } = await callInProtobuf(cluster().master, 'master', { type: 'GET_AGENTS' });
    const [found] = listOf((message as Loose).get_agents.agents).filter(
      ({ agent_info: info }) => info.id.value === cluster().agentId,
    );
    expect(found).toMatchObject({
      deactivated: true,
      drain_info: { config: { max_grace_period: { nanoseconds: 7e9 } } },
    });
    await eventually(async () => (await inProtobuf('REACTIVATE_AGENT')).status === 200);
    expect(await inProtobuf('DEACTIVATE_AGENT')).toMatchObject({ status: 200, text: '' });
    expect(await inProtobuf('REACTIVATE_AGENT')).toMatchObject({ status: 200, text: '' });
    expect(await inProtobuf('REACTIVATE_AGENT')).toMatchObject({ status: 400, text: 'Agent is not deactivated' });
  });

  test.each([
    ['DEACTIVATE_AGENT', 400, 'Unknown agent'],
    ['REACTIVATE_AGENT', 400, 'Agent is not deactivated'],
    ['DRAIN_AGENT', 400, 'Unknown agent'],
    ['MARK_AGENT_GONE', 404, "Agent 'nope' not found"],
  ] as const)('%s of one that is not known is refused', async (type, status, body) => {
    expect(await decide(type, {}, 'nope')).toMatchObject({ status, body });
    expect(await post({ type })).toMatchObject({
      status: 400,
      body: `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`,
    });
  });

  test('is not drained with a grace period that is text', async () => {
    expect(await decide('DRAIN_AGENT', { max_grace_period: '5s' })).toMatchObject({
      status: 400,
      body: "Failed to convert JSON into Call protobuf: Not expecting a JSON string for field 'max_grace_period'",
    });
  });

  // The last of all: nothing brings it back.
  test.skipIf(givenUrl !== undefined)('that is marked gone is forgotten with its tasks', async () => {
    const { framework, offer } = await withOffer();
    await framework.launch([offer.id.value], [commandTask('gone', cluster().agentId)], 0.1);
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      await framework.acknowledge(await framework.takeUpdate('gone', state));
    }
    expect(await decide('MARK_AGENT_GONE')).toMatchObject(done);
    expect(await framework.takeUpdate('gone', 'TASK_GONE_BY_OPERATOR')).toMatchObject({
      message: 'Agent has been marked gone',
      source: 'SOURCE_MASTER',
      reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
    });
    expect((await framework.take('FAILURE')).failure).toMatchObject({ agent_id: { value: cluster().agentId } });
    expect(await shown()).toBeUndefined();
    expect(await decide('MARK_AGENT_GONE')).toMatchObject(done);
    expect(await decide('DRAIN_AGENT')).toMatchObject({ status: 400, body: 'Unknown agent' });
    await framework.call('RECONCILE', {
      reconcile: { tasks: [{ task_id: { value: 'gone' }, agent_id: { value: cluster().agentId } }] },
    });
    expect(await framework.takeUpdate('gone')).toMatchObject({
      state: 'TASK_GONE_BY_OPERATOR',
      message: 'Reconciliation: Task is gone',
      reason: 'REASON_RECONCILIATION',
    });
  });
});
