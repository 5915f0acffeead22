import { expect, test } from 'vitest';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import { pluck } from '../shapes/loose.ts';
import { startFakeTaskServer } from './fake-task-server.ts';
import { sleeper, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';

test('an app with an HTTP check is deployed when it answers, and replaced when it no longer does', async () => {
  const server = await startFakeTaskServer(503);
  const { master, client } = await startWithFakeMaster({
    agents: [{ id: 'S0', ports: [server.port, server.port] }],
  });
  const events = await client.events();
  const healthChecks = [{ path: '/health', intervalSeconds: 1, maxConsecutiveFailures: 1, gracePeriodSeconds: 100 }];
  await client.post('/v2/apps', sleeper({ healthChecks, backoffSeconds: 0 }));
  await waitFor(() => {
    expect(server.paths.length).toBeGreaterThan(1);
  });
  expect(server.paths[0]).toBe('/health');
  expect((await client.get('/v2/deployments')).body).toHaveLength(1);
  server.status = 302;
  await client.settled();
  const app = await client.app('/sleeper');
  expect(app).toMatchObject({ tasksHealthy: 1, tasksUnhealthy: 0 });
  expect(app.tasks[0].healthCheckResults).toMatchObject([
    { alive: true, consecutiveFailures: 0, instanceId: expect.stringMatching(/^sleeper\.instance-/) },
  ]);
  server.status = 500;
  await waitFor(() => {
    expect(master.callsOf('KILL')).toHaveLength(1);
    expect(master.launched()).toHaveLength(2);
  });
  const types = pluck(events, 'eventType');
  for (const type of ['add_health_check_event', 'health_status_changed_event', 'failed_health_check_event']) {
    expect(types).toContain(type);
  }
  const kill = events.find((event) => event.eventType === 'unhealthy_instance_kill_event');
  expect(kill).toMatchObject({ appId: '/sleeper', reason: '500 Internal Server Error' });
  expect((await client.app('/sleeper')).lastTaskFailure).toMatchObject({
    state: 'TASK_FAILED',
    taskId: master.launched()[0]?.task_id.value,
    message: 'Task was killed since health check failed. Reason: 500 Internal Server Error',
  });
});

test('a TCP check asks only for a connection', async () => {
  const server = await startFakeTaskServer();
  const { client } = await startWithFakeMaster({ agents: [{ id: 'S0', ports: [server.port, server.port] }] });
  await client.post('/v2/apps', sleeper({ healthChecks: [{ protocol: 'TCP' }] }));
  await client.settled();
  expect(await client.app('/sleeper')).toMatchObject({ tasksHealthy: 1 });
  expect(server.paths).toEqual([]);
});

test('a COMMAND check is Mesos’s: a task counts as healthy when a status says so, not before', async () => {
  const { master, client } = await startWithFakeMaster();
  const healthChecks = [{ protocol: 'COMMAND', command: { value: 'true' } }];
  await client.post('/v2/apps', sleeper({ healthChecks }));
  await waitFor(async () => {
    expect(await client.app('/sleeper')).toMatchObject({ tasksRunning: 1, tasksHealthy: 0, tasksUnhealthy: 0 });
  });
  expect((await client.get('/v2/deployments')).body).toHaveLength(1);
  const task = master.launched()[0] as TaskInfo;
  master.update(task, 'TASK_RUNNING', { healthy: true });
  await client.settled();
  expect(await client.app('/sleeper')).toMatchObject({ tasksHealthy: 1 });
  master.update(task, 'TASK_RUNNING', { healthy: false });
  await waitFor(async () => {
    expect(await client.app('/sleeper')).toMatchObject({ tasksHealthy: 0, tasksUnhealthy: 1 });
  });
  expect(await client.app('/sleeper')).not.toHaveProperty('lastTaskFailure');
  master.update(task, 'TASK_KILLED', { healthy: false, message: 'Command terminated with signal Killed' });
  await waitFor(async () => {
    expect((await client.app('/sleeper')).lastTaskFailure).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Task was killed since health check failed. Reason: Command terminated with signal Killed',
    });
  });
});

test('what a check sees is shown with the task, and judged by nobody', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ check: { http: { port: 80 } } }));
  await client.settled();
  const [task] = master.launched() as [TaskInfo];
  const result = async () => (await client.app('/sleeper')).tasks[0].checkResult as unknown;
  expect(await result()).toBeUndefined();
  master.update(task, 'TASK_RUNNING', { check_status: { type: 'HTTP', http: {} } });
  await waitFor(async () => {
    expect(await result()).toEqual({});
  });
  master.update(task, 'TASK_RUNNING', { check_status: { type: 'HTTP', http: { status_code: 503 } } });
  await waitFor(async () => {
    expect(await result()).toEqual({ http: { statusCode: 503 } });
  });
  expect((await client.get('/v2/tasks')).body.tasks[0].checkResult).toEqual({ http: { statusCode: 503 } });
  master.update(task, 'TASK_RUNNING', { check_status: { type: 'TCP', tcp: { succeeded: false } } });
  await waitFor(async () => {
    expect(await result()).toEqual({ tcp: { succeeded: false } });
  });
  expect(master.callsOf('KILL')).toEqual([]);
});

test('a check that is of no kind, of two, or names its port twice or not at all is refused', async () => {
  const { client } = await startWithFakeMaster();
  const errorsOf = async (check: object) => {
    const { status, body } = await client.post('/v2/apps', sleeper({ check }));
    return [status, ...pluck<string[]>(body.details, 'errors').flat()];
  };
  const kinds = 'Must specify a single type of check, http, tcp, or exec';
  const ports = 'Check must specify either a port or a portIndex';
  expect(await errorsOf({ intervalSeconds: 1 })).toEqual([422, kinds]);
  expect(await errorsOf({ tcp: { port: 1 }, exec: { command: { shell: 'ls' } } })).toEqual([422, kinds]);
  expect(await errorsOf({ tcp: { port: 1, portIndex: 0 } })).toEqual([422, ports]);
  expect(await errorsOf({ http: { path: '/' } })).toEqual([422, ports]);
});
