import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fixedLeader } from '../../engine/discovery/in-memory-discovery.ts';
import { pluck, type Loose } from '../engine/marathon/shapes/loose.ts';
import { MarathonClient, startTestMarathon } from '../engine/marathon/marathon-for-test.ts';
import { clusterForTests, givenUrl } from './cluster.ts';

/*
 * The Marathon of the engine on the cluster of the suite, or the one that CONFORMANCE_MARATHON_URL names, without
 * authentication. Sources: Marathon's docs/docs/pods.md and the RAML of its API (raml/public/api/v2/pods.raml).
 */

const marathonUrl = process.env['CONFORMANCE_MARATHON_URL']?.replace(/\/$/, '');
const isThere = marathonUrl !== undefined || givenUrl === undefined;
const cluster = clusterForTests();

const path = '/v2/pods/conformance/pod';
const waitFor = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 40_000, interval: 50 });

const pod = (more: object = {}) => ({
  ...{ id: '/conformance/pod', networks: [{ mode: 'host' }], scaling: { kind: 'fixed', instances: 1 } },
  containers: [
    {
      ...{ name: 'sleeper', exec: { command: { shell: 'sleep 1000' } }, resources: { cpus: 0.1, mem: 32 } },
      endpoints: [{ name: 'web', hostPort: 0, protocol: ['tcp'] }],
    },
  ],
  scheduling: { upgrade: { minimumHealthCapacity: 0, maximumOverCapacity: 0 }, backoff: { backoff: 0.1 } },
  ...more,
});

/** A Marathon whose pod goes with the test. */
async function startClient(): Promise<MarathonClient> {
  const url = async () => {
    const leader = { id: 'master', url: cluster().master, hostname: '127.0.0.1' };
    return marathonUrl ?? (await startTestMarathon({ masters: fixedLeader(leader) })).url;
  };
  const client = new MarathonClient(await url());
  onTestFinished(async () => {
    await client.delete('/v2/groups/conformance?force=true');
    await settled(client);
  });
  return client;
}

const settled = (client: MarathonClient) =>
  waitFor(async () => {
    const { body } = await client.get('/v2/deployments');
    const own = (body as readonly Loose[]).filter((each) => JSON.stringify(each).includes('/conformance'));
    expect(own).toEqual([]);
  });

const statusOf = async (client: MarathonClient): Promise<Loose> => (await client.get(`${path}::status`)).body;
const stable = (client: MarathonClient, instances: number) =>
  waitFor(async () => {
    const status = await statusOf(client);
    expect(status.status).toBe('STABLE');
    expect(pluck(status.instances, 'status')).toEqual(Array.from({ length: instances }, () => 'STABLE'));
  });

describe.skipIf(!isThere)('pods [Marathon: docs/docs/pods.md, raml/public/api/v2/pods.raml]', () => {
  test('are supported', async () => {
    const client = await startClient();
    const { status } = await fetch(`${client.url}/v2/pods`, { method: 'HEAD' });
    expect(status).toBe(200);
  });

  test('are created, run, are shown, and are deleted', async () => {
    const client = await startClient();
    const created = await client.post('/v2/pods', pod());
    expect(created).toMatchObject({ status: 201, body: { id: '/conformance/pod' } });
    expect(created.headers.get('marathon-deployment-id')).not.toBeNull();
    expect(created.headers.get('location')).toMatch(/\/v2\/pods\/conformance\/pod$/);
    await stable(client, 1);
    const { body: shown } = await client.get(path);
    expect(shown).toMatchObject({
      ...{ id: '/conformance/pod', scaling: { kind: 'fixed', instances: 1 }, networks: [{ mode: 'host' }] },
      containers: [{ name: 'sleeper', resources: { cpus: 0.1, mem: 32 } }],
    });
    expect(pluck((await client.get('/v2/pods')).body, 'id')).toContain('/conformance/pod');
    const { instances } = await statusOf(client);
    expect(instances[0]).toMatchObject({
      containers: [
        {
          ...{ name: 'sleeper', status: 'TASK_RUNNING' },
          endpoints: [{ name: 'web', allocatedHostPort: expect.any(Number) as number }],
        },
      ],
      specReference: `${path}::versions/${String(shown.version)}`,
    });
    const deleted = await client.delete(`${path}?force=true`);
    expect(deleted.status).toBe(202);
    expect(deleted.headers.get('marathon-deployment-id')).not.toBeNull();
    await settled(client);
    expect(await client.get(path)).toMatchObject({ status: 404 });
    expect(await client.get(`${path}::status`)).toMatchObject({ status: 404 });
  });

  test('are scaled with the instances that they have, and replaced when they change', async () => {
    const client = await startClient();
    await client.post('/v2/pods', pod());
    await stable(client, 1);
    const [first] = pluck((await statusOf(client)).instances, 'id');
    expect(await client.put(path, pod({ scaling: { kind: 'fixed', instances: 2 } }))).toMatchObject({ status: 200 });
    await settled(client);
    await stable(client, 2);
    expect(pluck((await statusOf(client)).instances, 'id')).toContain(first);
    expect(await client.put(path, pod({ environment: { NEW: 'x' } }))).toMatchObject({ status: 200 });
    await settled(client);
    await stable(client, 1);
    expect(pluck((await statusOf(client)).instances, 'id')).not.toContain(first);
    const { version } = (await client.get(path)).body;
    const { body: versions } = await client.get(`${path}::versions`);
    expect(versions).toContain(version);
    // Another Marathon may still know those of former tests.
    expect((versions as readonly string[]).length).toBeGreaterThanOrEqual(3);
    expect(await client.get(`${path}::versions/${String(version)}`)).toMatchObject({
      ...{ status: 200, body: { version, environment: { NEW: 'x' } } },
    });
  });

  test('have an instance replaced that is deleted', async () => {
    const client = await startClient();
    await client.post('/v2/pods', pod());
    await stable(client, 1);
    const [{ id }] = (await statusOf(client)).instances as [Loose];
    expect(await client.delete(`${path}::instances/${String(id)}`)).toMatchObject({ status: 200 });
    await waitFor(async () => {
      const status = await statusOf(client);
      expect(status.status).toBe('STABLE');
      expect(pluck(status.instances, 'id')).not.toContain(id);
      expect(status.instances).toHaveLength(1);
    });
  });

  test.each<[string, object]>([
    ['no containers', { containers: [] }],
    [
      'two containers of one name',
      { containers: ['a', 'a'].map((name) => ({ name, resources: { cpus: 0.1, mem: 32 } })) },
    ],
    ['a bad id', { id: '/conformance/UPPER CASE' }],
  ])('with %s are refused', async (_, fields) => {
    const client = await startClient();
    const { status, body } = await client.post('/v2/pods', pod(fields));
    expect(status).toBe(422);
    expect(body).toHaveProperty('message');
    expect((await client.get(path)).status).toBe(404);
  });

  test('have no id that there is already', async () => {
    const client = await startClient();
    await client.post('/v2/pods', pod());
    expect(await client.post('/v2/pods', pod())).toMatchObject({ status: 409 });
    const app = { id: '/conformance/pod', cmd: 'true', cpus: 0.1, mem: 32, instances: 0 };
    expect(await client.post('/v2/apps', app)).toMatchObject({ status: 422 });
    await stable(client, 1);
  });
});
