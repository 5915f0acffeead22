import { expect, test } from 'vitest';
import { listOf, pluck } from './loose.ts';
import { sleeper, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';
import * as shapes from './marathon-shapes.ts';

test('answers have the types of the published API', async () => {
  const { client } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      if (task.name === 'failing') master.update(task, 'TASK_FAILED', { message: 'exited with status 1' });
      else master.run(task);
    },
  });
  const created = await client.post('/v2/apps', sleeper({ healthChecks: [{ protocol: 'TCP' }], id: '/group/sleeper' }));
  expect(shapes.shapeErrors(shapes.appInfo, created.body)).toEqual([]);
  const failing = await client.put('/v2/apps/failing', { cmd: 'false', backoffSeconds: 30 });
  expect(shapes.shapeErrors(shapes.deploymentResult, failing.body)).toEqual([]);
  await client.post('/v2/apps', sleeper({ id: '/huge', cpus: 10_000 }));
  await waitFor(async () => {
    expect((await client.app('/failing')).lastTaskFailure).toBeDefined();
    expect((await client.app('/group/sleeper')).tasksRunning).toBe(1);
    const queue = listOf((await client.get('/v2/queue?embed=lastUnusedOffers')).body.queue);
    expect(queue).toHaveLength(2);
    expect(pluck<unknown[]>(queue, 'lastUnusedOffers').some((offers) => offers.length > 0)).toBe(true);
  });
  const apps = (await client.get('/v2/apps?embed=apps.tasks&embed=apps.lastTaskFailure')).body.apps as unknown[];
  expect(apps.flatMap((app) => shapes.shapeErrors(shapes.appInfo, app))).toEqual([]);
  const single = (await client.get('/v2/apps/failing')).body.app as unknown;
  expect(shapes.shapeErrors(shapes.appInfo, single)).toEqual([]);
  const tasks = (await client.get('/v2/tasks')).body.tasks as unknown[];
  expect(tasks).toHaveLength(1);
  expect(tasks.flatMap((task) => shapes.shapeErrors(shapes.task, task))).toEqual([]);
  for (const [path, shape] of [
    ['/v2/deployments', shapes.deployments],
    ['/v2/queue?embed=lastUnusedOffers', shapes.queue],
    ['/v2/info', shapes.info],
    ['/v2/groups', shapes.group],
    ['/v2/groups/group', shapes.group],
  ] as const) {
    const { status, body } = await client.get(path);
    expect(status, path).toBe(200);
    expect(shapes.shapeErrors(shape, body), path).toEqual([]);
  }
});

test('/v2/info names the time-out of the ZooKeeper session that was asked for', async () => {
  const timeoutOf = async (options?: Parameters<typeof startWithFakeMaster>[1]) => {
    const { client } = await startWithFakeMaster({}, options);
    return ((await client.get('/v2/info')).body as { zookeeper_config: { zk_session_timeout: number } })
      .zookeeper_config.zk_session_timeout;
  };
  expect(await timeoutOf()).toBe(10_000);
  expect(await timeoutOf({ zkSessionTimeoutMs: 6000 })).toBe(6000);
});

test('the checker finds what is missing and what has the wrong type', () => {
  expect(shapes.shapeErrors(shapes.deploymentResult, { version: 'now' })).toEqual([
    '/deploymentId: error.path.missing',
    '/version: error.expected.date.isoformat',
  ]);
});
