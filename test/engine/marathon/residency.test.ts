import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { fetchJson, scalar } from '../scheduler-client.ts';
import { startLeader } from '../master/master-for-test.ts';
import { pluck, type Loose } from './shapes/loose.ts';
import { startTestMarathon, waitFor } from './marathon-for-test.ts';

const quiet = { log: () => undefined };

async function startCluster(resources = 'cpus:2;mem:512;disk:1000;ports:[31500-31599]') {
  const masters = inMemoryDiscovery();
  const master = await startLeader({ discovery: masters });
  const folder = mkdtempSync(join(tmpdir(), 'residency-test-'));
  const options = {
    host: '127.0.0.1',
    port: 0,
    hostname: '127.0.0.1',
    masters,
    attributes: '',
    version: '1.12.0',
    dockerTasks: 'simulated',
    registrationBackoffMs: 20,
  } as const;
  const world = { ...quiet, processes: nodeProcesses, sandboxes: nodeSandboxes };
  const agents = await Promise.all(
    [1, 2].map((ordinal) => startAgent({ ...options, resources, workDir: join(folder, `agent${ordinal}`) }, world)),
  );
  onTestFinished(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    rmSync(folder, { recursive: true, force: true });
  });
  const reserved = async (): Promise<readonly Loose[]> => {
    const { slaves } = (await fetchJson(`${master.url}/slaves`)) as { readonly slaves: readonly Loose[] };
    const lists = slaves.map((slave) => (slave.reserved_resources_full.marathon ?? []) as readonly unknown[]);
    return lists.flat() as readonly Loose[];
  };
  return { master, reserved, ...(await startTestMarathon({ masters, hostname: '127.0.0.1' })) };
}

const volume = { containerPath: 'data', mode: 'RW', persistent: { size: 10 } };
const app = {
  id: 'db',
  cmd: 'echo x >> data/starts; cat data/starts; sleep 1000',
  cpus: 0.1,
  mem: 32,
  instances: 1,
  container: { type: 'MESOS', volumes: [volume] },
  backoffSeconds: 0,
};

type Cluster = Awaited<ReturnType<typeof startCluster>>;
const tasksOf = async ({ client }: Cluster): Promise<readonly Loose[]> =>
  (await client.get('/v2/apps/db/tasks')).body.tasks as readonly Loose[];

/** Deploys the app. @returns its task */
async function deployed(cluster: Cluster, more: object = {}): Promise<Loose> {
  expect(await cluster.client.post('/v2/apps', { ...app, ...more })).toMatchObject({ status: 201 });
  await cluster.client.settled();
  return (await tasksOf(cluster))[0];
}

/** Waits for a task that is another one than before. */
async function restarted(cluster: Cluster, before: Loose): Promise<Loose> {
  let task: Loose;
  await waitFor(async () => {
    task = (await tasksOf(cluster))[0];
    expect(task).toMatchObject({ state: 'TASK_RUNNING' });
    expect(task.id).not.toBe(before.id);
  });
  return task;
}

