import { expect, onTestFinished, test } from 'vitest';
import { pluck, type Loose } from './shapes/loose.ts';
import { waitFor } from './marathon-for-test.ts';
import { startCluster } from './real-cluster.ts';

test('on the master and agents of the engine: commands, simulated containers, checks, scaling, upgrade', async () => {
  const { client } = await startCluster();
  await client.post('/v2/apps', { id: 'basic-0', cmd: "echo 'Hello Marathon'; sleep 100", cpus: 0.1, mem: 10 });
  await client.post('/v2/apps', {
    id: 'nginx',
    labels: { HAPROXY_GROUP: 'external' },
    cpus: 0.2,
    mem: 20,
    instances: 2,
    healthChecks: [{ path: '/' }],
    constraints: [['rack', 'UNIQUE']],
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx:1.10', network: 'BRIDGE', portMappings: [{ containerPort: 80, servicePort: 10_000 }] },
    },
  });
  await client.settled();
  const nginx = await client.app('/nginx');
  expect(nginx).toMatchObject({ tasksRunning: 2, tasksHealthy: 2 });
  expect(new Set(pluck(nginx.tasks, 'slaveId')).size).toBe(2);
  for (const task of nginx.tasks) expect((await fetch(`http://127.0.0.1:${task.ports[0]}/`)).status).toBe(200);
  await client.put('/v2/apps/nginx', { instances: 1 });
  await client.settled();
  await client.patch('/v2/apps/basic-0', { env: { NEW: 'x' } });
  await client.settled();
  expect((await client.app('/basic-0')).tasks).toHaveLength(1);
  await client.delete('/v2/apps/nginx');
  await client.settled();
  expect((await client.get('/v2/tasks')).body.tasks).toMatchObject([{ appId: '/basic-0', state: 'TASK_RUNNING' }]);
});

test('a COMMAND check is run by the agent', async () => {
  const { client } = await startCluster();
  const healthChecks = [
    { protocol: 'COMMAND', command: { value: 'test -f well' }, delaySeconds: 0, intervalSeconds: 1 },
  ];
  await client.post('/v2/apps', { id: 'checked', cmd: 'touch well; sleep 100', cpus: 0.1, mem: 10, healthChecks });
  await client.settled();
  expect(await client.app('/checked')).toMatchObject({ tasksHealthy: 1 });
});

test('a check is run by the agent, and its results are shown', async () => {
  const { client } = await startCluster();
  const check = { exec: { command: { shell: 'exit 7' } }, delaySeconds: 0, intervalSeconds: 1, timeoutSeconds: 5 };
  await client.post('/v2/apps', { id: 'checked', cmd: 'sleep 100', cpus: 0.1, mem: 10, check });
  await client.settled();
  await waitFor(async () => {
    expect((await client.app('/checked')).tasks[0].checkResult).toEqual({ command: { exitCode: 7 } });
  });
  expect((await client.app('/checked')).tasks[0].state).toBe('TASK_RUNNING');
});

test('the tasks go on when another master is elected', async () => {
  const { client, master, startNamedMaster } = await startCluster();
  await client.post('/v2/apps', { id: 'basic-0', cmd: 'sleep 100', cpus: 0.1, mem: 10 });
  await client.settled();
  const [before] = (await client.app('/basic-0')).tasks;
  const next = await startNamedMaster();
  onTestFinished(() => next.stop());
  await master.stop();
  await waitFor(async () => {
    const response = await fetch(`${next.url}/state`);
    const state = (await response.json()) as Loose;
    const pid = expect.stringMatching(/^scheduler-[\da-f-]{36}@[^:]+:\d+$/) as string;
    expect(state.frameworks).toMatchObject([{ name: 'marathon', active: true, pid }]);
  });
  await client.post('/v2/apps', { id: 'second', cmd: 'sleep 100', cpus: 0.1, mem: 10 });
  await client.settled();
  expect((await client.app('/basic-0')).tasks).toMatchObject([{ id: before.id, state: 'TASK_RUNNING' }]);
});
