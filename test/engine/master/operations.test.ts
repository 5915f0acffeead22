import { beforeEach, describe, expect, test } from 'vitest';
import {
  fetchJson,
  fetchRaw,
  ports,
  scalar,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { eventually, startLeader } from './master-for-test.ts';

const reservation = {
  type: 'DYNAMIC',
  role: 'dev',
  principal: 'me',
  labels: { labels: [{ key: 'for', value: 'db' }] },
};
const reserved = (name: string, value: number) => ({ ...scalar(name, value), reservations: [reservation] });
const volume = (id: string, size: number, path = 'data') => ({
  ...reserved('disk', size),
  disk: { persistence: { id, principal: 'me' }, volume: { mode: 'RW', container_path: path } },
});
const reserve = (...resources: readonly object[]) => ({ type: 'RESERVE', reserve: { resources } });
const unreserve = (...resources: readonly object[]) => ({ type: 'UNRESERVE', unreserve: { resources } });
const create = (...volumes: readonly object[]) => ({ type: 'CREATE', create: { volumes } });
const destroy = (...volumes: readonly object[]) => ({ type: 'DESTROY', destroy: { volumes } });

/** `cpus:0.5 of dev`, `disk:64 of dev vol-1`, sorted. */
const show = (resources: readonly Loose[]): readonly string[] =>
  resources
    .filter(({ name }) => name !== 'ports')
    .map(({ name, scalar: { value }, reservations, disk }) => {
      const role: string | undefined = reservations?.[0].role;
      const id: string | undefined = disk?.persistence?.id;
      return `${name}:${value}${role === undefined ? '' : ` of ${role}`}${id === undefined ? '' : ` ${id}`}`;
    })
    .sort();

const whole = ['cpus:2', 'disk:1024', 'mem:1024'];
const info = {
  principal: 'me',
  roles: ['dev'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
};
const ownResources = [scalar('cpus', 2), scalar('mem', 1024), scalar('disk', 1024), ports([31000, 32000])];

let url: string;
let agent: FakeAgent;
let framework: SchedulerClient;

beforeEach(async () => {
  ({ url } = await startLeader());
  agent = await startFakeAgent(url, { resources: ownResources });
  framework = await subscribe(url, info);
});

/** Accepts the next offer. @returns what the offer after it holds */
async function accept(...operations: readonly object[]): Promise<readonly string[]> {
  const offer = await framework.takeOffer();
  const filters = { refuse_seconds: 0 };
  const answer = await framework.call('ACCEPT', { accept: { offer_ids: [offer.id], operations, filters } });
  expect(answer.status).toBe(202);
  return next();
}

/** What the next offer holds, which is declined. */
async function next(): Promise<readonly string[]> {
  const offer = await framework.takeOffer();
  await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters: { refuse_seconds: 0 } } });
  return show(offer.resources);
}

const byApi = (type: string, fields: object) =>
  fetchRaw(`${url}/api/v1`, {
    body: { type, [type.toLowerCase()]: { agent_id: { value: agent.agentId }, ...fields } },
  });

const dbReserved = reserve(reserved('cpus', 0.5), reserved('mem', 64), reserved('disk', 100));
const withDb = ['cpus:0.5 of dev', 'cpus:1.5', 'disk:100 of dev', 'disk:924', 'mem:64 of dev', 'mem:960'];
const withVolume = [
  ...['cpus:0.5 of dev', 'cpus:1.5', 'disk:36 of dev', 'disk:64 of dev vol-1', 'disk:924'],
  ...['mem:64 of dev', 'mem:960'],
];

