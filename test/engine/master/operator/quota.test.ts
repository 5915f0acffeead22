import { beforeEach, describe, expect, test } from 'vitest';
import type { Offer } from '../../../../protocol/mesos.ts';
import { commandTask, fetchJson, fetchRaw, scalar, subscribe, type Loose } from '../../scheduler-client.ts';
import { startFakeAgent } from '../fake-agent.ts';
import { eventually, hasRecovered, startLeader, startLeaderAndNext } from '../master-for-test.ts';

/* What a real master (1.12) answers. Each agent has 2 CPUs, 1024 MB of memory and 512 MB of disk. */

const resources = [scalar('cpus', 2), scalar('mem', 1024), scalar('disk', 512)];

let url: string;
let call: (type: string, fields?: unknown) => ReturnType<typeof fetchRaw>;
beforeEach(async () => {
  ({ url } = await startLeader());
  call = (type, fields) => fetchRaw(`${url}/api/v1`, { body: { type, [type.toLowerCase()]: fields } });
});

const read = async (type: string): Promise<Loose> =>
  (await fetchJson(`${url}/api/v1`, { body: { type } }))[type.toLowerCase()];
const done = { status: 200, body: '' };
const amounts = (given: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { value }]));
const setQuota = (role: string | undefined, guarantee: unknown, force?: boolean) =>
  call('SET_QUOTA', { quota_request: { role, guarantee, force } });
const config = (role: string, guarantees: object = {}, limits: object = {}) => ({
  role,
  guarantees: amounts(guarantees as Readonly<Record<string, number>>),
  limits: amounts(limits as Readonly<Record<string, number>>),
});
const updateQuota = (configs: readonly object[], force?: boolean) =>
  call('UPDATE_QUOTA', { quota_configs: configs, force });
const amountOf = (offers: readonly Offer[], name: string) =>
  offers
    .flatMap((offer) => offer.resources)
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar: each }) => sum + (each?.value ?? 0), 0);

