import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePod } from '../../../../engine/marathon/pods/pod-changes.ts';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import { takeDisk } from '../../../../engine/marathon/residency/take-disk.ts';
import { persistentVolumes } from '../../../../engine/marathon/residency/resident.ts';
import { poolOf } from '../../../../engine/marathon/scheduling/offer-pool.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { startCluster } from '../real-cluster.ts';
import { waitFor } from '../marathon-for-test.ts';
import { pluck, type Loose } from '../shapes/loose.ts';
import { container, statusOf } from './pod-for-test.ts';

/* docs/docs/persistent-volumes.md and multirole.md of Marathon. */

const volumes = [{ name: 'data', persistent: { size: 16, type: 'root' } }];
const launches = (mountPath: string) => ({
  exec: { command: { shell: `date >> ${mountPath}/launches.txt; sleep 1000` } },
  volumeMounts: [{ name: 'data', mountPath }],
});
const resident = (more: object = {}) => ({
  id: '/dev/bigbusiness',
  containers: [container('sleep1', launches('data'))],
  volumes,
  ...more,
});

type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** Waits for the pod to be stable, and all that was begun to be done. */
async function stable({ client }: Cluster): Promise<Loose> {
  await client.settled();
  let status: Loose;
  await waitFor(async () => {
    status = await statusOf(client, '/dev/bigbusiness');
    expect(status).toMatchObject({ status: 'STABLE' });
  });
  return status;
}

const running = (status: Loose): readonly Loose[] =>
  (status.instances as readonly Record<string, Loose>[]).filter((each) => each['status'] === 'STABLE');

/** How often a task was launched on the volume of an instance: it has a line for each. */
function launchesOn({ folder, agents }: Cluster, instance: Loose): number {
  const ordinal = agents.findIndex((_, index) => findVolume(folder, index + 1, instance) !== undefined) + 1;
  return (findVolume(folder, ordinal, instance) ?? '').split('\n').filter((line) => line !== '').length;
}

function findVolume(folder: string, ordinal: number, { localVolumes: [volume], role }: Loose): string | undefined {
  const roles = `${folder}/agent${ordinal}/volumes/roles/${role as string}`;
  try {
    return readFileSync(`${roles}/${volume.persistenceId as string}/launches.txt`, 'utf8');
  } catch {
    return undefined;
  }
}

const reservedBy = async ({ master }: Cluster): Promise<readonly string[]> => {
  const { slaves } = (await (await fetch(`${master.url}/slaves`)).json()) as { readonly slaves: readonly Loose[] };
  return slaves.flatMap((slave) => Object.keys(slave.reserved_resources_full as object));
};

test('a pod keeps its data when its instance is killed, upgraded, or scaled down and up', async () => {
  const cluster = await startCluster(31_750);
  const { client } = cluster;
  expect(await client.post('/v2/pods', resident())).toMatchObject({
    status: 201,
    body: {
      role: 'marathon',
      scheduling: {
        unreachableStrategy: 'disabled',
        upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      },
    },
  });
  const [first] = running(await stable(cluster));
  const [volume] = first.localVolumes;
  expect(volume).toEqual({
    runSpecId: '/dev/bigbusiness',
    containerPath: 'data',
    uuid: expect.stringMatching(/^[-0-9a-f]{36}$/),
    persistenceId: `dev_bigbusiness#data#${volume.uuid as string}`,
  });
  const again = async (launchCount: number) => {
    let instance: Loose;
    await waitFor(async () => {
      [instance] = running(await stable(cluster));
      expect(launchesOn(cluster, instance)).toBe(launchCount);
    });
    expect(instance).toMatchObject({ id: first.id, agentId: first.agentId, localVolumes: [volume] });
    expect(pluck(instance.containers, 'containerId')).toEqual([`${first.id as string}.sleep1.${launchCount}`]);
  };
  await again(1);
  await client.delete(`/v2/pods/dev/bigbusiness::instances/${first.id as string}`);
  await again(2);
  await client.put('/v2/pods/dev/bigbusiness', resident({ environment: { A: 'b' } }));
  await again(3);
  await client.put('/v2/pods/dev/bigbusiness', resident({ scaling: { kind: 'fixed', instances: 0 } }));
  await client.settled();
  await waitFor(async () => {
    const { instances } = await statusOf(client, '/dev/bigbusiness');
    expect(instances).toMatchObject([{ id: first.id, status: 'TERMINAL', localVolumes: [volume] }]);
  });
  await client.put('/v2/pods/dev/bigbusiness', resident());
  await again(4);
  await client.delete('/v2/pods/dev/bigbusiness');
  await waitFor(async () => {
    expect(await reservedBy(cluster)).toEqual([]);
  });
});

test('an instance that is wiped loses its data, and the pod gets another volume', async () => {
  const cluster = await startCluster(31_750);
  await cluster.client.post('/v2/pods', resident());
  const [first] = running(await stable(cluster));
  await cluster.client.delete(`/v2/pods/dev/bigbusiness::instances/${first.id as string}?wipe=true`);
  await waitFor(async () => {
    const instances = running(await statusOf(cluster.client, '/dev/bigbusiness'));
    expect(instances).toHaveLength(1);
    expect(instances[0].id).not.toBe(first.id);
    expect(instances[0].localVolumes).not.toEqual(first.localVolumes);
  });
});

