import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import { fetchJson, fetchRaw, subscribe, type Loose, type SchedulerClient } from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { callInProtobuf } from './in-protobuf.ts';
import { operatorCalls } from './operator-calls.ts';

/* Of the machine of the agent only a schedule is made, as its agent would end; machines that go down are made up. */

const cluster = clusterForTests();
const { post, answer } = operatorCalls(() => cluster().master);

interface Machine {
  readonly hostname: string;
  readonly ip: string;
}

const nowhere: Machine = { hostname: 'conformance.invalid', ip: '192.0.2.1' };
const unavailability = { start: { nanoseconds: 2e18 }, duration: { nanoseconds: 3_600_000_000_000 } };
const windowOf = (...machines: readonly Partial<Machine>[]) => ({ machine_ids: machines, unavailability });
const schedule = (...windows: readonly object[]) => ({
  type: 'UPDATE_MAINTENANCE_SCHEDULE',
  update_maintenance_schedule: { schedule: { windows } },
});
const start = (...machines: readonly Machine[]) => post({ type: 'START_MAINTENANCE', start_maintenance: { machines } });
const stop = (...machines: readonly Machine[]) => post({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines } });
const done = { status: 200, body: '' };
const refused = (body: string) => ({ status: 400, body });
const shown = (machine: Machine) => `Machine '${JSON.stringify(machine)}'`;

const statusNow = async (): Promise<Loose> => (await answer('GET_MAINTENANCE_STATUS')).get_maintenance_status.status;
const windowsNow = async () =>
  ((await answer('GET_MAINTENANCE_SCHEDULE')).get_maintenance_schedule.schedule.windows ?? []) as readonly object[];

let before: readonly object[] = [];
beforeEach(async () => {
  before = await windowsNow();
});
afterEach(async () => {
  await stop(nowhere);
  await post(schedule(...before));
});

/** As the master knows it. */
async function machineOfAgent(): Promise<Machine> {
  const { slaves } = await fetchJson(`${cluster().master}/slaves`);
  const agent = listOf(slaves).find(({ id }) => id === cluster().agentId);
  const ip = /@(.+):\d+$/.exec(String(agent?.['pid']))?.[1] ?? '';
  return { hostname: String(agent?.['hostname']), ip };
}

describe('a schedule [docs/maintenance.md; recorded: operator-maintenance]', () => {
  test('is set and shown, by the older endpoint, too', async () => {
    const machine = await machineOfAgent();
    expect(await post(schedule(...before, windowOf(machine)))).toMatchObject(done);
    expect(await windowsNow()).toContainEqual(windowOf(machine));
    expect((await statusNow()).draining_machines).toContainEqual({ id: machine });
    const url = `${cluster().master}/maintenance`;
    expect((await fetchJson(`${url}/schedule`)).windows).toContainEqual(windowOf(machine));
    expect((await fetchJson(`${url}/status`)).draining_machines).toContainEqual({ id: machine });
    expect(await fetchRaw(`${url}/schedule`, { body: { windows: before } })).toMatchObject(done);
    expect(await windowsNow()).toEqual(before);
    expect(await fetchRaw(`${url}/schedule`, { method: 'PUT', body: {} })).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'GET', 'POST' }, but received 'PUT'.",
    });
  });

  const invalid = (why: string) => `Failed to convert JSON into Call protobuf: ${why}`;
  test.each<[readonly object[], string]>([
    [[windowOf()], 'List of machines in the maintenance window is empty'],
    [[windowOf({ hostname: '', ip: '' })], "Both 'hostname' and 'ip' for a machine are empty"],
    [[windowOf({})], "Both 'hostname' and 'ip' for a machine are empty"],
    [
      [{ machine_ids: [nowhere] }],
      invalid('Missing required fields: update_maintenance_schedule.schedule.windows[0].unavailability'),
    ],
    [
      [{ machine_ids: [nowhere], unavailability: { ...unavailability, duration: { nanoseconds: -1 } } }],
      "Unavailability 'duration' is negative",
    ],
    [[windowOf({ hostname: 'HOST-1', ip: 'x' })], 'Failed to parse IPv4: x'],
  ])('of %j is refused', async (windows, text) => {
    expect(await post(schedule(...windows))).toMatchObject(refused(text));
    expect(await windowsNow()).toEqual(before);
  });

  test('that names a machine twice is refused', async () => {
    const { status, body } = await post(schedule(windowOf(nowhere), windowOf(nowhere)));
    expect([status, body]).toEqual([400, expect.stringContaining(shown(nowhere))]);
  });

  test('in protobuf is the same [docs/operator-http-api.md]', async () => {
    const call = schedule(...before, windowOf(nowhere));
    expect(await callInProtobuf(cluster().master, 'master', call)).toMatchObject({ status: 200, text: '' });
    expect(await windowsNow()).toContainEqual(windowOf(nowhere));
    const { message } = await callInProtobuf(cluster().master, 'master', { type: 'GET_MAINTENANCE_SCHEDULE' });
    expect((message as Loose).get_maintenance_schedule.schedule.windows).toContainEqual(windowOf(nowhere));
    const status = await callInProtobuf(cluster().master, 'master', { type: 'GET_MAINTENANCE_STATUS' });
    expect((status.message as Loose).get_maintenance_status.status.draining_machines).toContainEqual({ id: nowhere });
  });
});