describe('a quota', () => {
  test('is set, shown and removed', async () => {
    await startFakeAgent(url, { resources });
    await startFakeAgent(url, { resources });
    const guarantee = [scalar('cpus', 1), scalar('mem', 512)];
    expect(await setQuota('dev', guarantee)).toMatchObject(done);
    const status = {
      infos: [{ role: 'dev', guarantee }],
      configs: [config('dev', { cpus: 1, mem: 512 }, { cpus: 1, mem: 512 })],
    };
    expect(await read('GET_QUOTA')).toEqual({ status });
    expect(await fetchJson(`${url}/quota`)).toEqual(status);
    expect(await fetchJson(`${url}/master/quota`)).toEqual(status);
    const amountsOfDev = { cpus: 1, mem: 512 };
    expect(await fetchJson(`${url}/roles`)).toEqual({
      roles: [
        {
          ...{ name: 'dev', weight: 1, resources: {}, allocated: {}, offered: {}, reserved: {}, frameworks: [] },
          quota: { role: 'dev', guarantee: amountsOfDev, limit: amountsOfDev, consumed: {} },
        },
      ],
    });
    expect(await read('GET_ROLES')).toEqual({ roles: [{ name: 'dev', weight: 1 }] });
    expect(await call('REMOVE_QUOTA', { role: 'dev' })).toMatchObject(done);
    expect(await read('GET_QUOTA')).toEqual({ status: {} });
  });

  test.each([
    ['dev', [scalar('cpus', 1)], 400, "Cannot set quota for role 'dev' which already has quota"],
    [undefined, [scalar('cpus', 1)], 400, 'QuotaInfo with invalid role: Role names cannot be the empty string'],
    ['x', [], 400, "QuotaInfo with empty 'guarantee'"],
    [
      'x',
      [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } }],
      400,
      'QuotaInfo must not include non-scalar resources',
    ],
    ['x', [{ ...scalar('cpus', 1), role: 'x' }], 400, 'QuotaInfo must not contain any ReservationInfo'],
    ['x', [scalar('cpus', 1), scalar('cpus', 1)], 400, "QuotaInfo contains duplicate resource name 'cpus'"],
    [
      'bad role',
      [scalar('cpus', 1)],
      400,
      "QuotaInfo with invalid role: Role component 'bad role' is invalid because it contains backspace or whitespace",
    ],
    [
      'dev/child',
      [scalar('cpus', 5)],
      400,
      "Invalid quota configuration. Parent role 'dev' with guarantees (cpus:1; mem:512) does not contain the sum of its children's guarantees (cpus:5)",
    ],
    [
      'big',
      [scalar('cpus', 100)],
      409,
      "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total quota guarantees 'cpus:101; mem:512' exceed cluster capacity 'cpus:2; disk:512; mem:1024'",
    ],
  ])('of role %s with %j is refused', async (role, guarantee, status, why) => {
    await startFakeAgent(url, { resources });
    await setQuota('dev', [scalar('cpus', 1), scalar('mem', 512)]);
    const body = status === 409 ? why : `Failed to validate set quota request: ${why}`;
    expect(await setQuota(role, guarantee)).toMatchObject({ status, body });
    expect((await read('GET_QUOTA')).status.configs).toHaveLength(1);
  });

  test('that the cluster cannot give is set by force', async () => {
    expect(await setQuota('big', [scalar('cpus', 100)], true)).toMatchObject(done);
    expect(await updateQuota([config('big', { cpus: 200 })], true)).toMatchObject(done);
  });

  test('has limits of its own, and an empty one stays', async () => {
    await startFakeAgent(url, { resources });
    expect(await updateQuota([config('dev', { cpus: 1 }, { cpus: 1.5, mem: 256 })])).toMatchObject(done);
    expect(await read('GET_QUOTA')).toEqual({
      status: {
        infos: [{ role: 'dev', guarantee: [scalar('cpus', 1)] }],
        configs: [config('dev', { cpus: 1 }, { cpus: 1.5, mem: 256 })],
      },
    });
    expect(await updateQuota([{ role: 'dev' }])).toMatchObject(done);
    expect(await read('GET_QUOTA')).toEqual({ status: { infos: [{ role: 'dev' }], configs: [{ role: 'dev' }] } });
    expect(await updateQuota([])).toMatchObject(done);
    expect(await updateQuota([config('*', {}, { cpus: 1 })])).toMatchObject(done);
  });

  test.each([
    [
      config('dev', { cpus: 2 }, { cpus: 1 }),
      "Invalid QuotaConfig: 'QuotaConfig.guarantees' { cpus: 2 } is not contained within the 'QuotaConfig.limits' { cpus: 1 }",
    ],
    [
      config('big', { cpus: 100 }),
      "Invalid QuotaConfig: total quota guarantees 'cpus:100' exceed cluster capacity 'cpus:2; disk:512; mem:1024' (use 'force' flag to bypass this check)",
    ],
    [
      config('a', {}, { cpus: -1 }),
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': -1}: Negative values not supported",
    ],
    [{ role: '' }, "Invalid QuotaConfig: Invalid 'QuotaConfig.role': Role names cannot be the empty string"],
    [config('dev/c', { cpus: 9 }), "Updating quota on nested role 'dev/c' is not supported yet"],
    [
      { limits: amounts({ cpus: 2 }) },
      'Failed to convert JSON into Call protobuf: Missing required fields: update_quota.quota_configs[0].role',
    ],
  ])('%j is refused', async (given, body) => {
    await startFakeAgent(url, { resources });
    expect(await updateQuota([given])).toMatchObject({ status: 400, body });
    expect(await read('GET_QUOTA')).toEqual({ status: {} });
  });

  test('is set by the older endpoint, too', async () => {
    await startFakeAgent(url, { resources });
    const send = (method: string, path: string, body?: unknown) => fetchRaw(`${url}${path}`, { method, body });
    const quota = { role: 'new', guarantee: [scalar('cpus', 1)] };
    expect(await send('POST', '/quota', quota)).toMatchObject(done);
    const failed = (why: string) => ({ status: 400, body: `Failed to ${why}` });
    expect(await send('POST', '/quota', quota)).toMatchObject(
      failed("validate set quota request: Cannot set quota for role 'new' which already has quota"),
    );
    expect(await send('POST', '/quota', 'nonsense')).toMatchObject(
      failed("parse set quota request JSON 'nonsense': syntax error at line 1 near: onsense"),
    );
    expect(await send('POST', '/quota', {})).toMatchObject(
      failed('validate set quota request: QuotaInfo with invalid role: Role names cannot be the empty string'),
    );
    expect(await send('DELETE', '/quota/new')).toMatchObject(done);
    expect(await send('DELETE', '/quota')).toMatchObject(
      failed("parse remove quota request for path '/master/quota': expected 3 tokens, found 2 tokens"),
    );
  });
});

