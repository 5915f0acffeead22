import { afterEach, describe, expect, test } from 'vitest';
import type { Offer, Resource } from '../../protocol/mesos.ts';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import {
  fetchJson,
  fetchRaw,
  scalar,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { callInProtobuf } from './in-protobuf.ts';
import { operatorCalls } from './operator-calls.ts';

const cluster = clusterForTests();
const { post, answer } = operatorCalls(() => cluster().master);

const role = 'conformance';
const principal = 'conformance';
const reservations = [{ type: 'DYNAMIC', role, principal, labels: { labels: [{ key: 'for', value: 'tests' }] } }];
const reserved = (name: string, value: number) => ({ ...scalar(name, value), reservations });
const volume = (id: string, value = 16) => ({
  ...reserved('disk', value),
  disk: { persistence: { id, principal }, volume: { mode: 'RW', container_path: 'data' } },
});

const agentId = () => ({ value: cluster().agentId });
const heldBy = async (): Promise<readonly Resource[]> => {
  const { agents } = (await answer('GET_AGENTS')).get_agents;
  const agent = listOf(agents).find(({ agent_info: info }) => info.id.value === cluster().agentId);
  return (agent?.['total_resources'] as readonly Resource[]).filter((each) => each.role === role);
};

const frameworks: SchedulerClient[] = [];
afterEach(async () => {
  for (const framework of frameworks.splice(0)) {
    await framework.call('TEARDOWN');
    framework.close();
  }
  const named = async (isVolume: boolean) =>
    (await heldBy())
      .filter(({ disk }) => (disk !== undefined) === isVolume)
      .map(({ role: _, reservation: _old, ...each }) => each);
  const volumes = await named(true);
  if (volumes.length > 0) await post({ type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id: agentId(), volumes } });
  const resources = await named(false);
  if (resources.length === 0) return;
  await post({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id: agentId(), resources } });
});

/** A framework with the role, and what it does with an offer of the agent that fits. */
async function startFramework() {
  const capabilities = ['MULTI_ROLE', 'RESERVATION_REFINEMENT', 'PARTITION_AWARE'].map((type) => ({ type }));
  const framework = await subscribe(cluster().master, { name: role, roles: [role], principal, capabilities });
  frameworks.push(framework);
  const filters = { refuse_seconds: 0.1 };
  /** What of an offer is reserved, as it is offered. */
  const reservedIn = ({ resources }: Offer) => resources.filter((each) => (each.reservations ?? []).length > 0);
  const takeOffer = async (fits: (offer: Offer) => boolean = () => true): Promise<Offer> => {
    for (;;) {
      for (const offer of await framework.takeOffers()) {
        if (offer.agent_id.value === cluster().agentId && fits(offer)) return offer;
        await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters } });
      }
    }
  };
  const accept = async ({ id }: Offer, ...operations: readonly object[]) => {
    const taken = await framework.call('ACCEPT', { accept: { offer_ids: [id], operations, filters } });
    expect(taken).toMatchObject({ status: 202 });
  };
  const amounts = (offer: Offer) =>
    Object.fromEntries(
      reservedIn(offer).map(({ name, disk, scalar: each }) => [disk?.persistence?.id ?? name, each?.value]),
    );
  /** The next offer with just this reserved. */
  const offerWith = (wanted: Readonly<Record<string, number>>) =>
    takeOffer((offer) => {
      const has: Readonly<Record<string, unknown>> = amounts(offer);
      return (
        Object.keys(has).length === Object.keys(wanted).length &&
        Object.entries(wanted).every(([name, value]) => has[name] === value)
      );
    });
  const run = async (offer: Offer, id: string, command: string) => {
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume('vol-1')];
    const task = { name: id, task_id: { value: id }, agent_id: offer.agent_id, resources, command: { value: command } };
    await accept(offer, { type: 'LAUNCH', launch: { task_infos: [task] } });
    for (;;) {
      const status = await framework.takeUpdate(id);
      if (status.uuid !== undefined) await framework.acknowledge(status);
      if (!['TASK_STARTING', 'TASK_RUNNING'].includes(status.state)) return status;
    }
  };
  return { framework, takeOffer, reservedIn, accept, offerWith, run };
}