describe('operations of a framework', () => {
  test('reserve, make a volume, and undo both, each in the next offer', async () => {
    expect(await accept(dbReserved)).toEqual(withDb);
    expect(await accept(create(volume('vol-1', 64)))).toEqual(withVolume);
    expect(await accept(destroy(volume('vol-1', 64)), unreserve(...dbReserved.reserve.resources))).toEqual(whole);
  });

  test('are told to the agent, with what each consumes and makes', async () => {
    await accept(reserve(reserved('cpus', 0.5)));
    expect((await agent.take('APPLY_OPERATION')).apply_operation).toEqual({
      consumed: [scalar('cpus', 0.5)],
      converted: [reserved('cpus', 0.5)],
    });
  });

  test('and a launch with what they make go in one ACCEPT', async () => {
    const offer = await framework.takeOffer();
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume('vol-1', 64)];
    const task = { name: 't', task_id: { value: 't' }, agent_id: offer.agent_id, resources, command: { value: 'x' } };
    const launch = { type: 'LAUNCH', launch: { task_infos: [task] } };
    const operations = [reserve(reserved('disk', 100)), create(volume('vol-1', 64)), launch];
    await framework.call('ACCEPT', { accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } } });
    await agent.take('APPLY_OPERATION');
    await agent.take('APPLY_OPERATION');
    await agent.take('RUN_TASK');
    expect(await next()).toEqual(['cpus:1.9', 'disk:36 of dev', 'disk:924', 'mem:992']);
    await agent.report(framework.frameworkId, 't', 'TASK_FINISHED');
    await eventually(async () => (await next()).includes('disk:64 of dev vol-1'));
  });

  test.each([
    [
      'a role that is not the framework’s',
      reserve({ ...scalar('cpus', 0.1), reservations: [{ type: 'DYNAMIC', role: 'other', principal: 'me' }] }),
    ],
    ['more than is offered', reserve(reserved('cpus', 100))],
    ['no reservation', reserve(scalar('cpus', 0.1))],
    ['a static reservation', reserve({ ...scalar('cpus', 0.1), reservations: [{ type: 'STATIC', role: 'dev' }] })],
    [
      'another principal',
      reserve({ ...scalar('cpus', 0.1), reservations: [{ type: 'DYNAMIC', role: 'dev', principal: 'you' }] }),
    ],
    ['disk that holds a volume', unreserve(reserved('disk', 100))],
    ['the id of a volume that there is', create(volume('vol-1', 10))],
    ['unreserved disk', create({ ...volume('vol-2', 10), reservations: [] })],
    [
      'a host path',
      create({
        ...volume('vol-2', 10),
        disk: {
          persistence: { id: 'vol-2', principal: 'me' },
          volume: { mode: 'RW', container_path: 'data', host_path: 'x' },
        },
      }),
    ],
    ['an id that is a path', create(volume('../vol-2', 10))],
    ['an unknown volume', destroy(volume('vol-9', 10))],
    ['a volume that is shared', create({ ...volume('vol-2', 10), shared: {} })],
  ])('with %s are dropped: the offer is used up, and nothing has changed', async (_, operation) => {
    await accept(dbReserved, create(volume('vol-1', 64)));
    expect(await accept(operation)).toEqual(withVolume);
    expect(framework.events.filter(({ type }) => type === 'UPDATE_OPERATION_STATUS')).toEqual([]);
  });

  test('with an id are told of when they are done, until that is acknowledged', async () => {
    await accept({ ...reserve(reserved('cpus', 0.1)), id: { value: 'op-1' } });
    const { feedback } = (await agent.take('APPLY_OPERATION')).apply_operation;
    expect(feedback).toMatchObject({ operation_id: { value: 'op-1' }, framework_id: { value: framework.frameworkId } });
    const [{ latest_status: latest }] = (await fetchJson(`${url}/api/v1`, { body: { type: 'GET_OPERATIONS' } }))
      .get_operations.operations;
    expect(latest.state).toBe('OPERATION_PENDING');
    const uuid = { value: feedback.uuid };
    const status = { operation_id: { value: 'op-1' }, state: 'OPERATION_FINISHED', uuid };
    const update = { framework_id: feedback.framework_id, status };
    await agent.post({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: update });
    const told = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status;
    expect(told).toEqual({ ...status, agent_id: { value: agent.agentId } });
    const acknowledgement = { agent_id: told.agent_id, uuid: uuid.value, operation_id: status.operation_id };
    await framework.call('ACKNOWLEDGE_OPERATION_STATUS', { acknowledge_operation_status: acknowledgement });
    expect((await agent.take('ACKNOWLEDGE_OPERATION')).acknowledge_operation).toEqual({ uuid: uuid.value });
    expect(await fetchJson(`${url}/api/v1`, { body: { type: 'GET_OPERATIONS' } })).toEqual({
      type: 'GET_OPERATIONS',
      get_operations: {},
    });
  });

  test('with an id that are dropped are told of with the reason', async () => {
    await accept({ ...reserve(reserved('cpus', 100)), id: { value: 'op-2' } });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toEqual({
      operation_id: { value: 'op-2' },
      state: 'OPERATION_ERROR',
      message:
        'ports(allocated: dev):[31000-32000]; cpus(allocated: dev):2; mem(allocated: dev):1024; disk(allocated: dev):1024 does not contain cpus(allocated: dev):100',
    });
  });

  test('that never reached their agent are dropped when it registers again', async () => {
    await accept({ ...reserve(reserved('cpus', 0.1)), id: { value: 'op-3' } });
    await startFakeAgent(url, { agent_id: { value: agent.agentId }, resources: ownResources });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toMatchObject({
      operation_id: { value: 'op-3' },
      state: 'OPERATION_DROPPED',
    });
    await eventually(async () => (await next()).join() === whole.join());
  });
});

