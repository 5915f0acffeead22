import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scalar } from '../../scheduler-client.ts';
import { requireTool } from '../../../support/require-tool.ts';
import { small, startExecutorCluster } from '../executors/executor-cluster.ts';
import { commandTask, getJson, startTestAgent, stateOf, waitFor } from '../running-agent.ts';

const hasPython = requireTool('python3', ['python3', '--version']);

const watched = { isolation: 'posix/cpu,posix/mem,disk/du', diskWatchMs: 20 };
const enforced = { ...watched, enforceDiskQuota: true };

const resources = [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 1)];
const fill = (megabytes: number) => `dd if=/dev/zero of=filled bs=1048576 count=${megabytes} 2>dd.log; exec sleep 1000`;

interface Shown {
  readonly executor_id: string;
  readonly statistics: { readonly disk_used_bytes: number; readonly disk_limit_bytes: number };
}

test('a task that has more in its sandbox than its disk is ended, in words of Mesos', async () => {
  const log: string[] = [];
  const { master } = await startTestAgent(enforced, true, log);
  master.run(commandTask('small', fill(0), { resources }), 'fw-0', ['TASK_KILLING_STATE']);
  master.run(commandTask('big', fill(3), { resources }), 'fw-0', ['TASK_KILLING_STATE']);
  const failed = await stateOf(master, 'big', 'TASK_FAILED');
  expect(failed).toMatchObject({
    source: 'SOURCE_AGENT',
    reason: 'REASON_CONTAINER_LIMITATION_DISK',
    message: expect.stringMatching(/^Disk usage \(\d+(KB|MB)\) exceeds quota \(1MB\)$/),
    limitation: { resources: [scalar('disk', 1)] },
  });
  const statesOf = (id: string) =>
    master.updates.filter(({ task_id }) => task_id.value === id).map(({ state }) => state);
  expect(statesOf('big')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
  expect(statesOf('small')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  expect(log.filter((line) => line.includes('exceeds quota'))).toHaveLength(1);
});

test('without the flag it is measured, and shown', async () => {
  const { master, agent } = await startTestAgent(watched);
  master.run(commandTask('big', fill(3), { resources }));
  master.run(commandTask('without', fill(3)));
  await waitFor(async () => {
    const shown = (await getJson(`${agent.url}/containers`)) as readonly Shown[];
    const [big, without] = ['big', 'without'].map((id) => shown.find((each) => each.executor_id === id)?.statistics);
    expect(big).toMatchObject({
      disk_limit_bytes: 1024 * 1024,
      disk_statistics: [{ limit_bytes: 1024 * 1024, used_bytes: big?.disk_used_bytes }],
    });
    expect(big?.disk_used_bytes).toBeGreaterThanOrEqual(3 * 1024 * 1024);
    expect(Object.keys(without ?? {}).filter((name) => name.startsWith('disk'))).toEqual([]);
  });
  expect(await getJson(`${agent.url}/flags`)).toMatchObject({
    flags: {
      isolation: watched.isolation,
      container_disk_watch_interval: '20ms',
      enforce_container_disk_quota: 'false',
    },
  });
});

test('without the isolator nobody looks, whatever the quota', async () => {
  const { master, agent } = await startTestAgent({ enforceDiskQuota: true, diskWatchMs: 5 });
  master.run(commandTask('big', fill(3), { resources }));
  await stateOf(master, 'big', 'TASK_RUNNING');
  const [shown] = (await getJson(`${agent.url}/containers`)) as readonly [{ statistics: object }];
  expect(Object.keys(shown.statistics).filter((name) => name.startsWith('disk'))).toEqual([]);
});

const volume = {
  ...scalar('disk', 2),
  reservations: [{ type: 'DYNAMIC' as const, role: 'dev', principal: 'me' }],
  disk: { persistence: { id: 'vol', principal: 'me' }, volume: { mode: 'RW' as const, container_path: 'data' } },
};

test('a volume counts by itself, with a quota of its own', async () => {
  const { master, agent, options } = await startTestAgent(enforced);
  for (const id of ['vol', 'other']) mkdirSync(`${options.workDir}/volumes/roles/dev/${id}`, { recursive: true });
  const into = (folder: string, megabytes: number) => fill(megabytes).replace('of=', `of=${folder}/`);
  master.run(commandTask('apart', into('data', 1), { resources: [...resources, volume] }));
  const big = { ...volume, disk: { ...volume.disk, persistence: { id: 'other' } } };
  master.run(commandTask('full', into('data', 3), { resources: [...resources, big] }));
  expect(await stateOf(master, 'full', 'TASK_FAILED')).toMatchObject({
    message: expect.stringMatching(/exceeds quota \(2MB\)$/),
    limitation: { resources: [big] },
  });
  await waitFor(async () => {
    const [apart] = (await getJson(`${agent.url}/containers`)) as readonly Shown[];
    expect(apart?.statistics).toMatchObject({
      disk_statistics: [
        { limit_bytes: 2 * 1024 * 1024, persistence: { id: 'vol' }, used_bytes: expect.any(Number) },
        { limit_bytes: 1024 * 1024 },
      ],
    });
  });
  expect(master.updates.filter(({ task_id: id }) => id.value === 'apart').map(({ state }) => state)).toEqual([
    'TASK_STARTING',
    'TASK_RUNNING',
  ]);
});

test('all tasks of a group fail when its container has too much', async () => {
  const cluster = await startExecutorCluster(enforced);
  const offer = await cluster.framework.takeOffer();
  const executor = { type: 'DEFAULT', executor_id: { value: 'group' }, resources: [...small, scalar('disk', 1)] };
  const tasks = ['a', 'b'].map((id) => commandTask(id, fill(id === 'a' ? 3 : 0), { agent_id: offer.agent_id }));
  await cluster.accept(offer, { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } });
  for (const id of ['a', 'b']) {
    const failed = await cluster.statusOf(id, 'TASK_FAILED');
    expect(failed).toMatchObject({ reason: 'REASON_CONTAINER_LIMITATION_DISK', source: 'SOURCE_AGENT' });
    expect(cluster.statesOf(id)).not.toContain('TASK_KILLING');
  }
});

test.skipIf(!hasPython)('so do those of a program of a framework', async () => {
  const cluster = await startExecutorCluster(enforced);
  const offer = await cluster.framework.takeOffer();
  const program = new URL('../executors/executor.py', import.meta.url).pathname;
  const executor = {
    ...{ type: 'CUSTOM', executor_id: { value: 'e' }, resources: [...small, scalar('disk', 1)] },
    command: { value: `python3 ${program} & ${fill(3)}` },
  };
  const { command: _, ...task } = commandTask('t', '', { agent_id: offer.agent_id });
  await cluster.accept(offer, { type: 'LAUNCH', launch: { task_infos: [{ ...task, executor, data: '' }] } });
  expect(await cluster.statusOf('t', 'TASK_FAILED')).toMatchObject({
    reason: 'REASON_CONTAINER_LIMITATION_DISK',
    message: expect.stringContaining('exceeds quota (1MB)'),
    executor_id: { value: 'e' },
    limitation: { resources: [expect.objectContaining({ name: 'disk' })] },
  });
});