describe('operations on offers [docs/reservation.md, docs/persistent-volume.md; recorded: operations-session]', () => {
  test('reserve, and give back what is reserved', async () => {
    const { takeOffer, reservedIn, accept, offerWith } = await startFramework();
    const resources = [reserved('cpus', 0.1), reserved('disk', 32)];
    await accept(await takeOffer(), { type: 'RESERVE', reserve: { resources } });
    const offer = await offerWith({ cpus: 0.1, disk: 32 });
    expect(reservedIn(offer)).toEqual(
      expect.arrayContaining(resources.map((each) => ({ ...each, allocation_info: { role } }))),
    );
    const held = await heldBy();
    for (const each of resources) {
      expect(held).toContainEqual({ ...each, role, reservation: expect.objectContaining({ principal }) as unknown });
    }
    const { slaves } = await fetchJson(`${cluster().master}/slaves`);
    const agent = listOf(slaves).find(({ id }) => id === cluster().agentId);
    expect(agent?.['reserved_resources']).toMatchObject({ [role]: { cpus: 0.1, disk: 32 } });
    await accept(offer, { type: 'UNRESERVE', unreserve: { resources } });
    await offerWith({});
    expect(await heldBy()).toEqual([]);
  });

  test('make a volume whose data the next task finds, until it is destroyed', async () => {
    const { takeOffer, accept, offerWith, run } = await startFramework();
    await accept(
      await takeOffer(),
      { type: 'RESERVE', reserve: { resources: [reserved('disk', 32)] } },
      { type: 'CREATE', create: { volumes: [volume('vol-1')] } },
    );
    const held = { disk: 16, 'vol-1': 16 };
    const wrote = await run(await offerWith(held), 'writer', 'echo kept > data/file');
    expect(wrote).toMatchObject({ state: 'TASK_FINISHED', message: 'Command exited with status 0' });
    expect(await run(await offerWith(held), 'reader', 'grep kept data/file')).toMatchObject({ state: 'TASK_FINISHED' });
    await accept(
      await offerWith(held),
      { type: 'DESTROY', destroy: { volumes: [volume('vol-1')] } },
      { type: 'UNRESERVE', unreserve: { resources: [reserved('disk', 32)] } },
    );
    await offerWith({});
  });

  test('grow a volume and shrink it, each for the next offer, and its data stays', async () => {
    const { framework, takeOffer, accept, offerWith, run } = await startFramework();
    await accept(
      await takeOffer(),
      { type: 'RESERVE', reserve: { resources: [reserved('disk', 32)] } },
      { type: 'CREATE', create: { volumes: [volume('vol-1')] } },
    );
    await run(await offerWith({ disk: 16, 'vol-1': 16 }), 'writer', 'echo kept > data/file');
    await accept(
      await offerWith({ disk: 16, 'vol-1': 16 }),
      { type: 'GROW_VOLUME', grow_volume: { volume: volume('vol-1'), addition: reserved('disk', 8) } },
      // What has grown is not there for the rest of the call.
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume('vol-1', 24), subtract: { value: 1 } } },
    );
    await accept(await offerWith({ disk: 8, 'vol-1': 24 }), {
      type: 'SHRINK_VOLUME',
      id: { value: 'shrink' },
      shrink_volume: { volume: volume('vol-1', 24), subtract: { value: 8 } },
    });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toMatchObject({
      operation_id: { value: 'shrink' },
      state: 'OPERATION_FINISHED',
    });
    const held = await offerWith({ disk: 16, 'vol-1': 16 });
    expect(await run(held, 'reader', 'grep kept data/file')).toMatchObject({ state: 'TASK_FINISHED' });
  });

  test('with an id are told of', async () => {
    const { framework, takeOffer, accept, offerWith } = await startFramework();
    const reserve = { resources: [reserved('cpus', 0.1)] };
    await accept(await takeOffer(), { type: 'RESERVE', id: { value: 'op-1' }, reserve });
    const { status } = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status;
    expect(status).toMatchObject({
      operation_id: { value: 'op-1' },
      state: 'OPERATION_FINISHED',
      agent_id: agentId(),
    });
    const acknowledged = {
      agent_id: agentId(),
      uuid: status.uuid.value as string,
      operation_id: status.operation_id as object,
    };
    expect(
      await framework.call('ACKNOWLEDGE_OPERATION_STATUS', { acknowledge_operation_status: acknowledged }),
    ).toMatchObject({ status: 202 });
    const tooMuch = { resources: [reserved('cpus', 1000)] };
    await accept(await offerWith({ cpus: 0.1 }), { type: 'RESERVE', id: { value: 'op-2' }, reserve: tooMuch });
    const refused = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status;
    expect(refused).toMatchObject({ operation_id: { value: 'op-2' }, state: 'OPERATION_ERROR' });
    expect(refused.message).toMatch(/ does not contain cpus\(allocated: conformance\):1000$/);
    const operations = [{ operation_id: { value: 'op-9' }, agent_id: agentId() }];
    await framework.call('RECONCILE_OPERATIONS', { reconcile_operations: { operations } });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toMatchObject({
      operation_id: { value: 'op-9' },
      state: 'OPERATION_UNKNOWN',
      message: 'Reconciliation: Operation is unknown',
    });
  });

  test('reserve, make a volume and launch a task at once', async () => {
    const { framework, takeOffer, accept, offerWith } = await startFramework();
    const offer = await takeOffer();
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume('vol-1')];
    const task = { name: 'all', task_id: { value: 'all' }, agent_id: offer.agent_id, resources };
    await accept(
      offer,
      { type: 'RESERVE', reserve: { resources: [reserved('disk', 32)] } },
      { type: 'CREATE', create: { volumes: [volume('vol-1')] } },
      { type: 'LAUNCH', launch: { task_infos: [{ ...task, command: { value: 'echo x > data/file' } }] } },
    );
    for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']) {
      await framework.acknowledge(await framework.takeUpdate('all', state));
    }
    await offerWith({ disk: 16, 'vol-1': 16 });
  });
});

