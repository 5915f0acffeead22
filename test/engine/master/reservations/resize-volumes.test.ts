import { beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '../../../../protocol/mesos.ts';
import { fetchRaw, scalar, subscribe, type Loose, type SchedulerClient } from '../../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from '../fake-agent.ts';
import { eventually, startLeader } from '../master-for-test.ts';

const reservations = [{ type: 'DYNAMIC', role: 'dev', principal: 'me' }];
const disk = (value: number, fields: object = {}) => ({ ...scalar('disk', value), reservations, ...fields });
const volume = (value: number, fields: object = {}, info: object = {}) =>
  disk(value, {
    disk: {
      persistence: { id: 'vol', principal: 'me' },
      volume: { mode: 'RW', container_path: 'data' },
      ...info,
    },
    ...fields,
  });
const growth = (from: object, addition: object) => ({ volume: from, addition });
const shrinkage = (from: object, value: number) => ({ volume: from, subtract: { value } });
const grow = (from: object, addition: object) => ({ type: 'GROW_VOLUME', grow_volume: growth(from, addition) });
const shrink = (from: object, by: number) => ({ type: 'SHRINK_VOLUME', shrink_volume: shrinkage(from, by) });
const reserve = { type: 'RESERVE', reserve: { resources: [disk(100)] } };
const create = { type: 'CREATE', create: { volumes: [volume(64)] } };

const mount = { source: { type: 'MOUNT', mount: { root: '/mnt' } } };
const path = { source: { type: 'PATH', path: { root: '/path' } } };
const info = {
  principal: 'me',
  roles: ['dev'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
};
const own = [
  ...[scalar('cpus', 2), scalar('mem', 1024), scalar('disk', 1024)],
  ...[
    { ...scalar('disk', 200), disk: path },
    { ...scalar('disk', 300), disk: mount },
  ],
];

let url: string;
let agent: FakeAgent;
let framework: SchedulerClient;

beforeEach(async () => {
  ({ url } = await startLeader());
  agent = await startFakeAgent(url, { resources: own });
  framework = await subscribe(url, info);
});

/** Sizes of what is reserved of disks, by the id of a volume, or the type of the disk. */
const sizes = (resources: readonly Resource[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    resources
      .filter(({ name, reservations: held }) => name === 'disk' && held !== undefined)
      .map(({ disk: on, scalar: size }) => [on?.persistence?.id ?? on?.source?.type ?? 'disk', size?.value ?? 0]),
  );

async function accept(...operations: readonly object[]): Promise<void> {
  const { id } = await framework.takeOffer();
  await framework.call('ACCEPT', { accept: { offer_ids: [id], operations, filters: { refuse_seconds: 0 } } });
}

/** What the next offer holds, which is declined. */
async function next(): Promise<Readonly<Record<string, number>>> {
  const offer = await framework.takeOffer();
  await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters: { refuse_seconds: 0 } } });
  return sizes(offer.resources);
}

const applied = async (): Promise<Loose> => (await agent.take('APPLY_OPERATION')).apply_operation;