describe('an app with a persistent volume', () => {
  test('has resources reserved for it, with its labels, and shows its volume', async () => {
    const cluster = await startCluster();
    const task = await deployed(cluster);
    const id = String(task.id).replace(/\._app\.1$/, '');
    expect(task).toMatchObject({ state: 'TASK_RUNNING', role: 'marathon' });
    expect(task.localVolumes).toEqual([
      {
        ...{ runSpecId: '/db', containerPath: 'data', uuid: expect.stringMatching(/^[-0-9a-f]{36}$/) as string },
        persistenceId: `db#data#${task.localVolumes[0].uuid as string}`,
      },
    ]);
    const reserved = await cluster.reserved();
    const disk = reserved.find((each) => each.disk !== undefined);
    expect(disk).toMatchObject({
      scalar: { value: 10 },
      disk: { persistence: { id: task.localVolumes[0].persistenceId } },
    });
    expect(pluck(disk.reservation.labels.labels, 'key')).toEqual(['marathon_framework_id', 'marathon_task_id']);
    expect(disk.reservation.labels.labels[1].value).toBe(id);
    expect(new Set(pluck(reserved, 'name'))).toEqual(new Set(['cpus', 'mem', 'disk', 'ports']));
    expect(await cluster.client.app('/db')).toMatchObject({
      unreachableStrategy: 'disabled',
      upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      role: 'marathon',
    });
  });

  test('is started again on its agent, with its data, when its task is killed', async () => {
    const cluster = await startCluster();
    const before = await deployed(cluster);
    await cluster.client.delete(`/v2/apps/db/tasks/${before.id}`);
    const after = await restarted(cluster, before);
    expect(after).toMatchObject({ slaveId: before.slaveId, localVolumes: before.localVolumes });
    expect(after.id).toBe(String(before.id).replace(/1$/, '2'));
  });

  test('gets another volume when its task is wiped', async () => {
    const cluster = await startCluster();
    const before = await deployed(cluster);
    await cluster.client.delete(`/v2/apps/db/tasks/${before.id}?wipe=true`);
    const after = await restarted(cluster, before);
    expect(after.localVolumes).not.toEqual(before.localVolumes);
    await waitFor(async () => {
      const volumes = (await cluster.reserved()).filter((each) => each.disk !== undefined);
      expect(pluck(pluck(pluck(volumes, 'disk'), 'persistence'), 'id')).toEqual([after.localVolumes[0].persistenceId]);
    });
  });

  test('keeps what it has when it is scaled down, and has it back later', async () => {
    const cluster = await startCluster();
    const before = await deployed(cluster);
    await cluster.client.put('/v2/apps/db', { instances: 0 });
    await cluster.client.settled();
    const [waiting] = await tasksOf(cluster);
    expect(waiting).toMatchObject({ localVolumes: before.localVolumes, slaveId: before.slaveId });
    expect(waiting.stagedAt).toBeUndefined();
    await cluster.client.put('/v2/apps/db', { instances: 1 });
    await cluster.client.settled();
    const [after] = await tasksOf(cluster);
    expect(after).toMatchObject({ state: 'TASK_RUNNING', localVolumes: before.localVolumes });
  });

  test('is upgraded on its volume', async () => {
    const cluster = await startCluster();
    const before = await deployed(cluster);
    await cluster.client.put('/v2/apps/db', { env: { A: 'b' } });
    await cluster.client.settled();
    const after = await restarted(cluster, before);
    expect(after).toMatchObject({ localVolumes: before.localVolumes });
    expect(await tasksOf(cluster)).toHaveLength(1);
  });

  test('gives back all when it is deleted', async () => {
    const cluster = await startCluster();
    await deployed(cluster, { instances: 2 });
    await cluster.client.delete('/v2/apps/db');
    await waitFor(async () => {
      expect(await cluster.reserved()).toEqual([]);
    });
  });

  test('runs beside apps without', async () => {
    const cluster = await startCluster();
    await deployed(cluster);
    await cluster.client.post('/v2/apps', { id: 'web', cmd: 'sleep 1000', cpus: 0.1, mem: 32, instances: 3 });
    await cluster.client.settled();
    const { tasks } = (await cluster.client.get('/v2/apps/web/tasks')).body;
    expect(new Set(pluck(tasks, 'role'))).toEqual(new Set(['*']));
  });

  test('has the disk that its type asks for', async () => {
    const disk = (type: 'PATH' | 'MOUNT', root: string, value: number) => ({
      ...{ name: 'disk', type: 'SCALAR', scalar: { value } },
      disk: { source: { type, [type.toLowerCase()]: { root } } },
    });
    const resources = JSON.stringify([
      ...[scalar('cpus', 2), scalar('mem', 512), scalar('disk', 100)],
      ...[disk('PATH', 'path-disk', 300), disk('MOUNT', 'ssd-1', 200), disk('MOUNT', 'ssd-2', 900)],
    ]);
    const cluster = await startCluster(resources);
    const mount = { type: 'mount', size: 150, maxSize: 1000, constraints: [['path', 'LIKE', 'ssd-2']] };
    const volumes = [
      { ...volume, persistent: { type: 'path', size: 150 } },
      { ...volume, containerPath: 'fast', persistent: mount },
    ];
    await deployed(cluster, { container: { type: 'MESOS', volumes } });
    const held = (await cluster.reserved()).filter((each) => each.disk !== undefined);
    expect(held.map((each): unknown => [each.scalar.value, each.disk.source.type])).toEqual(
      expect.arrayContaining([
        [150, 'PATH'],
        [900, 'MOUNT'],
      ]),
    );
  });

  test.each([
    [{ upgradeStrategy: { maximumOverCapacity: 0.5 } }, 'got 0.5, expected 0.0'],
    [
      { unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 } },
      'unreachableStrategy must be disabled',
    ],
    [{ container: { type: 'MESOS', volumes: [{ ...volume, containerPath: 'a/b' }] } }, 'value must not contain'],
    [{ acceptedResourceRoles: ['dev'] }, 'A resident app must have'],
  ])('is refused with %j', async (fields, error) => {
    const { client } = await startCluster();
    const answer = await client.post('/v2/apps', { ...app, ...fields });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(error);
  });

  test('may not ask for other resources later', async () => {
    const cluster = await startCluster();
    await deployed(cluster);
    const answer = await cluster.client.put('/v2/apps/db', { cpus: 0.2 });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('may not change resource requirements');
  });

  test('changes its role only for instances to come, and only by force', async () => {
    const cluster = await startCluster();
    const inGroup = { ...app, id: '/dev/db' };
    await cluster.client.post('/v2/apps', inGroup);
    await cluster.client.settled();
    const refused = await cluster.client.put('/v2/apps/dev/db', { role: 'dev' });
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining('retry your request with ?force=true'),
    ]);
    expect((await cluster.client.put('/v2/apps/dev/db?force=true', { role: 'dev', instances: 2 })).status).toBe(200);
    await cluster.client.settled();
    await waitFor(async () => {
      const { tasks } = (await cluster.client.get('/v2/apps/dev/db/tasks')).body;
      expect(pluck(tasks, 'role').sort()).toEqual(['dev', 'marathon']);
      expect(pluck(tasks, 'state')).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
    });
  });

  test('changes its role with its group, too, by force alone', async () => {
    const { client } = await startCluster();
    await client.post('/v2/apps', { ...app, id: '/dev/db' });
    await client.settled();
    const group = { apps: [{ ...app, id: 'db', role: 'dev' }] };
    const refused = await client.put('/v2/groups/dev', group);
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining('retry your request with ?force=true'),
    ]);
    expect((await client.put('/v2/groups/dev?force=true', group)).status).toBe(200);
    await client.settled();
    expect((await client.get('/v2/apps/dev/db')).body).toMatchObject({ app: { role: 'dev' } });
  });
});
