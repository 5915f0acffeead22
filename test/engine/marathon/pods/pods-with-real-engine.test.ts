import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pluck } from '../shapes/loose.ts';
import { waitFor } from '../marathon-for-test.ts';
import { startCluster } from '../real-cluster.ts';
import { documentedPods } from './documented-pods.ts';
import { container, pod, statusOf } from './pod-for-test.ts';

test('documented pods run on the master and agents of the engine', async () => {
  const { client } = await startCluster(31_700);
  for (const { definition, refused } of documentedPods.filter((each) => each.refused.length === 0)) {
    expect(refused).toEqual([]);
    expect((await client.post('/v2/pods', definition)).status).toBe(201);
    await client.settled();
    const status = await statusOf(client, definition.id);
    expect(status.status).toBe('STABLE');
    for (const instance of status.instances) {
      expect(new Set(pluck(instance.containers, 'status'))).toEqual(new Set(['TASK_RUNNING']));
    }
    expect((await client.delete(`/v2/pods${definition.id}`)).status).toBe(202);
    await client.settled();
  }
});

test('containers share a volume, know their endpoints, and are looked after', async () => {
  const { client, folder } = await startCluster(31_700);
  const shared = (mountPath: string) => ({ volumeMounts: [{ name: 'v', mountPath }] });
  await client.post('/v2/pods', {
    ...{ id: 'shop', networks: [{ mode: 'host' }], volumes: [{ name: 'v' }] },
    containers: [
      container('web', {
        exec: {
          command: {
            shell: `echo "$EP_HOST_WEB" > out/port; exec python3 -m http.server "$EP_HOST_WEB" --bind 127.0.0.1`,
          },
        },
        endpoints: [{ name: 'web', hostPort: 0 }],
        healthCheck: { http: { endpoint: 'web', path: '/' }, delaySeconds: 0, intervalSeconds: 3, timeoutSeconds: 2 },
        ...shared('out'),
      }),
      container('reader', {
        exec: { command: { shell: 'until cp in/port in/copy; do sleep 0.1; done; exec sleep 1000' } },
        healthCheck: {
          exec: { command: { shell: 'test -s in/copy' } },
          delaySeconds: 0,
          intervalSeconds: 3,
          timeoutSeconds: 2,
        },
        ...shared('in'),
      }),
    ],
  });
  await client.settled();
  const status = await statusOf(client, '/shop');
  expect(status).toMatchObject({ status: 'STABLE', instances: [{ status: 'STABLE' }] });
  const [{ containers }] = status.instances;
  const [{ allocatedHostPort: port, healthy }] = containers[0].endpoints;
  expect(healthy).toBe(true);
  expect((await fetch(`http://127.0.0.1:${port as number}/`)).status).toBe(200);
  const copy = readdirSync(folder, { recursive: true }).find((path) => String(path).endsWith('volumes/v/copy'));
  expect(readFileSync(join(folder, String(copy)), 'utf8')).toBe(`${port as number}\n`);
});

test('pods are scaled, replaced, and killed', async () => {
  const { client } = await startCluster(31_700);
  const definition = (more: object = {}) => pod({ ...more, scheduling: { backoff: { backoff: 0.1 } } });
  await client.post('/v2/pods', definition());
  await client.settled();
  await client.put('/v2/pods/pod', definition({ scaling: { kind: 'fixed', instances: 3 } }));
  await client.settled();
  expect((await statusOf(client, '/pod')).instances).toHaveLength(3);
  await client.put('/v2/pods/pod', definition({ environment: { NEW: 'x' } }));
  await client.settled();
  const [{ id }] = (await statusOf(client, '/pod')).instances;
  await client.delete(`/v2/pods/pod::instances/${id as string}`);
  await waitFor(async () => {
    const status = await statusOf(client, '/pod');
    expect(status).toMatchObject({ status: 'STABLE', instances: [{ status: 'STABLE' }] });
    expect(status.instances[0].id).not.toBe(id);
  });
  await client.delete('/v2/pods/pod');
  await client.settled();
  expect((await client.get('/v2/pods')).body).toEqual([]);
});

test('a pod comes up again after one of its containers has failed', async () => {
  const { client, folder } = await startCluster(31_700);
  const mark = join(folder, 'mark');
  const shell = `test -e ${mark} || { touch ${mark}; exit 5; }; exec sleep 1000`;
  await client.post('/v2/pods', {
    ...pod({ containers: [container('a', { exec: { command: { shell } } }), container('b')] }),
    scheduling: { backoff: { backoff: 0.1 } },
  });
  await waitFor(async () => {
    expect(await statusOf(client, '/pod')).toMatchObject({
      ...{ status: 'STABLE', instances: [{ status: 'STABLE' }] },
      terminationHistory: [
        { message: 'Command exited with status 5', containers: [{ lastKnownState: 'TASK_FAILED' }] },
      ],
    });
  });
});

test('pods go on when another master is elected', async () => {
  const { client, master, startNamedMaster } = await startCluster(31_700);
  await client.post('/v2/pods', pod());
  await client.settled();
  const before = (await statusOf(client, '/pod')).instances;
  const next = await startNamedMaster();
  onTestFinished(() => next.stop());
  await master.stop();
  // Only a Marathon and agents that are registered with the next one can do this.
  await client.put('/v2/pods/pod', pod({ scaling: { kind: 'fixed', instances: 2 } }));
  await client.settled();
  const after = await statusOf(client, '/pod');
  expect(after.status).toBe('STABLE');
  expect(pluck(after.instances, 'id')).toContain(before[0].id);
});