describe('machines [docs/maintenance.md; recorded: operator-maintenance]', () => {
  test('go down when it is time, and come up', async () => {
    const unknown = { hostname: 'unknown.invalid', ip: '192.0.2.2' };
    expect(await start(unknown)).toMatchObject(refused(`${shown(unknown)} is not part of a maintenance schedule`));
    await post(schedule(...before, windowOf(nowhere)));
    expect(await stop(nowhere)).toMatchObject(
      refused(`${shown(nowhere)} is not in DOWN mode and cannot be brought up`),
    );
    expect(await start(nowhere)).toMatchObject(done);
    expect((await statusNow()).down_machines).toContainEqual(nowhere);
    expect(await start(nowhere)).toMatchObject(
      refused(`${shown(nowhere)} is not in DRAINING mode and cannot be brought down`),
    );
    expect(await post(schedule(...before))).toMatchObject(
      refused(`${shown(nowhere)} is deactivated and cannot be removed from the schedule`),
    );
    expect(await stop(nowhere)).toMatchObject(done);
    expect((await statusNow()).down_machines ?? []).not.toContainEqual(nowhere);
    expect(await windowsNow()).toEqual(before);
  });

  test('are the same at /machine/down and /machine/up', async () => {
    const send = (path: string, body?: unknown) =>
      fetchRaw(`${cluster().master}/machine/${path}`, body === undefined ? {} : { body });
    await post(schedule(...before, windowOf(nowhere)));
    expect(await send('down', [nowhere])).toMatchObject(done);
    expect(await send('down', [nowhere])).toMatchObject(
      refused(`${shown(nowhere)} is not in DRAINING mode and cannot be brought down`),
    );
    expect(await send('down', [])).toMatchObject(refused('List of machines is empty'));
    expect(await send('down', 'x')).toMatchObject(refused('syntax error at line 1 near: x'));
    expect(await send('down')).toMatchObject({ status: 405 });
    expect(await send('up', [nowhere])).toMatchObject(done);
    expect(await send('up', [nowhere])).toMatchObject(
      refused(`${shown(nowhere)} is not in DOWN mode and cannot be brought up`),
    );
  });

  test.each(['UPDATE_MAINTENANCE_SCHEDULE', 'START_MAINTENANCE', 'STOP_MAINTENANCE'])(
    '%s without its message is refused',
    async (type) => {
      const body = `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`;
      expect(await post({ type })).toMatchObject(refused(body));
    },
  );

  test('none are refused', async () => {
    expect(await start()).toMatchObject(refused('List of machines is empty'));
  });
});

describe('inverse offers [docs/maintenance.md; recorded: operator-maintenance]', () => {
  const frameworks: SchedulerClient[] = [];
  afterEach(async () => {
    for (const framework of frameworks.splice(0)) {
      await framework.call('TEARDOWN');
      framework.close();
    }
  });
  const ofAgent = ({ agent_id: id }: Loose) => id.value === cluster().agentId;
  /** The next inverse offer of the agent. */
  const takeInverse = async (framework: SchedulerClient): Promise<Loose> => {
    for (;;) {
      const { inverse_offers: event } = await framework.take('INVERSE_OFFERS');
      const found = listOf(event.inverse_offers).find(ofAgent);
      if (found !== undefined) return found;
    }
  };

  test('ask frameworks of the agent, which agree or do not, and offers say when it will be away', async () => {
    const framework = await subscribe(cluster().master, { name: 'conformance' });
    frameworks.push(framework);
    while (!(await framework.takeOffers()).some(ofAgent));
    const machine = await machineOfAgent();
    expect(await post(schedule(...before, windowOf(machine)))).toMatchObject(done);
    await framework.take('RESCIND');
    const first = await takeInverse(framework);
    expect(first).toMatchObject({
      framework_id: { value: framework.frameworkId },
      url: { scheme: 'http', path: '/slave(1)' },
      unavailability,
    });
    const offers = await framework.takeOffers();
    expect(offers.find(ofAgent)).toMatchObject({ unavailability });

    const statusOf = async () => {
      const machines = listOf((await statusNow()).draining_machines);
      const { statuses = [] } = machines.find(({ id }) => id.hostname === machine.hostname) ?? {};
      return listOf(statuses).find(({ framework_id: id }) => id.value === framework.frameworkId)?.['status'] as unknown;
    };
    const filters = { refuse_seconds: 0.1 };
    const respond = (type: string, id: string) =>
      framework.call(type, { [type.toLowerCase()]: { inverse_offer_ids: [{ value: id }], filters } });
    expect(await respond('ACCEPT_INVERSE_OFFERS', first.id.value as string)).toMatchObject({ status: 202 });
    await expect.poll(statusOf, { timeout: 15_000 }).toBe('ACCEPT');
    const second = await takeInverse(framework);
    expect(await respond('DECLINE_INVERSE_OFFERS', second.id.value as string)).toMatchObject({ status: 202 });
    await expect.poll(statusOf, { timeout: 15_000 }).toBe('DECLINE');
    expect(await respond('ACCEPT_INVERSE_OFFERS', 'nope')).toMatchObject({ status: 202 });
    expect(await framework.call('ACCEPT_INVERSE_OFFERS')).toMatchObject(
      refused("Failed to validate scheduler::Call: Expecting 'accept_inverse_offers' to be present"),
    );
  });
});