describe('offers', () => {
  test('never exceed a limit, over all agents and frameworks of a role', async () => {
    for (let count = 0; count < 3; count += 1) await startFakeAgent(url, { resources });
    await updateQuota([config('dev', {}, { cpus: 3 })]);
    const capabilities = [{ type: 'MULTI_ROLE' }];
    const frameworks = [
      await subscribe(url, { capabilities, roles: ['dev'] }),
      await subscribe(url, { capabilities, roles: ['dev/inner'] }),
    ];
    const offered = () =>
      frameworks.reduce((sum, { events }) => {
        const rescinded = new Set(
          events.flatMap(({ rescind }) => (rescind?.offer_id.value as string | undefined) ?? []),
        );
        const offers = events.flatMap((event) => (event.offers?.offers ?? []) as readonly Offer[]);
        return (
          sum +
          amountOf(
            offers.filter(({ id }) => !rescinded.has(id.value)),
            'cpus',
          )
        );
      }, 0);
    await eventually(() => offered() === 3);
    const other = await subscribe(url, { role: 'other' });
    const rest = [...(await other.takeOffers())];
    while (amountOf(rest, 'cpus') < 3) rest.push(...(await other.takeOffers()));
    expect(amountOf(rest, 'cpus')).toBe(3);
    expect(offered()).toBe(3);
    expect(await fetchJson(`${url}/metrics/snapshot`)).toMatchObject({
      'allocator/mesos/quota/roles/dev/resources/cpus/limit': 3,
    });
  });

  test('come again as soon as a limit allows it', async () => {
    const agents = [await startFakeAgent(url, { resources }), await startFakeAgent(url, { resources })];
    await updateQuota([config('dev', {}, { cpus: 1, mem: 512, disk: 0 })]);
    const framework = await subscribe(url, { role: 'dev' });
    const [offer] = await framework.takeOffers();
    expect(amountOf([offer as Offer], 'cpus')).toBe(1);
    const agentId = offer?.agent_id ?? { value: '' };
    const task = commandTask('t1', agentId.value, { resources: [scalar('cpus', 1), scalar('mem', 512)] });
    await framework.launch([offer?.id.value ?? ''], [task]);
    expect((await fetchJson(`${url}/roles`)).roles[0].quota.consumed).toEqual({ cpus: 1, mem: 512 });
    const refusal = `Role 'dev' is already consuming 'cpus:1; mem:512'; this is more than the requested limits 'cpus:0.5'`;
    expect((await updateQuota([config('dev', {}, { cpus: 0.5 })])).body).toContain(refusal);
    await agents.find((each) => each.agentId === agentId.value)?.report(framework.frameworkId, 't1', 'TASK_FINISHED');
    expect(amountOf(await framework.takeOffers(), 'cpus')).toBe(1);
  });

  test('leave what another role is guaranteed, and that role gets it first', async () => {
    for (let count = 0; count < 2; count += 1) await startFakeAgent(url, { resources });
    await updateQuota([config('owed', { cpus: 3, mem: 1536 })]);
    const greedy = await subscribe(url, { role: 'greedy' });
    const taken = [...(await greedy.takeOffers())];
    await eventually(async () => (await fetchJson(`${url}/state`)).frameworks[0].offered_resources.cpus === 1);
    expect(amountOf(taken, 'cpus')).toBe(1);
    const owed = await subscribe(url, { role: 'owed' });
    const got = [...(await owed.takeOffers())];
    while (amountOf(got, 'cpus') < 3) got.push(...(await owed.takeOffers()));
    expect(amountOf(got, 'cpus')).toBe(3);
    expect(amountOf(got, 'mem')).toBe(1536);
  });

  test('have what a role is guaranteed, also where more is guaranteed than there is', async () => {
    await updateQuota([config('one', { cpus: 2 }), config('other', { cpus: 2 })], true);
    const one = await subscribe(url, { role: 'one' });
    const other = await subscribe(url, { role: 'other' });
    await startFakeAgent(url, { resources });
    expect(amountOf(await Promise.race([one.takeOffers(), other.takeOffers()]), 'cpus')).toBe(2);
  });

  test('of an agent that has nothing of what a role is owed go to whose share is least', async () => {
    await updateQuota([config('owed', { gpus: 1 })], true);
    const owed = await subscribe(url, { role: 'owed' });
    await startFakeAgent(url, { resources });
    await owed.takeOffers();
    const fair = await subscribe(url, { role: 'fair' });
    const { agentId } = await startFakeAgent(url, { resources });
    const [offer] = await Promise.race([owed.takeOffers(), fair.takeOffers()]);
    expect(offer).toMatchObject({ agent_id: { value: agentId }, framework_id: { value: fair.frameworkId } });
  });

  test('go to the role whose share is least for its weight', async () => {
    const capabilities = [{ type: 'MULTI_ROLE' }];
    expect(await call('UPDATE_WEIGHTS', { weight_infos: [{ role: 'heavy', weight: 3 }] })).toMatchObject(done);
    const light = await subscribe(url, { capabilities, roles: ['light'] });
    const heavy = await subscribe(url, { capabilities, roles: ['heavy'] });
    for (let count = 0; count < 8; count += 1) await startFakeAgent(url, { resources });
    const count = (events: readonly Loose[]) =>
      events.flatMap((event) => (event.offers?.offers ?? []) as unknown[]).length;
    await eventually(() => count(light.events) + count(heavy.events) === 8);
    expect([count(light.events), count(heavy.events)]).toEqual([2, 6]);
  });
});

