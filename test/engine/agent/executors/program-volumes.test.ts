import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../../../support/require-tool.ts';
import { scalar, type Loose } from '../../scheduler-client.ts';
import { waitFor } from '../running-agent.ts';
import { small, startExecutorCluster, type ExecutorCluster } from './executor-cluster.ts';

/* Volumes of tasks that a program of their framework runs (filesystem/posix.cpp of Mesos's agent). */

const hasPython = requireTool('python3', ['python3', '--version']);
const program = fileURLToPath(new URL('executor.py', import.meta.url));

const reservations = [{ type: 'DYNAMIC', role: 'dev' }];
const volume = (id: string) => ({
  ...scalar('disk', 64),
  reservations,
  disk: { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } },
});
const info = {
  capabilities: ['PARTITION_AWARE', 'MULTI_ROLE', 'RESERVATION_REFINEMENT'].map((type) => ({ type })),
};
const executor = {
  type: 'CUSTOM',
  executor_id: { value: 'e' },
  command: { value: `exec python3 ${program}` },
  resources: small,
};

/** A cluster with two volumes, and how a task is launched on one of them. */
async function startWithVolumes() {
  const cluster = await startExecutorCluster({}, info);
  const { framework } = cluster;
  await cluster.accept(await framework.takeOffer(), {
    type: 'RESERVE',
    reserve: { resources: [{ ...scalar('disk', 128), reservations }] },
  });
  await cluster.accept(await takeOffer(cluster, '"DYNAMIC"'), {
    type: 'CREATE',
    create: { volumes: [volume('one'), volume('other')] },
  });
  const launch = async (id: string, command: string, ...volumes: readonly ReturnType<typeof volume>[]) => {
    const offer = await takeOffer(cluster, ...volumes.map(({ disk }) => `"id":"${disk.persistence.id}"`));
    const task = {
      ...{ name: id, task_id: { value: id }, agent_id: offer.agent_id as object, executor },
      resources: [...small, ...volumes],
      data: Buffer.from(command).toString('base64'),
    };
    await cluster.accept(offer, { type: 'LAUNCH', launch: { task_infos: [task] } });
  };
  const link = async () => {
    const [shown] = (await cluster.agentState()).frameworks[0].executors as readonly Loose[];
    return `${String(shown.directory)}/data`;
  };
  return { ...cluster, launch, link };
}

/** The next one that names all of this. */
async function takeOffer(
  { framework }: Pick<ExecutorCluster, 'framework'>,
  ...texts: readonly string[]
): Promise<Loose> {
  for (;;) {
    const offer = await framework.takeOffer();
    if (texts.every((text) => JSON.stringify(offer.resources).includes(text))) return offer;
    await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters: { refuse_seconds: 0 } } });
  }
}

describe.skipIf(!hasPython)('a program of a framework', () => {
  test('has the volume of a task in its sandbox until the task ends', async () => {
    const cluster = await startWithVolumes();
    await cluster.launch('writer', 'run echo kept > data/file; cat data/file', volume('one'));
    expect(await cluster.statusOf('writer', 'TASK_FINISHED')).toMatchObject({ message: 'kept' });
    const link = await cluster.link();
    await waitFor(() => {
      expect(existsSync(link)).toBe(false);
    });
    await cluster.launch('reader', 'run cat data/file', volume('one'));
    expect(await cluster.statusOf('reader', 'TASK_FINISHED')).toMatchObject({ message: 'kept' });
    await cluster.launch('other', 'run ls data; echo nothing', volume('other'));
    expect(await cluster.statusOf('other', 'TASK_FINISHED')).toMatchObject({ message: 'nothing' });
  });

  test('has the volumes of its tasks also when its agent was started again', async () => {
    const cluster = await startWithVolumes();
    await cluster.launch('t1', '', volume('one'));
    await cluster.statusOf('t1', 'TASK_RUNNING');
    const link = await cluster.link();
    // It is gone with the agent: the next one is of the new life.
    await cluster.framework.takeOffer();
    await cluster.part.stop();
    await cluster.part.start();
    await cluster.launch('t2', 'run ls -d data');
    expect(await cluster.statusOf('t2', 'TASK_FINISHED')).toMatchObject({ message: 'data' });
    const { agent_id } = await cluster.statusOf('t1', 'TASK_RUNNING');
    await cluster.framework.call('KILL', { kill: { task_id: { value: 't1' }, agent_id } });
    await cluster.statusOf('t1', 'TASK_KILLED');
    await waitFor(() => {
      expect(existsSync(link)).toBe(false);
    });
  });

  test('ends with all its tasks when it cannot have both of two volumes', async () => {
    const cluster = await startWithVolumes();
    await cluster.launch('t1', '', volume('one'));
    await cluster.statusOf('t1', 'TASK_RUNNING');
    await cluster.launch('t2', '', volume('other'));
    for (const id of ['t1', 't2']) {
      expect(await cluster.statusOf(id, 'TASK_GONE')).toMatchObject({
        reason: 'REASON_CONTAINER_UPDATE_FAILED',
        message: expect.stringMatching(/^Failed to update resources for container: The existing symlink '/) as string,
      });
    }
    await cluster.launch('t3', 'run true', volume('other'));
    await cluster.statusOf('t3', 'TASK_FINISHED');
  });

  test('does not start when a volume of its first task cannot be in its sandbox', async () => {
    const cluster = await startWithVolumes();
    const outside = { ...volume('one'), disk: { ...volume('one').disk, volume: { mode: 'RW', container_path: '/x' } } };
    await cluster.launch('t1', '', outside);
    expect(await cluster.statusOf('t1', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: expect.stringContaining("cannot have a volume at '/x'") as string,
    });
  });
});
