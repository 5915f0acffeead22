import { expect, test } from 'vitest';
import { pluck } from './shapes/loose.ts';
import { sleeper, startWithFakeMaster, startWithHeldTasks, waitFor } from './marathon-for-test.ts';

test('metrics tell what there is, and what was done since it leads', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ id: '/group/sleeper', instances: 2 }));
  await client.settled();
  await client.events();
  const { gauges, counters } = (await client.get('/metrics')).body;
  const gauge = (name: string): unknown => gauges[`marathon.${name}.gauge`].value;
  const count = (name: string): unknown => counters[`marathon.${name}.counter`].count;
  expect(['apps.active', 'groups.active', 'instances.running', 'instances.staged'].map(gauge)).toEqual([1, 2, 2, 0]);
  expect(['deployments.active', 'http.event-streams.active', 'instances.inflight-kills'].map(gauge)).toEqual([0, 1, 0]);
  expect(['deployments', 'tasks.launched', 'mesos.offer-operations.launch'].map(count)).toEqual([1, 2, 2]);
  expect(count('mesos.offers.incoming')).toBeGreaterThan(0);
  expect(count('mesos.offers.used')).toBeGreaterThan(0);
  await waitFor(async () => {
    const after = (await client.get('/metrics')).body.counters;
    expect(after['marathon.mesos.calls.suppress.counter'].count).toBeGreaterThan(0);
  });
});

test('the same metrics are there for Prometheus', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  const { headers, text } = await client.get('/metrics/prometheus');
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  expect(text).toContain('# TYPE marathon_apps_active_gauge gauge\nmarathon_apps_active_gauge 1\n');
  expect(text).toContain('# TYPE marathon_tasks_launched_counter counter\nmarathon_tasks_launched_counter 1\n');
  for (const line of text.split('\n'))
    expect(line).toMatch(/^($|# TYPE [a-z_]+ (gauge|counter)$|[a-z_]+ \d+(\.\d+)?$)/);
  const json = (await client.get('/metrics')).body;
  const names = [...Object.keys(json.gauges as object), ...Object.keys(json.counters as object)];
  for (const name of names) expect(text).toContain(`\n${name.replaceAll(/[.-]/g, '_')} `);
});

test('there are no plugins, and no answer may be kept by a cache', async () => {
  const { client } = await startWithFakeMaster();
  const { status, body, headers } = await client.get('/v2/plugins');
  expect([status, body]).toEqual([200, { plugins: [] }]);
  expect(headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
  expect([headers.get('pragma'), headers.get('expires'), headers.get('etag')]).toEqual(['no-cache', '0', null]);
});

test('tasks are chosen by running and staging alone, in any case', async () => {
  const { master, client, tasks } = await startWithHeldTasks();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  tasks.run = false;
  await client.post('/v2/apps', sleeper({ id: '/waiting' }));
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  const apps = async (query: string) => pluck((await client.get(`/v2/tasks${query}`)).body.tasks, 'appId').sort();
  expect(await apps('?status=Running')).toEqual(['/sleeper']);
  expect(await apps('?status[]=staging')).toEqual(['/waiting']);
  expect(await apps('?status=running&status=staging')).toEqual(['/sleeper', '/waiting']);
  expect(await apps('?status=unknown')).toEqual(['/sleeper', '/waiting']);
});