test('instances keep the role that their resources are reserved for, and new ones have the new role', async () => {
  const cluster = await startCluster(31_750, { mesosRole: 'slave_public' });
  const { client } = cluster;
  await client.post('/v2/pods', resident());
  const [first] = running(await stable(cluster));
  expect(first.role).toBe('slave_public');
  const launched = (count: number) =>
    waitFor(() => {
      expect(launchesOn(cluster, first)).toBe(count);
    });
  await launched(1);
  const moved = resident({ role: 'dev', containers: [container('sleep1', launches('le-data'))] });
  const refused = await client.put('/v2/pods/dev/bigbusiness', moved);
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('retry your request with ?force=true')]);
  expect((await client.put('/v2/pods/dev/bigbusiness?force=true', moved)).status).toBe(200);
  const status = await stable(cluster);
  expect([status.spec.role, ...pluck(status.instances, 'role')]).toEqual(['dev', 'slave_public']);
  await launched(2);
  const more = { ...moved, scaling: { kind: 'fixed', instances: 2 } };
  expect((await client.put('/v2/pods/dev/bigbusiness?force=true', more)).status).toBe(200);
  expect(pluck((await stable(cluster)).instances, 'role').sort()).toEqual(['dev', 'slave_public']);
});

test('a pod has the disks that its volumes ask for', () => {
  const disk = (type: 'PATH' | 'MOUNT', root: string, value: number) => ({
    ...({ name: 'disk', type: 'SCALAR', scalar: { value }, role: '*' } as const),
    disk: { source: { type, [type.toLowerCase()]: { root } } },
  });
  const pool = poolOf({
    ...{ id: { value: 'O' }, framework_id: { value: 'F' }, agent_id: { value: 'S' }, hostname: 'h' },
    resources: [disk('PATH', '/p', 300), disk('MOUNT', '/ssd-1', 200), disk('MOUNT', '/ssd-2', 900)],
  });
  const taken = (persistent: Json) => {
    const [volume] = persistentVolumes(parsePod(resident({ volumes: [{ name: 'data', persistent }] })));
    if (volume === undefined) throw new Error('there is no volume');
    const { resource } = takeDisk(pool, volume, new Set(['*'])) ?? {};
    return [resource?.scalar?.value, resource?.disk?.source?.type];
  };
  expect(taken({ type: 'path', size: 150 })).toEqual([150, 'PATH']);
  expect(taken({ type: 'mount', size: 150, maxSize: 1000 })).toEqual([200, 'MOUNT']);
  expect(taken({ type: 'mount', size: 150, constraints: [['path', 'LIKE', '/ssd-2']] })).toEqual([900, 'MOUNT']);
  expect(taken({ type: 'mount', size: 500, maxSize: 800 })).toEqual([undefined, undefined]);
});

test.each<[object, string, string]>([
  [
    { scheduling: { unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 } } },
    ...(['/', 'unreachableStrategy must be disabled for pods with persistent volumes'] as const),
  ],
  [
    { scheduling: { upgrade: { minimumHealthCapacity: 1, maximumOverCapacity: 1 } } },
    ...(['/scheduling/upgrade/maximumOverCapacity', 'got 1, expected 0.0'] as const),
  ],
  [
    { scheduling: { placement: { acceptedResourceRoles: ['dev'] } }, role: 'dev' },
    ...(['/scheduling/placement/acceptedResourceRoles', 'A resident pod must have'] as const),
  ],
  [
    { containers: [container('a', launches('a/b'))] },
    ...(['/containers(0)/volumeMounts(0)/mountPath', 'value must not contain "/"'] as const),
  ],
  [
    { volumes: [{ name: 'data', persistent: { size: 1, constraints: [['path', 'LIKE', 'x']] } }] },
    ...(['/volumes(0)/persistent', 'Constraints on root volumes are not supported'] as const),
  ],
  [{ role: '*' }, '/role', 'got *, expected one of: [dev, marathon]'],
])('a pod that keeps data cannot be so: %j', (more, path, error) => {
  try {
    parsePod(resident(more));
    expect.unreachable();
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    expect(refusal.body.details).toContainEqual({ path, errors: [expect.stringContaining(error) as string] });
  }
});

test.each([
  [{ containers: [container('sleep1', { ...launches('data'), resources: { cpus: 0.2, mem: 32 } })] }, 'cpus cannot be'],
  [{ volumes: [{ name: 'data', persistent: { size: 17 } }] }, 'persistent volumes cannot be updated'],
  [
    { containers: [container('sleep1', { ...launches('data'), endpoints: [{ name: 'web', hostPort: 0 }] })] },
    'host ports cannot be',
  ],
])('a pod that keeps data cannot become so: %j', async (more, error) => {
  const { client } = await startCluster(31_750);
  await client.post('/v2/pods', resident());
  const { status, text } = await client.put('/v2/pods/dev/bigbusiness', resident(more));
  expect([status, text]).toEqual([422, expect.stringContaining(error)]);
});
