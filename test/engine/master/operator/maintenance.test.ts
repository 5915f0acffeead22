import { beforeEach, expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../../engine/discovery/in-memory-discovery.ts';
import { inMemoryRegistry } from '../../../../engine/master/registry/registry-store.ts';
import {
  commandTask,
  fetchJson,
  fetchRaw,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../../scheduler-client.ts';
import { agentRegistration, startFakeAgent, type FakeAgent } from '../fake-agent.ts';
import { eventually, hasRecovered, startLeader, startTestMaster } from '../master-for-test.ts';

/* What a real master (1.12) answers. */

const first = { hostname: 'host-1', ip: '127.0.0.1' };
const second = { hostname: 'host-2', ip: '127.0.0.1' };
const unavailability = { start: { nanoseconds: 1795910318353615872 }, duration: { nanoseconds: 3600000000000 } };
const windowOf = (...ids: readonly object[]) => ({ machine_ids: ids, unavailability });
const update = (...windows: readonly object[]) => ({
  type: 'UPDATE_MAINTENANCE_SCHEDULE',
  update_maintenance_schedule: { schedule: { windows } },
});
const start = (...machines: readonly object[]) => ({ type: 'START_MAINTENANCE', start_maintenance: { machines } });
const stop = (...machines: readonly object[]) => ({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines } });

let url: string;
let call: (body: object) => ReturnType<typeof fetchRaw>;
beforeEach(async () => {
  ({ url } = await startLeader());
  call = (body) => fetchRaw(`${url}/api/v1`, { body });
});

const read = async (type: string): Promise<Loose> =>
  (await fetchJson(`${url}/api/v1`, { body: { type } }))[type.toLowerCase()];
const done = { status: 200, body: '' };
const refused = (body: string) => ({ status: 400, body });
const shown = (id: object) => `Machine '${JSON.stringify(id)}'`;
const take = async (framework: SchedulerClient, type: string): Promise<Loose> =>
  (await framework.take(type))[type.toLowerCase()];

async function twoAgents(): Promise<readonly [FakeAgent, FakeAgent, SchedulerClient]> {
  const agents = [await startFakeAgent(url, first), await startFakeAgent(url, second)] as const;
  return [...agents, await subscribe(url)];
}

test('frameworks are told when an agent will be away, and asked to leave it', async () => {
  const [one, , framework] = await twoAgents();
  const offers = await framework.takeOffers();
  expect(await call(update(windowOf(first)))).toMatchObject(done);
  for (const { id } of [...offers].reverse()) {
    // Those of agents that stay first.
    expect((await take(framework, 'RESCIND')).offer_id, 'rescinded').toBeDefined();
    expect(id).toBeDefined();
  }
  const again = (await framework.takeOffers()) as readonly Loose[];
  expect(again.find((offer) => offer.hostname === 'host-1')).toMatchObject({ unavailability });
  expect(again.find((offer) => offer.hostname === 'host-2')).not.toHaveProperty('unavailability');
  const { inverse_offers: asked } = await take(framework, 'INVERSE_OFFERS');
  expect(asked).toEqual([
    {
      id: { value: expect.stringMatching(/-O\d+$/) as string },
      url: expect.objectContaining({ path: '/slave(1)' }) as object,
      framework_id: { value: framework.frameworkId },
      agent_id: { value: one.agentId },
      unavailability,
    },
  ]);
  expect(await read('GET_MAINTENANCE_SCHEDULE')).toEqual({ schedule: { windows: [windowOf(first)] } });
  expect(await fetchJson(`${url}/maintenance/schedule`)).toEqual({ windows: [windowOf(first)] });
  expect(await read('GET_MAINTENANCE_STATUS')).toEqual({ status: { draining_machines: [{ id: first }] } });
});

test('what frameworks answer is shown, and they are asked again after a while', async () => {
  const [, , framework] = await twoAgents();
  await framework.takeOffers();
  await call(update(windowOf(first)));
  const { inverse_offers: asked } = await take(framework, 'INVERSE_OFFERS');
  const answer = (name: string, id: Loose, seconds: number) =>
    framework.call(`${name}_INVERSE_OFFERS`, {
      [`${name.toLowerCase()}_inverse_offers`]: { inverse_offer_ids: [id], filters: { refuse_seconds: seconds } },
    });
  const statuses = async () => (await read('GET_MAINTENANCE_STATUS')).status.draining_machines[0].statuses as unknown;
  const framework_id = { value: framework.frameworkId };
  const timestamp = { nanoseconds: expect.any(Number) as number };
  expect((await answer('ACCEPT', asked[0].id, 0.01)).status).toBe(202);
  expect(await statuses()).toEqual([{ status: 'ACCEPT', framework_id, timestamp }]);
  const { inverse_offers: next } = await take(framework, 'INVERSE_OFFERS');
  expect(next[0].id).not.toEqual(asked[0].id);
  expect((await answer('DECLINE', next[0].id, 1000)).status).toBe(202);
  expect(await statuses()).toEqual([{ status: 'DECLINE', framework_id, timestamp }]);
  expect((await answer('ACCEPT', { value: 'nope' }, 1)).status).toBe(202);
  expect(await framework.call('ACCEPT_INVERSE_OFFERS')).toMatchObject(
    refused("Failed to validate scheduler::Call: Expecting 'accept_inverse_offers' to be present"),
  );
});

test.each([
  [[{ machine_ids: [], unavailability }], 'List of machines in the maintenance window is empty'],
  [[{ unavailability }], 'List of machines in the maintenance window is empty'],
  [[windowOf(first), windowOf(first)], `${shown(first)} appears more than once in the schedule`],
  [[windowOf({ hostname: '', ip: '' })], "Both 'hostname' and 'ip' for a machine are empty"],
  [[windowOf({})], "Both 'hostname' and 'ip' for a machine are empty"],
  [[windowOf({ hostname: 'HOST-1', ip: 'x' })], 'Failed to parse IPv4: x'],
  [
    [{ machine_ids: [first], unavailability: { ...unavailability, duration: { nanoseconds: -1 } } }],
    "Unavailability 'duration' is negative",
  ],
  [
    [{ machine_ids: [first] }],
    'Failed to convert JSON into Call protobuf: Missing required fields: update_maintenance_schedule.schedule.windows[0].unavailability',
  ],
])('the schedule %j is refused', async (windows, why) => {
  expect(await call(update(...windows))).toMatchObject(refused(why));
  expect(await read('GET_MAINTENANCE_SCHEDULE')).toEqual({ schedule: {} });
});

test('a machine in maintenance has no agents until it is up again', async () => {
  const [one, two, framework] = await twoAgents();
  const offer = (await framework.takeOffers()).find(({ agent_id: id }) => id.value === one.agentId);
  await framework.launch([offer?.id.value ?? ''], [commandTask('m1', one.agentId)]);
  await one.report(framework.frameworkId, 'm1', 'TASK_RUNNING');
  await framework.takeUpdate('m1');
  await call(update(windowOf(first)));
  await take(framework, 'INVERSE_OFFERS');
  const notDraining = 'is not in DRAINING mode and cannot be brought down';
  expect(await call(start(second))).toMatchObject(refused(`${shown(second)} ${notDraining}`));
  expect(await call(start())).toMatchObject(refused('List of machines is empty'));
  const nope = { hostname: 'nope', ip: '127.0.0.1' };
  expect(await call(start(nope))).toMatchObject(refused(`${shown(nope)} is not part of a maintenance schedule`));
  const notDown = `${shown(first)} is not in DOWN mode and cannot be brought up`;
  expect(await call(stop(first))).toMatchObject(refused(notDown));

  expect(await call(start(first))).toMatchObject(done);
  expect(await framework.takeUpdate('m1')).toMatchObject({
    state: 'TASK_LOST',
    message: "Agent host-1 removed: Operator initiated 'Machine DOWN'",
    reason: 'REASON_AGENT_REMOVED',
  });
  await take(framework, 'RESCIND_INVERSE_OFFER');
  expect((await take(framework, 'FAILURE')).agent_id).toEqual({ value: one.agentId });
  expect((await one.take('SHUTDOWN')).shutdown.message).toBe("Operator initiated 'Machine DOWN'");
  expect((await fetchJson(`${url}/slaves`)).slaves).toMatchObject([{ id: two.agentId }]);
  expect(await read('GET_MAINTENANCE_STATUS')).toEqual({ status: { down_machines: [first] } });
  expect(await fetchJson(`${url}/maintenance/status`)).toEqual({ down_machines: [first] });
  expect(await call(start(first))).toMatchObject(refused(`${shown(first)} ${notDraining}`));
  expect(await call(update())).toMatchObject(
    refused(`${shown(first)} is deactivated and cannot be removed from the schedule`),
  );
  await expect(startFakeAgent(url, first)).rejects.toThrow('403: Machine is `DOWN`');

  expect(await call(stop(first))).toMatchObject(done);
  expect(await read('GET_MAINTENANCE_STATUS')).toEqual({ status: {} });
  expect(await read('GET_MAINTENANCE_SCHEDULE')).toEqual({ schedule: {} });
  expect(await call(stop(first))).toMatchObject(refused(notDown));
  await startFakeAgent(url, first);
});

test('the older endpoints do the same', async () => {
  const post = (path: string, body: unknown) => fetchRaw(`${url}${path}`, { method: 'POST', body, headers: {} });
  await startFakeAgent(url, second);
  expect(await post('/maintenance/schedule', '{')).toMatchObject(refused('syntax error at line 1 near: '));
  expect(await post('/maintenance/schedule', { windows: [windowOf(second)] })).toMatchObject(done);
  expect(await post('/machine/down', [second])).toMatchObject(done);
  expect(await post('/machine/down', [second])).toMatchObject(
    refused(`${shown(second)} is not in DRAINING mode and cannot be brought down`),
  );
  expect(await post('/machine/down', [])).toMatchObject(refused('List of machines is empty'));
  expect(await post('/machine/down', 'x')).toMatchObject(refused('syntax error at line 1 near: x'));
  expect((await fetchRaw(`${url}/machine/down`)).status).toBe(405);
  expect(await post('/machine/up', [second])).toMatchObject(done);
  expect(await fetchJson(`${url}/master/maintenance/schedule`)).toEqual({});
});

test('the schedule is kept by the next leader', async () => {
  const discovery = inMemoryDiscovery();
  const registry = inMemoryRegistry();
  const masters = [
    await startTestMaster({ discovery, quorum: 1, registry: registry() }),
    await startTestMaster({ discovery, quorum: 1, registry: registry() }),
  ] as const;
  await hasRecovered(masters[0].url);
  const post = (at: string, body: object) => fetchRaw(`${at}/api/v1`, { body });
  expect(await post(masters[0].url, update(windowOf(first, second)))).toMatchObject(done);
  expect(await post(masters[0].url, start(second))).toMatchObject(done);
  await masters[0].stop();
  url = masters[1].url;
  await hasRecovered(url);
  expect(await read('GET_MAINTENANCE_STATUS')).toEqual({
    status: { draining_machines: [{ id: first }], down_machines: [second] },
  });
  const framework = await subscribe(url);
  await startFakeAgent(url, first);
  expect(await framework.takeOffer()).toMatchObject({ unavailability });
  await take(framework, 'INVERSE_OFFERS');
  const body = { type: 'SUBSCRIBE', subscribe: agentRegistration(second) };
  expect(await fetchRaw(`${url}/api/agent`, { body })).toMatchObject({ status: 403 });
});

test('a master that cannot save a schedule gives up', async () => {
  const master = await startTestMaster({
    registry: {
      load: () => Promise.resolve(undefined),
      save: () => Promise.reject(new Error('No space left')),
    },
  });
  await hasRecovered(master.url);
  const failed = master.failed?.then((error) => error.message);
  await fetchRaw(`${master.url}/api/v1`, { body: update(windowOf(first)) }).catch(() => undefined);
  expect(await failed).toBe('Failed to update the maintenance schedule: Failed to update registry: No space left');
});

test('an agent that disconnects has nothing asked about it any more', async () => {
  const [one, , framework] = await twoAgents();
  await framework.takeOffers();
  await call(update(windowOf(first)));
  await take(framework, 'INVERSE_OFFERS');
  one.close();
  await take(framework, 'RESCIND_INVERSE_OFFER');
  await eventually(async () => {
    const { slaves } = await fetchJson(`${url}/slaves`);
    return (slaves as readonly Loose[]).some(({ active }) => active === false);
  });
});

test('a window that names no machines at all is refused', async () => {
  expect(await call(update({ unavailability }))).toMatchObject(
    refused('List of machines in the maintenance window is empty'),
  );
});
