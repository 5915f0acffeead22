import { afterEach, describe, expect, test } from 'vitest';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import { fetchJson, fetchRaw, scalar, subscribe, type Loose } from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { callInProtobuf } from './in-protobuf.ts';
import { operatorCalls } from './operator-calls.ts';

const cluster = clusterForTests();
const { post, answer } = operatorCalls(() => cluster().master);

const role = 'conformance';
const done = { status: 200, body: '' };
const refused = (status: number, body: unknown) => ({ status, body });
const setQuota = (request: object) => post({ type: 'SET_QUOTA', set_quota: { quota_request: request } });
const updateQuota = (...configs: readonly object[]) =>
  post({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: configs } });
const ofRole = (list: unknown, name = role) => listOf(list ?? []).find((each) => each['role'] === name);
const quota = async (): Promise<Loose> => (await answer('GET_QUOTA')).get_quota.status;

afterEach(async () => {
  // Not by REMOVE_QUOTA, which makes a real master abort when there is none.
  await fetchRaw(`${cluster().master}/quota/${role}`, { method: 'DELETE' });
});

describe('quota [docs/quota.md; recorded: operator-writes]', () => {
  const guarantee = [scalar('cpus', 0.1), scalar('mem', 32)];
  const amounts = { cpus: { value: 0.1 }, mem: { value: 32 } };

  test('is set, shown and removed', async () => {
    expect(await setQuota({ role, guarantee })).toMatchObject(done);
    const shown = { infos: { role, guarantee }, configs: { role, guarantees: amounts, limits: amounts } };
    for (const status of [await quota(), await fetchJson(`${cluster().master}/quota`)] as readonly Loose[]) {
      expect(ofRole(status.infos)).toEqual(shown.infos);
      expect(ofRole(status.configs)).toEqual(shown.configs);
    }
    const { roles } = await fetchJson(`${cluster().master}/roles`);
    expect(listOf(roles).find(({ name }) => name === role)).toMatchObject({
      quota: { role, guarantee: { cpus: 0.1, mem: 32 }, limit: { cpus: 0.1, mem: 32 }, consumed: {} },
    });
    expect(await setQuota({ role, guarantee })).toMatchObject(
      refused(400, `Failed to validate set quota request: Cannot set quota for role '${role}' which already has quota`),
    );
    expect(await post({ type: 'REMOVE_QUOTA', remove_quota: { role } })).toMatchObject(done);
    expect(ofRole((await quota()).configs)).toBeUndefined();
  });

  test('has guarantees and limits of its own', async () => {
    const limits = { cpus: { value: 1.5 }, mem: { value: 256 } };
    expect(await updateQuota({ role, guarantees: { cpus: { value: 0.1 } }, limits })).toMatchObject(done);
    const status = await quota();
    expect(ofRole(status.infos)).toEqual({ role, guarantee: [scalar('cpus', 0.1)] });
    expect(ofRole(status.configs)).toEqual({ role, guarantees: { cpus: { value: 0.1 } }, limits });
    expect(await updateQuota({ role })).toMatchObject(done);
    expect(ofRole((await quota()).configs)).toEqual({ role });
    const again = `Cannot set quota for role '${role}' which already has quota`;
    expect((await setQuota({ role, guarantee })).body).toBe(`Failed to validate set quota request: ${again}`);
  });

  test('limits what is offered to a role [docs/quota.md]', async () => {
    expect(await updateQuota({ role, limits: { cpus: { value: 0.5 }, mem: { value: 64 } } })).toMatchObject(done);
    const framework = await subscribe(cluster().master, { name: 'conformance', role });
    const offered = (await framework.takeOffers()).flatMap(({ resources }) => resources);
    const sum = (name: string) =>
      offered.filter((each) => each.name === name).reduce((total, each) => total + (each.scalar?.value ?? 0), 0);
    await framework.call('TEARDOWN');
    framework.close();
    expect(sum('cpus')).toBeGreaterThan(0);
    expect(sum('cpus')).toBeLessThanOrEqual(0.5);
    expect(sum('mem')).toBeLessThanOrEqual(64);
  });

  const invalid = (why: string) => `Failed to validate set quota request: ${why}`;
  test.each<[object, number, unknown]>([
    [{ guarantee }, 400, invalid('QuotaInfo with invalid role: Role names cannot be the empty string')],
    [{ role }, 400, invalid("QuotaInfo with empty 'guarantee'")],
    [
      { role, guarantee: [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } }] },
      400,
      invalid('QuotaInfo must not include non-scalar resources'),
    ],
    [
      { role, guarantee: [{ ...scalar('cpus', 1), role: 'x' }] },
      400,
      invalid('QuotaInfo must not contain any ReservationInfo'),
    ],
    [
      { role, guarantee: [scalar('cpus', 1), scalar('cpus', 1)] },
      400,
      invalid("QuotaInfo contains duplicate resource name 'cpus'"),
    ],
    [
      { role: 'bad role', guarantee },
      400,
      invalid(
        "QuotaInfo with invalid role: Role component 'bad role' is invalid because it contains backspace or whitespace",
      ),
    ],
    [
      { role, guarantee: [scalar('cpus', 1e6)] },
      409,
      expect.stringMatching(
        /^Quota guarantees overcommit the cluster \(use 'force' to bypass this check\): Total quota guarantees '.+' exceed cluster capacity '.+'$/,
      ),
    ],
  ])('SET_QUOTA with %j is refused', async (request, status, text) => {
    expect(await setQuota(request)).toMatchObject(refused(status, text));
  });

  test.each<[object, unknown]>([
    [
      { role, guarantees: { cpus: { value: 0.2 } }, limits: { cpus: { value: 0.1 } } },
      "Invalid QuotaConfig: 'QuotaConfig.guarantees' { cpus: 0.2 } is not contained within the 'QuotaConfig.limits' { cpus: 0.1 }",
    ],
    [
      { role, guarantees: { cpus: { value: 1e6 } } },
      expect.stringMatching(
        /^Invalid QuotaConfig: total quota guarantees '.+' exceed cluster capacity '.+' \(use 'force'/,
      ),
    ],
    [
      { role, limits: { cpus: { value: -1 } } },
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': -1}: Negative values not supported",
    ],
    [{ role: '' }, "Invalid QuotaConfig: Invalid 'QuotaConfig.role': Role names cannot be the empty string"],
    [
      { limits: { cpus: { value: 2 } } },
      'Failed to convert JSON into Call protobuf: Missing required fields: update_quota.quota_configs[0].role',
    ],
  ])('UPDATE_QUOTA with %j is refused', async (config, text) => {
    expect(await updateQuota(config)).toMatchObject(refused(400, text));
  });

  test('is set and removed by the older endpoint, too', async () => {
    const send = (method: string, path: string, body?: unknown) =>
      fetchRaw(`${cluster().master}${path}`, { method, ...(body !== undefined && { body }) });
    expect(await send('POST', '/quota', { role, guarantee })).toMatchObject(done);
    expect(ofRole((await quota()).configs)).toMatchObject({ role });
    expect(await send('DELETE', `/quota/${role}`)).toMatchObject(done);
    expect(ofRole((await quota()).configs)).toBeUndefined();
    expect((await send('DELETE', '/quota')).status).toBe(400);
    expect(await send('DELETE', `/quota/${role}`)).toMatchObject({
      status: 400,
      body: `Failed to remove quota for path '/master/quota/${role}': Role '${role}' has no quota set`,
    });
    expect(await send('PUT', '/quota', { role })).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'GET', 'POST', 'DELETE' }, but received 'PUT'.",
    });
  });

  test('in protobuf is the same [docs/operator-http-api.md]', async () => {
    const config = { role, guarantees: { cpus: { value: 0.1 } }, limits: { cpus: { value: 1 } } };
    const update = { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [config] } };
    expect(await callInProtobuf(cluster().master, 'master', update)).toMatchObject({ status: 200, text: '' });
    expect(ofRole((await quota()).configs)).toEqual(config);
    const { message } = await callInProtobuf(cluster().master, 'master', { type: 'GET_QUOTA' });
    expect(ofRole((message as Loose).get_quota.status.configs)).toEqual(config);
  });
});