describe('operations of operators [docs/operator-http-api.md; recorded: operations-operator]', () => {
  const reserve = (resources: readonly object[], id = agentId()) =>
    post({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id: id, resources } });
  const unreserve = (resources: readonly object[]) =>
    post({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id: agentId(), resources } });
  const create = (volumes: readonly object[]) =>
    post({ type: 'CREATE_VOLUMES', create_volumes: { agent_id: agentId(), volumes } });
  const destroy = (volumes: readonly object[]) =>
    post({ type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id: agentId(), volumes } });
  const grow = (from: object, addition: object) =>
    post({ type: 'GROW_VOLUME', grow_volume: { agent_id: agentId(), volume: from, addition } });
  const shrink = (from: object, value: number) =>
    post({ type: 'SHRINK_VOLUME', shrink_volume: { agent_id: agentId(), volume: from, subtract: { value } } });
  const done = { status: 202, body: '' };
  const on = 'on agent \\S+ at slave\\(1\\)@\\S+ \\(\\S+\\): ';
  const says = (text: string) => expect.stringMatching(new RegExp(`^${text}`)) as string;
  const some = [reserved('cpus', 0.1), reserved('disk', 32)];

  test('are done, and undone', async () => {
    expect(await reserve(some)).toMatchObject(done);
    expect(await create([volume('vol-op')])).toMatchObject(done);
    const held = async () =>
      (await heldBy()).map(({ name, disk, scalar: each }) => [disk?.persistence?.id ?? name, each?.value]);
    expect(new Map((await held()) as [string, number][])).toEqual(
      new Map([
        ['cpus', 0.1],
        ['disk', 16],
        ['vol-op', 16],
      ]),
    );
    expect(await create([volume('vol-op')])).toMatchObject({
      status: 400,
      body: says(`Invalid CREATE operation ${on}Persistence ID 'vol-op' is not unique$`),
    });
    expect(await unreserve([reserved('disk', 32)])).toMatchObject({
      status: 409,
      body: says('.* does not contain disk'),
    });
    expect(await destroy([volume('vol-op')])).toMatchObject(done);
    await eventually(async () => (await held()).every(([name]) => name !== 'vol-op'));
    expect(await destroy([volume('vol-op')])).toMatchObject({
      status: 400,
      body: 'Invalid DESTROY operation: Persistent volumes not found',
    });
    expect(await unreserve(some)).toMatchObject(done);
    await eventually(async () => (await held()).length === 0);
  });

  test('grow a volume and shrink it', async () => {
    await reserve([reserved('disk', 32)]);
    await create([volume('vol-op')]);
    const sizes = async () => (await heldBy()).map(({ disk, scalar: each }) => [disk?.persistence?.id, each?.value]);
    expect(await grow(volume('vol-op'), reserved('disk', 17))).toMatchObject({
      status: 409,
      body: says('.* does not contain .*disk'),
    });
    expect(await grow(volume('vol-op'), reserved('disk', 16))).toMatchObject(done);
    expect(await sizes()).toEqual([['vol-op', 32]]);
    expect(await shrink(volume('vol-op'), 1)).toMatchObject({ status: 409, body: says('.* does not contain disk') });
    expect(await shrink(volume('vol-op', 32), 2)).toMatchObject(done);
    expect(new Map((await sizes()) as [string | undefined, number][])).toEqual(
      new Map([
        ['vol-op', 30],
        [undefined, 2],
      ]),
    );
  });

  test('are the same as forms', async () => {
    const form = (path: string, fields: Readonly<Record<string, string>>) =>
      fetchRaw(`${cluster().master}/master${path}`, {
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
    const slaveId = cluster().agentId;
    const [resources, volumes] = [JSON.stringify(some), JSON.stringify([volume('vol-op')])];
    expect(await form('/reserve', { slaveId, resources })).toMatchObject(done);
    expect(await form('/create-volumes', { slaveId, volumes })).toMatchObject(done);
    expect(await heldBy()).toHaveLength(3);
    expect(await form('/destroy-volumes', { slaveId, volumes })).toMatchObject(done);
    expect(await form('/unreserve', { slaveId, resources })).toMatchObject(done);
    const missing = (name: string) => `Missing '${name}' query parameter in the request body`;
    expect(await form('/reserve', { resources: '[]' })).toMatchObject({ status: 400, body: missing('slaveId') });
    expect(await form('/reserve', { slaveId })).toMatchObject({ status: 400, body: missing('resources') });
    expect(await form('/reserve', { slaveId: 'nope', resources: '[]' })).toMatchObject({
      status: 400,
      body: 'No agent found with specified ID',
    });
    expect(await form('/reserve', { slaveId, resources: '{' })).toMatchObject({
      status: 400,
      body: says("Error parsing 'resources' query parameter in the request body: syntax error at line 1 near: "),
    });
    expect(await fetchRaw(`${cluster().master}/master/reserve`)).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });

  test.each<[string, () => ReturnType<typeof post>, number, string]>([
    ['more than there is', () => reserve([reserved('cpus', 1000)]), 409, '.* does not contain cpus:1000$'],
    ['an agent that is not known', () => reserve(some, { value: 'nope' }), 400, 'No agent found with specified ID$'],
    [
      'nothing',
      () => reserve([]),
      400,
      `Invalid RESERVE operation ${on}Invalid resources: The resources have multiple`,
    ],
    [
      'what names no reservation',
      () => reserve([scalar('cpus', 0.1)]),
      400,
      `Invalid RESERVE operation ${on}Resource cpus:0.1 is not dynamically reserved$`,
    ],
    [
      'a volume without its disk',
      () => create([reserved('disk', 16)]),
      400,
      `Invalid CREATE operation ${on}Not a persistent volume: Resource disk\\(.*\\):16 does not have DiskInfo$`,
    ],
    [
      'growth by nothing',
      () => grow(volume('vol-op'), reserved('disk', 0)),
      400,
      `Invalid GROW_VOLUME operation ${on}The size of 'GrowVolume.addition' field must be greater than zero$`,
    ],
    [
      'growth by another volume',
      () => grow(volume('vol-op'), volume('vol-2')),
      400,
      `Invalid GROW_VOLUME operation ${on}Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields$`,
    ],
    [
      'growth of what is no volume',
      () => grow(reserved('disk', 16), reserved('disk', 1)),
      400,
      `Invalid GROW_VOLUME operation ${on}Invalid persistent volume in the 'GrowVolume.volume' field: Resource disk\\(.*\\):16 does not have DiskInfo$`,
    ],
    [
      'less than nothing',
      () => grow(volume('vol-op'), reserved('disk', -1)),
      400,
      'Invalid scalar resource: value <= 0$',
    ],
    [
      'shrinking by nothing',
      () => shrink(volume('vol-op'), 0),
      400,
      `Invalid SHRINK_VOLUME operation ${on}Value of 'ShrinkVolume.subtract' must be greater than zero$`,
    ],
    [
      'shrinking to nothing',
      () => shrink(volume('vol-op'), 16),
      400,
      `Invalid SHRINK_VOLUME operation ${on}Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'$`,
    ],
  ])('are refused for %s', async (_, send, status, body) => {
    expect(await send()).toMatchObject({ status, body: says(body) });
  });

  const resizes = ['GROW_VOLUME', 'SHRINK_VOLUME'];
  test.each(['RESERVE_RESOURCES', 'UNRESERVE_RESOURCES', 'CREATE_VOLUMES', 'DESTROY_VOLUMES', ...resizes])(
    '%s without its message is refused',
    async (type) => {
      const body = `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`;
      expect(await post({ type })).toMatchObject({ status: 400, body });
    },
  );

  test('of a volume need an agent', async () => {
    const body =
      "Failed to validate master::Call: Expecting 'agent_id' to be present; only agent default resources are supported right now";
    const [from, addition] = [volume('vol-op'), reserved('disk', 1)];
    expect(await post({ type: 'GROW_VOLUME', grow_volume: { volume: from, addition } })).toMatchObject({
      status: 400,
      body,
    });
    expect(
      await post({ type: 'SHRINK_VOLUME', shrink_volume: { volume: from, subtract: { value: 1 } } }),
    ).toMatchObject({ status: 400, body });
  });

  test('in protobuf are the same', async () => {
    const inProtobuf = (type: string, fields: object) =>
      callInProtobuf(cluster().master, 'master', {
        type,
        [type.toLowerCase()]: { agent_id: agentId(), ...fields },
      });
    expect(await inProtobuf('RESERVE_RESOURCES', { resources: some })).toMatchObject({ status: 202, text: '' });
    expect(await inProtobuf('CREATE_VOLUMES', { volumes: [volume('vol-op')] })).toMatchObject({ status: 202 });
    const { message } = await callInProtobuf(cluster().master, 'master', { type: 'GET_AGENTS' });
    const [agent] = listOf((message as Loose).get_agents.agents).filter(
      ({ agent_info: info }) => info.id.value === cluster().agentId,
    );
    expect(agent?.['total_resources']).toEqual(
      expect.arrayContaining([expect.objectContaining(volume('vol-op')), expect.objectContaining(some[0] ?? {})]),
    );
    expect(await inProtobuf('GROW_VOLUME', { volume: volume('vol-op'), addition: reserved('disk', 16) })).toMatchObject(
      { status: 202 },
    );
    expect(await inProtobuf('SHRINK_VOLUME', { volume: volume('vol-op', 32), subtract: { value: 16 } })).toMatchObject({
      status: 202,
    });
    expect(await inProtobuf('DESTROY_VOLUMES', { volumes: [volume('vol-op')] })).toMatchObject({ status: 202 });
    expect(await inProtobuf('UNRESERVE_RESOURCES', { resources: some })).toMatchObject({ status: 202 });
  });
});