describe('weights', () => {
  test('are set and shown', async () => {
    const weight_infos = [
      { role: 'dev', weight: 2.5 },
      { role: 'ops', weight: 1 },
    ];
    expect(await read('GET_WEIGHTS')).toEqual({});
    expect(await fetchJson(`${url}/weights`)).toEqual([]);
    expect(await call('UPDATE_WEIGHTS', { weight_infos })).toMatchObject(done);
    expect(await read('GET_WEIGHTS')).toEqual({ weight_infos });
    expect(await fetchJson(`${url}/weights`)).toEqual(weight_infos);
    expect((await fetchJson(`${url}/roles`)).roles).toMatchObject([
      { name: 'dev', weight: 2.5 },
      { name: 'ops', weight: 1 },
    ]);
    const put = (body: unknown) => fetchRaw(`${url}/weights`, { method: 'PUT', body });
    expect(await put([{ role: 'dev', weight: 4 }])).toMatchObject(done);
    expect((await fetchJson(`${url}/weights`))[0]).toEqual({ role: 'dev', weight: 4 });
    expect(await put('x')).toMatchObject({
      status: 400,
      body: "Failed to parse update weights request JSON 'x': syntax error at line 1 near: x",
    });
  });

  test.each([
    [{ role: 'dev', weight: 0 }, " for role 'dev': Invalid weight '0': Weights must be positive"],
    [{ role: 'dev', weight: -1 }, " for role 'dev': Invalid weight '-1': Weights must be positive"],
    [{ weight: 1 }, ": Invalid role '': Role names cannot be the empty string"],
    [
      { role: 'bad role', weight: 1 },
      ": Invalid role 'bad role': Role component 'bad role' is invalid because it contains backspace or whitespace",
    ],
  ])('%j are refused', async (info, why) => {
    expect(await call('UPDATE_WEIGHTS', { weight_infos: [info] })).toMatchObject({
      status: 400,
      body: `Failed to validate update weights request JSON${why}`,
    });
  });
});

test.each(['SET_QUOTA', 'REMOVE_QUOTA', 'UPDATE_QUOTA', 'UPDATE_WEIGHTS', 'LIST_FILES', 'READ_FILE'])(
  '%s needs its field',
  async (type) => {
    const body = `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`;
    expect(await call(type)).toMatchObject({ status: 400, body });
  },
);

test('a master has no files to list and to read', async () => {
  expect(await call('LIST_FILES', { path: '/master/log' })).toMatchObject({ status: 404, body: '' });
  expect(await call('READ_FILE', { path: '/master/log', offset: 0 })).toMatchObject({ status: 404, body: '' });
});

test('quota and weights are kept by the next leader', async () => {
  const [first, second] = await startLeaderAndNext();
  ({ url } = first);
  await updateQuota([config('dev', {}, { cpus: 1 })]);
  await call('UPDATE_WEIGHTS', { weight_infos: [{ role: 'dev', weight: 2 }] });
  await first.stop();
  ({ url } = second);
  await hasRecovered(url);
  expect((await read('GET_QUOTA')).status.configs).toEqual([{ role: 'dev', limits: amounts({ cpus: 1 }) }]);
  expect(await read('GET_WEIGHTS')).toEqual({ weight_infos: [{ role: 'dev', weight: 2 }] });
});