describe('what is reserved', () => {
  test('is offered to frameworks of its role alone, and the rest to all', async () => {
    await accept(dbReserved);
    // While it holds all, so that nothing is offered to it before it says so.
    const { id } = await framework.takeOffer();
    await framework.call('SUPPRESS', { suppress: { roles: ['dev'] } });
    await framework.call('DECLINE', { decline: { offer_ids: [id], filters: { refuse_seconds: 0 } } });
    const other = await subscribe(url, { ...info, roles: ['other'] });
    expect(show((await other.takeOffer()).resources)).toEqual(['cpus:1.5', 'disk:924', 'mem:960']);
    await framework.call('REVIVE', {});
    await eventually(async () => (await next()).join() === 'cpus:0.5 of dev,disk:100 of dev,mem:64 of dev');
  });

  test('is written in the old form to frameworks that know no other', async () => {
    await accept(dbReserved);
    await framework.call('TEARDOWN');
    const old = await subscribe(url, { role: 'dev', capabilities: [] });
    const { type: _, role, ...rest } = reservation;
    const cpus = (await old.takeOffer()).resources.filter(({ name }) => name === 'cpus');
    expect(cpus).toContainEqual({ ...scalar('cpus', 0.5), role, reservation: rest });
    expect(cpus).toContainEqual({ ...scalar('cpus', 1.5), role: '*' });
  });

  test('survives a failover: the agent brings it to the next master', async () => {
    const { url: other } = await startLeader();
    const checkpointed = [reserved('cpus', 0.5), volume('vol-1', 64)];
    await startFakeAgent(other, { resources: ownResources, checkpointed_resources: checkpointed });
    const offer = await (await subscribe(other, info)).takeOffer();
    expect(show(offer.resources)).toEqual([
      'cpus:0.5 of dev',
      'cpus:1.5',
      'disk:64 of dev vol-1',
      'disk:960',
      'mem:1024',
    ]);
  });

  test('statically is offered to frameworks of its role alone', async () => {
    const { url: other } = await startLeader();
    await startFakeAgent(other, { resources: [...ownResources, { ...scalar('mem', 512), role: 'dev' }] });
    const stranger = await subscribe(other, { ...info, roles: ['other'] });
    expect(show((await stranger.takeOffer()).resources)).toEqual(whole);
    const owner = await subscribe(other, info);
    expect(show((await owner.takeOffer()).resources)).toEqual(['mem:512 of dev']);
  });

  test('is shown in all views', async () => {
    await accept(dbReserved, create(volume('vol-1', 64)));
    const { type: _, role, ...rest } = reservation;
    const full = { ...reserved('cpus', 0.5), role, reservation: rest };
    const [shown] = (await fetchJson(`${url}/slaves`)).slaves;
    expect(shown).toMatchObject({
      resources: { cpus: 2, mem: 1024, disk: 1024 },
      reserved_resources: { dev: { cpus: 0.5, mem: 64, disk: 100 } },
      unreserved_resources: { cpus: 1.5, mem: 960, disk: 924 },
    });
    expect(shown.reserved_resources_full.dev).toHaveLength(4);
    expect(shown.reserved_resources_full.dev[0]).toEqual(full);
    expect(shown.unreserved_resources_full[0]).toEqual({ ...scalar('cpus', 1.5), role: '*' });
    const [v1] = (await fetchJson(`${url}/api/v1`, { body: { type: 'GET_AGENTS' } })).get_agents.agents;
    expect(show(v1.total_resources as readonly Loose[])).toEqual(withVolume);
    expect(v1.total_resources).toContainEqual(full);
    expect((await fetchJson(`${url}/roles`)).roles).toContainEqual(
      expect.objectContaining({ name: 'dev', reserved: { cpus: 0.5, disk: 100, mem: 64 } }),
    );
  });
});

