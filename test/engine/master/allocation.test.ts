import { describe, expect, test } from 'vitest';
import { commandTask, fetchJson, scalar, subscribe, type SchedulerClient } from '../scheduler-client.ts';
import type { Offer } from '../../../protocol/mesos.ts';
import { startFakeAgent } from './fake-agent.ts';
import { eventually, startLeader } from './master-for-test.ts';

const offersOf = ({ events }: SchedulerClient) => events.filter(({ type }) => type === 'OFFERS').length;

const runsOf = async (url: string): Promise<number> =>
  Number((await fetchJson(`${url}/metrics/snapshot`))['allocator/mesos/allocation_runs']);

/** Does what frees resources, and waits until they were allocated: what a framework gets by then is on its way. */
async function allocatedAfter(url: string, action: () => Promise<unknown>): Promise<void> {
  const before = await runsOf(url);
  await action();
  await eventually(async () => (await runsOf(url)) > before);
}

/** How many times a framework was offered something, when everything that was sent to it has come. */
async function offersUpToNow(framework: SchedulerClient): Promise<number> {
  const taskId = `unknown-${String(framework.events.length)}`;
  // Answered on the stream of the offers, behind them.
  await framework.call('RECONCILE', { reconcile: { tasks: [{ task_id: { value: taskId } }] } });
  await framework.takeUpdate(taskId);
  return offersOf(framework);
}

const decline = (framework: SchedulerClient, offer: Offer, seconds?: number) =>
  framework.call('DECLINE', {
    decline: { offer_ids: [offer.id], ...(seconds === undefined ? {} : { filters: { refuse_seconds: seconds } }) },
  });

describe('a declined offer', () => {
  test('comes again once its filter is over', async () => {
    const { url } = await startLeader();
    await startFakeAgent(url);
    const framework = await subscribe(url);
    const first = await framework.takeOffer();
    await decline(framework, first, 0.05);
    const second = await framework.takeOffer();
    expect(second.id).not.toEqual(first.id);
    expect(second.resources).toEqual(first.resources);
  });

  test('does not come again before, unless the framework revives offers', async () => {
    const { url } = await startLeader();
    await startFakeAgent(url);
    const framework = await subscribe(url);
    // Five seconds when it does not say.
    const offer = await framework.takeOffer();
    await allocatedAfter(url, () => decline(framework, offer));
    expect(await offersUpToNow(framework)).toBe(1);
    await framework.call('REVIVE');
    await framework.takeOffer();
  });

  test('is offered to another framework meanwhile', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const first = await subscribe(url);
    const offer = await first.takeOffer();
    const second = await subscribe(url);
    await decline(first, offer, 3600);
    const taken = await second.takeOffer();
    await allocatedAfter(url, () => second.launch([taken.id.value], [commandTask('t', agent.agentId)], 3600));
    expect(await offersUpToNow(first)).toBe(1);
  });

  test('comes again before when there is more than was refused', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url);
    const offer = await framework.takeOffer();
    await allocatedAfter(url, () => framework.launch([offer.id.value], [commandTask('t', agent.agentId)], 3600));
    expect(await offersUpToNow(framework)).toBe(1);
    await agent.report(framework.frameworkId, 't', 'TASK_FINISHED');
    expect((await framework.takeOffer()).resources[1]).toMatchObject(scalar('cpus', 2));
  });
});

describe('a framework', () => {
  test('that suppresses offers gets none until it revives them', async () => {
    const { url } = await startLeader();
    const framework = await subscribe(url);
    await framework.call('SUPPRESS');
    await allocatedAfter(url, () => startFakeAgent(url));
    expect(await offersUpToNow(framework)).toBe(0);
    await framework.call('REVIVE');
    await framework.takeOffer();
  });

  test('may subscribe with offers suppressed', async () => {
    const { url } = await startLeader();
    await startFakeAgent(url);
    const framework = await subscribe(url, {}, { suppressed_roles: ['*'] });
    await allocatedAfter(url, () => startFakeAgent(url));
    expect(await offersUpToNow(framework)).toBe(0);
  });

  test('with MULTI_ROLE gets offers that are allocated to its role', async () => {
    const { url } = await startLeader();
    await startFakeAgent(url);
    const multi = await subscribe(url, { roles: ['ops'], capabilities: [{ type: 'MULTI_ROLE' }] });
    expect((await multi.takeOffer()).allocation_info).toEqual({ role: 'ops' });
    const { frameworks } = await fetchJson(`${url}/state`);
    expect(frameworks[0]).toMatchObject({ roles: ['ops'] });
    expect(frameworks[0]).not.toHaveProperty('role');
  });

  test('with less of the cluster is served first', async () => {
    const { url } = await startLeader();
    const agent = await startFakeAgent(url);
    const rich = await subscribe(url);
    const offer = await rich.takeOffer();
    const all = commandTask('big', agent.agentId, { resources: [scalar('cpus', 2), scalar('mem', 1024)] });
    await rich.launch([offer.id.value], [all]);
    const poor = await subscribe(url);
    await rich.call('REVIVE');
    const { agentId } = await startFakeAgent(url);
    expect((await poor.takeOffer()).agent_id.value).toBe(agentId);
    expect(await offersUpToNow(rich)).toBe(1);
  });
});

test('offers are rescinded after the time for them', async () => {
  const { url } = await startLeader({ offerTimeoutMs: 30 });
  await startFakeAgent(url);
  const framework = await subscribe(url);
  const offer = await framework.takeOffer();
  expect((await framework.take('RESCIND')).rescind.offer_id).toEqual(offer.id);
  await framework.takeOffer();
});

test('the agents of one batch are offered together, each in an offer of its own', async () => {
  const { url } = await startLeader();
  await Promise.all([1, 2, 3].map(() => startFakeAgent(url)));
  const framework = await subscribe(url);
  const offers = await framework.takeOffers();
  expect(new Set(offers.map((offer) => offer.agent_id.value)).size).toBe(3);
});
