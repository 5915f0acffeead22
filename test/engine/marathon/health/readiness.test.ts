import { expect, test } from 'vitest';
import { pluck } from '../shapes/loose.ts';
import { startFakeTaskServer } from './fake-task-server.ts';
import { sleeper, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';

const check = { name: 'warm', portName: 'api', path: '/ready' };
const slowApp = (port: number, more: object = {}) =>
  sleeper({
    ...{ portDefinitions: [{ port, name: 'api' }], requirePorts: true },
    readinessChecks: [{ ...check, timeoutSeconds: 1, intervalSeconds: 2, httpStatusCodesForReady: [202], ...more }],
  });

test('a deployment waits until the new tasks are ready, and nobody asks them again', async () => {
  const server = await startFakeTaskServer(503);
  const { client } = await startWithFakeMaster({ agents: [{ id: 'S0', ports: [server.port, server.port] }] });
  const { body } = await client.post('/v2/apps', slowApp(server.port, { preserveLastResponse: true }));
  const taskId = await waitFor(async () => {
    const [{ currentActions }] = (await client.get('/v2/deployments')).body;
    expect(currentActions[0].readinessCheckResults).toHaveLength(1);
    const app = await client.app('/sleeper');
    expect(app).toMatchObject({ tasksRunning: 1, deployments: body.deployments });
    expect(currentActions[0].readinessCheckResults).toEqual([
      {
        ...{ name: 'warm', taskId: app.tasks[0].id, ready: false },
        lastResponse: { status: 503, contentType: 'text/plain', body: 'warming up' },
      },
    ]);
    expect(app.readinessCheckResults).toEqual(currentActions[0].readinessCheckResults);
    return app.tasks[0].id as string;
  });
  // 200 is not what this app calls ready.
  server.status = 200;
  const asked = server.paths.length;
  await waitFor(() => {
    expect(server.paths.length).toBeGreaterThan(asked + 1);
  });
  expect((await client.get('/v2/deployments')).body).toHaveLength(1);
  server.status = 202;
  await client.settled();
  expect(new Set(server.paths)).toEqual(new Set(['/ready']));
  expect(await client.app('/sleeper')).toMatchObject({ readinessCheckResults: [], tasks: [{ id: taskId }] });
  const count = server.paths.length;
  await client.put('/v2/apps/sleeper', { labels: {} });
  await client.settled();
  expect(server.paths).toHaveLength(count);
});

test('the old task of an app stays until the new one is ready', async () => {
  const server = await startFakeTaskServer(202);
  const { client, master } = await startWithFakeMaster({
    agents: [
      { id: 'S0', ports: [server.port, server.port] },
      { id: 'S1', ports: [server.port, server.port] },
    ],
  });
  await client.post('/v2/apps', slowApp(server.port));
  await client.settled();
  server.status = 503;
  await client.put('/v2/apps/sleeper', { cmd: 'sleep 200' });
  const asked = server.paths.length;
  await waitFor(async () => {
    expect(pluck((await client.app('/sleeper')).tasks, 'state')).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
    expect(server.paths.length).toBeGreaterThan(asked + 1);
  });
  expect(master.callsOf('KILL')).toEqual([]);
  server.status = 202;
  await client.settled();
  expect(master.callsOf('KILL')).toHaveLength(1);
});

test('a task that says nothing is not ready, and is said to have said nothing', async () => {
  const server = await startFakeTaskServer(503);
  const { client } = await startWithFakeMaster({ agents: [{ id: 'S0', ports: [1, 1] }] });
  await client.post('/v2/apps', slowApp(1, { preserveLastResponse: true }));
  await waitFor(async () => {
    expect((await client.app('/sleeper')).readinessCheckResults).toMatchObject([
      {
        ready: false,
        lastResponse: { status: 504, body: expect.stringContaining('Marathon could not query http://') },
      },
    ]);
  });
  expect(server.paths).toEqual([]);
});

test('readiness checks of unknown ports, and too long ones, are refused', async () => {
  const { client } = await startWithFakeMaster();
  const answer = await client.post('/v2/apps', slowApp(8080, { portName: 'other', timeoutSeconds: 2 }));
  expect(answer).toMatchObject({
    status: 422,
    body: {
      details: [
        { path: '/readinessChecks(0)/portName', errors: ['No port definition reference for portName other'] },
        { path: '/readinessChecks(0)/timeoutSeconds', errors: ['got 2, expected less than intervalSeconds (2)'] },
      ],
    },
  });
});