describe('operations of an operator', () => {
  const op = { type: 'DYNAMIC', role: 'ops', principal: 'op' };
  const ofOps = (name: string, value: number) => ({ ...scalar(name, value), reservations: [op] });
  const opVolume = {
    ...ofOps('disk', 20),
    disk: { persistence: { id: 'vol-op', principal: 'op' }, volume: { mode: 'RW', container_path: 'data' } },
  };
  const at = () => `on agent ${agent.agentId} at slave(1)@127.0.0.1:`;

  test('reserve, make volumes and undo both, by calls', async () => {
    expect((await byApi('RESERVE_RESOURCES', { resources: [ofOps('cpus', 0.5), ofOps('disk', 50)] })).status).toBe(202);
    expect((await byApi('CREATE_VOLUMES', { volumes: [opVolume] })).status).toBe(202);
    await eventually(async () => (await next()).join() === 'cpus:1.5,disk:974,mem:1024');
    expect((await byApi('DESTROY_VOLUMES', { volumes: [opVolume] })).status).toBe(202);
    expect((await byApi('UNRESERVE_RESOURCES', { resources: [ofOps('cpus', 0.5), ofOps('disk', 50)] })).status).toBe(
      202,
    );
    await eventually(async () => (await next()).join() === whole.join());
  });

  test('rescind offers that have what they need', async () => {
    const offer = await framework.takeOffer();
    expect((await byApi('RESERVE_RESOURCES', { resources: [ofOps('cpus', 0.5)] })).status).toBe(202);
    expect((await framework.take('RESCIND')).rescind.offer_id).toEqual(offer.id);
  });

  test('are refused in the words of Mesos', async () => {
    const offer = await framework.takeOffer();
    await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters: { refuse_seconds: 1000 } } });
    const refusals: readonly (readonly [string, object, number, string | RegExp])[] = [
      [
        'RESERVE_RESOURCES',
        { resources: [ofOps('cpus', 100)] },
        409,
        'ports:[31000-32000]; cpus:2; mem:1024; disk:1024 does not contain cpus:100',
      ],
      [
        'RESERVE_RESOURCES',
        { agent_id: { value: 'nope' }, resources: [ofOps('cpus', 1)] },
        400,
        'No agent found with specified ID',
      ],
      [
        'RESERVE_RESOURCES',
        {},
        400,
        /Invalid RESERVE operation on agent .*: Invalid resources: The resources have multiple resource providers: $/,
      ],
      [
        'RESERVE_RESOURCES',
        { resources: [scalar('cpus', 0.1)] },
        400,
        /: Resource cpus:0.1 is not dynamically reserved$/,
      ],
      [
        'CREATE_VOLUMES',
        { volumes: [ofOps('disk', 20)] },
        400,
        /: Not a persistent volume: Resource disk\(reservations: \[\(DYNAMIC,ops,op\)\]\):20 does not have DiskInfo$/,
      ],
      ['DESTROY_VOLUMES', { volumes: [opVolume] }, 400, 'Invalid DESTROY operation: Persistent volumes not found'],
      [
        'UNRESERVE_RESOURCES',
        { resources: [ofOps('cpus', 9)] },
        409,
        /does not contain cpus\(reservations: \[\(DYNAMIC,ops,op\)\]\):9$/,
      ],
    ];
    for (const [type, fields, status, text] of refusals) {
      const answer = await byApi(type, fields);
      expect([answer.status, answer.body], type).toEqual([
        status,
        typeof text === 'string' ? text : expect.stringMatching(text),
      ]);
    }
    expect((await byApi('RESERVE_RESOURCES', {})).body).toContain(`Invalid RESERVE operation ${at()}`);
    expect((await fetchRaw(`${url}/api/v1`, { body: { type: 'CREATE_VOLUMES' } })).body).toBe(
      "Failed to validate master::Call: Expecting 'create_volumes' to be present",
    );
    expect(framework.events.filter(({ type }) => type === 'RESCIND')).toEqual([]);
  });

  test('of a volume that a task uses are refused', async () => {
    await byApi('RESERVE_RESOURCES', { resources: [reserved('disk', 20)] });
    await byApi('CREATE_VOLUMES', { volumes: [volume('vol-1', 20)] });
    let offer = await framework.takeOffer();
    if (!show(offer.resources).includes('disk:20 of dev vol-1')) offer = await framework.takeOffer();
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume('vol-1', 20, 'elsewhere')];
    const task = { name: 't', task_id: { value: 't' }, agent_id: offer.agent_id, resources, command: { value: 'x' } };
    await framework.launch([offer.id.value], [task]);
    await agent.take('RUN_TASK');
    expect(await byApi('DESTROY_VOLUMES', { volumes: [volume('vol-1', 20)] })).toMatchObject({
      status: 400,
      body: 'Invalid DESTROY operation: Persistent volumes in use',
    });
  });

  test('also come as forms', async () => {
    const post = (path: string, fields: Readonly<Record<string, string>>) =>
      fetchRaw(`${url}${path}`, {
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
    const slaveId = agent.agentId;
    const resources = JSON.stringify([ofOps('cpus', 0.5), ofOps('disk', 50)]);
    const volumes = JSON.stringify([opVolume]);
    expect((await post('/master/reserve', { slaveId, resources })).status).toBe(202);
    expect((await post('/create-volumes', { slaveId, volumes })).status).toBe(202);
    expect((await post('/master/destroy-volumes', { slaveId, volumes })).status).toBe(202);
    expect((await post('/unreserve', { slaveId, resources })).status).toBe(202);
    const missing = (name: string) => `Missing '${name}' query parameter in the request body`;
    expect(await post('/reserve', { resources: '[]' })).toMatchObject({ status: 400, body: missing('slaveId') });
    expect(await post('/reserve', { slaveId })).toMatchObject({ status: 400, body: missing('resources') });
    expect(await post('/reserve', { slaveId, resources: '{' })).toMatchObject({
      status: 400,
      body: "Error parsing 'resources' query parameter in the request body: syntax error at line 1 near: ",
    });
    expect((await fetchRaw(`${url}/master/reserve`)).status).toBe(405);
  });
});

describe('quota', () => {
  const limit = (cpus: number) =>
    fetchRaw(`${url}/api/v1`, {
      body: {
        type: 'UPDATE_QUOTA',
        update_quota: { quota_configs: [{ role: 'dev', limits: { cpus: { value: cpus } } }] },
      },
    });

  test('counts what is reserved as consumed, whether it is used or not', async () => {
    await accept(dbReserved);
    const refused = await limit(0.4);
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.body).toContain("Role 'dev' is already consuming 'cpus:0.5; disk:100; mem:64'");
    const { roles } = await fetchJson(`${url}/roles`);
    expect(roles).toMatchObject([{ name: 'dev', quota: { consumed: { cpus: 0.5, disk: 100, mem: 64 } } }]);
  });

  test('limits what is reserved for nobody, and what is reserved is offered with it', async () => {
    await accept(dbReserved);
    expect(await limit(0.75)).toMatchObject({ status: 200 });
    const limited = withDb.map((each) => (each === 'cpus:1.5' ? 'cpus:0.25' : each)).sort();
    await eventually(async () => JSON.stringify(await next()) === JSON.stringify(limited));
  });
});