/** Of an operation that has an id. */
async function told(...operations: readonly object[]): Promise<Loose> {
  await accept(...operations.map((each) => ({ ...each, id: { value: 'op' } })));
  return (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status;
}

const volumeProblem = (call: 'Grow' | 'Shrink', why: string) =>
  `Invalid persistent volume in the '${call}Volume.volume' field: ${why}`;
const incompatible = "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields";
const tooLarge = "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'";
const bare = 'Resource disk(reservations: [(DYNAMIC,dev,me)]):64 does not have DiskInfo';
const readOnly = { volume: { mode: 'RO', container_path: 'data' } };
const provided = { provider_id: { value: 'p' } };
const elsewhere = { reservations: [{ type: 'DYNAMIC', role: 'dev', principal: 'you' }] };

/** What validation.cpp refuses, whatever there is. */
const invalid: readonly (readonly [string, object, string])[] = [
  [
    'growing by nothing',
    grow(volume(64), disk(0)),
    "The size of 'GrowVolume.addition' field must be greater than zero",
  ],
  [
    'growing what is of a provider',
    grow(volume(64, provided), disk(9)),
    'Growing a volume from a resource provider is not supported',
  ],
  ['growing what is no volume', grow(disk(64), disk(9)), volumeProblem('Grow', bare)],
  [
    'growing a disk',
    grow(disk(64, { disk: path }), disk(9, { disk: path })),
    volumeProblem('Grow', "'persistence' is not set in DiskInfo"),
  ],
  ['growing what has no size', grow(volume(0), disk(9)), volumeProblem('Grow', 'Invalid scalar resource: value <= 0')],
  [
    'growing what is read only',
    grow(volume(64, {}, readOnly), disk(9)),
    volumeProblem('Grow', 'Read-only persistent volume not supported'),
  ],
  [
    'growing what is shared',
    grow(volume(64, { shared: {} }), disk(9)),
    'Growing a shared persistent volume is not supported',
  ],
  ['growing by disk of another reservation', grow(volume(64), disk(9, elsewhere)), incompatible],
  ['growing by what nobody has reserved', grow(volume(64), scalar('disk', 9)), incompatible],
  ['growing by another disk', grow(volume(64), disk(9, { disk: path })), incompatible],
  ['growing by a volume', grow(volume(64), volume(9)), incompatible],
  ['growing by memory', grow(volume(64), { ...disk(9), name: 'mem' }), incompatible],
  ['growing by what is of a provider', grow(volume(64), disk(9, provided)), incompatible],
  ['growing on a MOUNT disk', grow(volume(64, {}, mount), disk(9, { disk: mount })), incompatible],
  ['shrinking by nothing', shrink(volume(64), 0), "Value of 'ShrinkVolume.subtract' must be greater than zero"],
  [
    'shrinking by less than nothing',
    shrink(volume(64), -1),
    "Value of 'ShrinkVolume.subtract' must be greater than zero",
  ],
  ['shrinking to nothing', shrink(volume(64), 64), tooLarge],
  [
    'shrinking what is of a provider',
    shrink(volume(64, provided), 9),
    'Shrinking a volume from a resource provider is not supported',
  ],
  [
    'shrinking on a MOUNT disk',
    shrink(volume(64, {}, mount), 9),
    'Shrinking a volume on a MOUNT disk is not supported',
  ],
  ['shrinking what is no volume', shrink(disk(64), 9), volumeProblem('Shrink', bare)],
  [
    'shrinking what is shared',
    shrink(volume(64, { shared: {} }), 9),
    'Shrinking a shared persistent volume is not supported',
  ],
];

/** What is no resource at all. */
const malformed: readonly (readonly [string, object, string])[] = [
  ['less than nothing', grow(volume(64), disk(-1)), 'Invalid scalar resource: value <= 0'],
  ['a number that is missing', grow({ ...volume(64), scalar: undefined }, disk(1)), 'Invalid scalar resource'],
  ['memory with a disk', shrink({ ...volume(64), name: 'mem' }, 9), 'DiskInfo should not be set for mem resource'],
  ['a disk that is shared', grow(volume(64), disk(9, { shared: {} })), 'Only persistent volumes can be shared'],
  ['memory that is shared', grow(volume(64), { ...scalar('mem', 9), shared: {} }), 'Resource mem cannot be shared'],
  ['what is revocable', grow(volume(64), disk(9, { revocable: {} })), "'revocable' is not honoured by this cluster"],
];

const whole = 'disk(reservations: [(DYNAMIC,dev,me)])[vol:data]:64';

describe('a framework', () => {
  test('grows a volume by disk of its reservation, and shrinks it again, each in the next offer', async () => {
    await accept(reserve, create);
    expect(await next()).toEqual({ disk: 36, vol: 64 });
    await accept(grow(volume(64), disk(30.5)));
    expect(await next()).toEqual({ disk: 5.5, vol: 94.5 });
    await accept(shrink(volume(94.5), 0.25));
    expect(await next()).toEqual({ disk: 5.75, vol: 94.25 });
    await accept(grow(volume(94.25), disk(5.75)));
    expect(await next()).toEqual({ vol: 100 });
  });

  test('has the agent do it, and is told of it where it gave an id', async () => {
    await accept(reserve, create);
    await accept(grow(volume(64), disk(36)), { ...shrink(volume(100), 40), id: { value: 'too early' } });
    await applied();
    await applied();
    expect(await applied()).toEqual({ consumed: [volume(64), disk(36)], converted: [volume(100)] });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toMatchObject({
      operation_id: { value: 'too early' },
      state: 'OPERATION_ERROR',
      message: expect.stringMatching(/^Invalid SHRINK_VOLUME operation: .* does not contain .*:100$/) as string,
    });
    await accept({ ...shrink(volume(100), 40), id: { value: 'op' } });
    const { feedback, ...rest } = await applied();
    expect(rest).toEqual({ consumed: [volume(100)], converted: [volume(60), disk(40)] });
    const status = { operation_id: { value: 'op' }, state: 'OPERATION_FINISHED', uuid: { value: feedback.uuid } };
    const update = { framework_id: feedback.framework_id, status };
    await agent.post({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: update });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toMatchObject(status);
  });

  test('resizes a volume on a PATH disk', async () => {
    const [onPath, free] = [volume(64, {}, path), disk(100, { disk: path })];
    await accept(
      { type: 'RESERVE', reserve: { resources: [free] } },
      { type: 'CREATE', create: { volumes: [onPath] } },
      grow(onPath, disk(6, { disk: path })),
    );
    expect(await next()).toEqual({ vol: 70, PATH: 30 });
    await accept(shrink(volume(70, {}, path), 20));
    expect(await next()).toEqual({ vol: 50, PATH: 50 });
  });

  test('cannot use what it has resized in the same call, only in the next', async () => {
    await accept(reserve, create);
    const launch = ({ agent_id }: { readonly agent_id: object }, id: string) => {
      const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume(70)];
      const task = { name: id, task_id: { value: id }, agent_id, resources, command: { value: 'x' } };
      return { type: 'LAUNCH', launch: { task_infos: [task] } };
    };
    const at = { agent_id: { value: agent.agentId } };
    await accept(grow(volume(64), disk(6)), launch(at, 'early'));
    expect(await framework.takeUpdate('early')).toMatchObject({ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' });
    await accept(launch(at, 'late'));
    expect((await agent.take('RUN_TASK')).run_task.task.task_id.value).toBe('late');
  });

  test.each(invalid)('is told why %s is invalid', async (_, operation, message) => {
    expect(await told(operation)).toMatchObject({
      state: 'OPERATION_ERROR',
      message: expect.stringContaining(`${message}; on agent ${agent.agentId} at slave(1)@127.0.0.1:`) as string,
    });
  });

  test.each(malformed)('is told that %s is no resource', async (_, operation, message) => {
    expect(await told(operation)).toMatchObject({
      state: 'OPERATION_ERROR',
      message: `Operation attempted with invalid resources: ${message}`,
    });
  });

  test.each([
    ['GROW_VOLUME', 'A GROW_VOLUME operation must have the Offer.Operation.grow_volume field set'],
    ['SHRINK_VOLUME', 'A SHRINK_VOLUME offer operation must have the Offer.Operation.shrink_volume field set'],
  ])('is told of %s without its message', async (type, message) => {
    expect((await told({ type })).message).toBe(`Operation attempted with invalid resources: ${message}`);
  });

  test.each([
    ['more than is left', grow(volume(64), disk(37))],
    ['a volume of another size', grow(volume(32), disk(1))],
    ['another volume', grow(volume(64, {}, { persistence: { id: 'other' } }), disk(1))],
    ['shrinking a part of it', shrink(volume(32), 16)],
  ])('is told that an offer does not contain %s, and nothing changes', async (_, operation) => {
    await accept(reserve, create);
    const { state, message } = await told(operation);
    expect(state).toBe('OPERATION_ERROR');
    expect(message).toMatch(new RegExp(`^Invalid ${operation.type} operation: .* does not contain disk`));
    expect(await next()).toEqual({ disk: 36, vol: 64 });
  });

  test('cannot destroy nor launch with a part of a volume', async () => {
    await accept(reserve, create);
    expect(await told({ type: 'DESTROY', destroy: { volumes: [volume(32)] } })).toMatchObject({
      message: expect.stringMatching(/^Persistent volumes not found; on agent /) as string,
    });
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume(32)];
    const offer = await framework.takeOffer();
    const task = { name: 't', task_id: { value: 't' }, agent_id: offer.agent_id, resources, command: { value: 'x' } };
    await framework.launch([offer.id.value], [task]);
    expect(await framework.takeUpdate('t')).toMatchObject({ state: 'TASK_ERROR' });
  });
});

describe('an operator', () => {
  const call = (type: string, fields: object) =>
    fetchRaw(`${url}/api/v1`, {
      body: { type, [type.toLowerCase()]: { agent_id: { value: agent.agentId }, ...fields } },
    });
  /** As a call what is an operation. */
  const asCall = ({ type, ...fields }: { readonly type: string; readonly [name: string]: object | string }) =>
    call(type, fields[type.toLowerCase()] as object);

  test('grows a volume and shrinks it, and the agent does it', async () => {
    await accept(reserve, create);
    await applied();
    await applied();
    expect(await call('GROW_VOLUME', growth(volume(64), disk(36)))).toMatchObject({ status: 202, body: '' });
    expect(await applied()).toEqual({ consumed: [volume(64), disk(36)], converted: [volume(100)] });
    await eventually(async () => JSON.stringify(await next()) === '{"vol":100}');
    expect(await call('SHRINK_VOLUME', shrinkage(volume(100), 10))).toMatchObject({ status: 202, body: '' });
    expect(await applied()).toEqual({ consumed: [volume(100)], converted: [volume(90), disk(10)] });
    await eventually(async () => (await next())['vol'] === 90);
  });

  test('takes back the offer that has the volume', async () => {
    await accept(reserve, create);
    const { id } = await framework.takeOffer();
    expect((await call('SHRINK_VOLUME', shrinkage(volume(64), 1))).status).toBe(202);
    expect((await framework.take('RESCIND')).rescind.offer_id).toEqual(id);
  });

  test.each(invalid)('is refused %s', async (_, operation, message) => {
    const { type } = operation as { readonly type: string };
    const { status, body } = await asCall(operation as Parameters<typeof asCall>[0]);
    expect(status).toBe(400);
    const at = `Invalid ${type} operation on agent ${agent.agentId} at slave(1)@127.0.0.1:`;
    expect([body.startsWith(at), body.endsWith(`): ${message}`), body]).toEqual([true, true, body]);
  });

  test.each(malformed)('is refused %s', async (_, operation, message) => {
    expect(await asCall(operation as Parameters<typeof asCall>[0])).toMatchObject({ status: 400, body: message });
  });

  test('is refused what is not there, and a volume that a task uses', async () => {
    await accept(reserve, create);
    const tooMuch = await call('GROW_VOLUME', growth(volume(64), disk(37)));
    expect(tooMuch.status).toBe(409);
    expect(tooMuch.body).toMatch(/ does not contain disk\(reservations: \[\(DYNAMIC,dev,me\)\]\)\[vol:data\]:64; disk/);
    expect((await call('SHRINK_VOLUME', shrinkage(volume(32), 1))).status).toBe(409);
    // What was offered until now was taken back by what was refused, and that is told before what is asked now.
    await framework.call('RECONCILE', { reconcile: { tasks: [{ task_id: { value: 'none' } }] } });
    await framework.takeUpdate('none');
    const rescinds = framework.events.filter(({ type }) => type === 'RESCIND');
    const takenBack = rescinds.map(({ rescind }) => rescind.offer_id.value as string);
    let offer = await framework.takeOffer();
    while (sizes(offer.resources)['vol'] === undefined || takenBack.includes(offer.id.value))
      offer = await framework.takeOffer();
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume(64)];
    const task = { name: 't', task_id: { value: 't' }, agent_id: offer.agent_id, resources, command: { value: 'x' } };
    await framework.launch([offer.id.value], [task]);
    await agent.take('RUN_TASK');
    const inUse = await call('SHRINK_VOLUME', shrinkage(volume(64), 1));
    expect([inUse.status, inUse.body.endsWith(` does not contain ${whole}`)]).toEqual([409, true]);
  });

  test.each([
    ['GROW_VOLUME', { grow_volume: growth(volume(64), disk(1)) }],
    ['SHRINK_VOLUME', { shrink_volume: shrinkage(volume(64), 1) }],
  ])('is refused %s without an agent, of one that is not there, and without its message', async (type, fields) => {
    const refusal = async (body: object) => {
      const { status, body: text } = await fetchRaw(`${url}/api/v1`, { body });
      expect(status).toBe(400);
      return text;
    };
    expect(await refusal({ type, ...fields })).toBe(
      "Failed to validate master::Call: Expecting 'agent_id' to be present; only agent default resources are supported right now",
    );
    expect(await refusal({ type })).toBe(
      `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`,
    );
    const [details] = Object.values(fields);
    expect(await refusal({ type, [type.toLowerCase()]: { ...details, agent_id: { value: 'nope' } } })).toBe(
      'No agent found with specified ID',
    );
  });
});
