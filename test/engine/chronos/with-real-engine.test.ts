import { expect, test } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { waitFor } from '../marathon/marathon-for-test.ts';
import { jobOf, post, startTestChronos } from './chronos-for-test.ts';

const quiet = { log: () => undefined };
const local = { host: '127.0.0.1', port: 0, hostname: '127.0.0.1' };

test('commands run on an agent of the engine, one after the other, and what fails is counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chronos-test-'));
  const masters = inMemoryDiscovery();
  const master = await startMaster({ ...local, cluster: 'c', quorum: 1, discovery: masters, flags: {} }, quiet);
  const agent = await startAgent(
    {
      ...{ ...local, masters, resources: 'cpus:1;mem:512;disk:1000', attributes: '', workDir: join(folder, 'agent') },
      ...{ version: '1.12.0', dockerTasks: 'simulated' as const, registrationBackoffMs: 20 },
    },
    { ...quiet, processes: nodeProcesses, sandboxes: nodeSandboxes },
  );
  onTestFinished(async () => {
    await agent.stop();
    await master.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { client } = await startTestChronos({ masters });
  const out = join(folder, 'out');
  const common = { schedule: 'R2//PT0.1S', retries: 0, runAsUser: '' };
  await post(client, { ...common, name: 'good', command: `echo $CHRONOS_JOB_NAME >> ${out}` });
  await post(client, { ...common, name: 'bad', command: 'exit 3' });
  await post(client, {
    ...common,
    name: 'bare',
    command: '/bin/cp',
    shell: false,
    arguments: [out, `${out}2`],
    schedule: undefined,
    parents: ['good'],
  });
  const ids = join(folder, 'ids');
  await post(client, {
    ...common,
    ...{ name: 'asynchronous', command: `echo $mesos_task_id >> ${ids}`, schedule: 'R1//PT1H', async: true },
  });
  await waitFor(async () => {
    const taskId = readFileSync(ids, 'utf8').trim();
    const path = `/v1/scheduler/task/${encodeURIComponent(taskId)}`;
    expect((await client.put(path, { statusCode: 0 })).status).toBe(204);
  });
  await waitFor(async () => {
    expect(await jobOf(client, 'asynchronous')).toMatchObject({ successCount: 1 });
  });
  await waitFor(async () => {
    expect(await jobOf(client, 'good')).toMatchObject({ successCount: 2, disabled: true });
    expect(await jobOf(client, 'bad')).toMatchObject({ errorCount: 2, successCount: 0 });
    expect((await jobOf(client, 'bare')).successCount).toBeGreaterThan(0);
  });
  expect(readFileSync(out, 'utf8')).toBe('good\ngood\n');
  expect(readFileSync(`${out}2`, 'utf8')).toContain('good\n');
});