describe('weights [docs/weights.md; recorded: operator-writes]', () => {
  const update = (...infos: readonly object[]) =>
    post({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: infos } });
  const weights = async () => (await answer('GET_WEIGHTS')).get_weights.weight_infos as unknown;
  afterEach(async () => {
    await update({ role, weight: 1 });
  });

  test('are set and shown, by the older endpoint, too', async () => {
    expect(await update({ role, weight: 2.5 })).toMatchObject(done);
    expect(ofRole(await weights())).toEqual({ role, weight: 2.5 });
    const url = `${cluster().master}/weights`;
    expect(ofRole(await fetchJson(url))).toEqual({ role, weight: 2.5 });
    expect(await fetchRaw(url, { method: 'PUT', body: [{ role, weight: 4 }] })).toMatchObject(done);
    expect(ofRole(await weights())).toEqual({ role, weight: 4 });
    const { roles } = await fetchJson(`${cluster().master}/roles`);
    expect(listOf(roles).find(({ name }) => name === role)).toMatchObject({ weight: 4 });
    expect(await fetchRaw(url, { body: [] })).toMatchObject({ status: 405 });
    expect(await update()).toMatchObject(done);
  });

  const invalid = (why: string) => `Failed to validate update weights request JSON${why}`;
  test.each<[object, string]>([
    [{ role, weight: 0 }, invalid(` for role '${role}': Invalid weight '0': Weights must be positive`)],
    [{ role, weight: -1 }, invalid(` for role '${role}': Invalid weight '-1': Weights must be positive`)],
    [{ weight: 1 }, invalid(": Invalid role '': Role names cannot be the empty string")],
    [
      { role: 'bad role', weight: 1 },
      invalid(
        ": Invalid role 'bad role': Role component 'bad role' is invalid because it contains backspace or whitespace",
      ),
    ],
  ])('%j is refused', async (info, text) => {
    expect(await update(info)).toMatchObject(refused(400, text));
  });

  test('in protobuf are the same [docs/operator-http-api.md]', async () => {
    const call = { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role, weight: 3 }] } };
    expect(await callInProtobuf(cluster().master, 'master', call)).toMatchObject({ status: 200, text: '' });
    const { message } = await callInProtobuf(cluster().master, 'master', { type: 'GET_WEIGHTS' });
    expect(ofRole((message as Loose).get_weights.weight_infos)).toEqual({ role, weight: 3 });
  });
});

test.each(['SET_QUOTA', 'REMOVE_QUOTA', 'UPDATE_QUOTA', 'UPDATE_WEIGHTS'])(
  '%s without its message is refused [recorded: operator-writes]',
  async (type) => {
    const body = `Failed to validate master::Call: Expecting '${type.toLowerCase()}' to be present`;
    expect(await post({ type })).toMatchObject(refused(400, body));
  },
);
