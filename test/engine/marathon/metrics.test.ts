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

test('pods, status updates, overdue launches and what goes over HTTP are counted', async () => {
  const { client, tasks, master } = await startWithHeldTasks();
  const containers = [{ name: 'c', exec: { command: { shell: 'sleep 100' } }, resources: { cpus: 0.1, mem: 10 } }];
  await client.post('/v2/apps', sleeper());
  await client.settled();
  tasks.run = false;
  await client.post('/v2/pods', { id: '/pod', containers });
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  const events = await client.events();
  const before = (await client.get('/metrics')).body;
  const gauge = (name: string): unknown => before.gauges[`marathon.${name}`].value;
  expect(['pods.active.gauge', 'apps.active.gauge', 'instances.launch-overdue.gauge'].map(gauge)).toEqual([1, 1, 0]);
  // The stream of events, and the question itself.
  expect(gauge('http.requests.active.gauge')).toBe(2);
  expect(gauge('jvm.memory.heap.used.gauge.bytes')).toBeLessThanOrEqual(
    gauge('jvm.memory.heap.committed.gauge.bytes') as number,
  );
  const count = (of: typeof before, name: string) => of.counters[`marathon.${name}`].count as number;
  expect(count(before, 'mesos.task-updates.task-running.counter')).toBe(1);
  expect(count(before, 'deployments.dismissed.counter')).toBe(0);
  const size = 'http.responses.size.counter.bytes';
  const answer = await client.get('/v2/info');
  const [first, second] = [await client.get('/metrics'), await client.get('/metrics')];
  expect(count(first.body, size) - count(before, size)).toBeGreaterThan(Buffer.byteLength(answer.text));
  expect(count(second.body, size) - count(first.body, size)).toBe(Buffer.byteLength(first.text));
  await client.patch('/v2/apps/sleeper', { cpus: 0.2 });
  await waitFor(async () => {
    expect(events.length).toBeGreaterThan(0);
    const { body } = await client.get('/metrics');
    expect(count(body, 'http.responses.event-stream.size.counter.bytes')).toBeGreaterThan(0);
  });
});

test('an instance that is staged for longer than Marathon waits is overdue', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: () => undefined }, { taskLaunchTimeoutMs: 1 });
  await client.post('/v2/apps', sleeper());
  await waitFor(async () => {
    expect(master.launched()).not.toHaveLength(0);
    const { gauges } = (await client.get('/metrics')).body;
    expect(gauges['marathon.instances.launch-overdue.gauge'].value).toBe(1);
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
  const number = String.raw`\d+(\.\d+)?(e-\d+)?`;
  const lineOf = new RegExp(
    String.raw`^($|# TYPE [a-z0-9_]+ (gauge|counter|summary)$|[a-z0-9_]+(\{quantile="0\.\d+"\})? ${number}$)`,
  );
  for (const line of text.split('\n')) expect(line).toMatch(lineOf);
  const json = (await client.get('/metrics')).body;
  const names = [...Object.keys(json.gauges as object), ...Object.keys(json.counters as object)];
  for (const name of names) expect(text).toContain(`\n${name.replaceAll(/[.-]/g, '_')} `);
});

test('requests and answers are measured by method and by class of status', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  const before = (await client.get('/metrics')).body;
  await Promise.all([client.get('/v2/apps/none'), client.get('/v2/info'), client.delete('/v2/apps/none')]);
  const wrong = '{"id": "/x"';
  expect((await client.post('/v2/apps', wrong)).status).toBe(400);
  const after = (await client.get('/metrics')).body;
  const more = (kind: 'meters' | 'timers' | 'counters', name: string) =>
    (after[kind][`marathon.http.${name}`].count as number) - (before[kind][`marathon.http.${name}`].count as number);
  // Of /metrics itself, the one that is read before counts.
  const classes = [1, 2, 3, 4, 5].map((each) => more('meters', `responses.${each}xx.rate.meter`));
  expect(classes).toEqual([0, 2, 0, 3, 0]);
  expect(after.meters['marathon.http.responses.4xx.rate.meter']).toEqual({
    ...{ count: 3, mean_rate: expect.any(Number), m1_rate: expect.any(Number), m5_rate: expect.any(Number) },
    ...{ m15_rate: expect.any(Number), units: 'events/second' },
  });
  const timed = ['', '.get', '.post', '.delete', '.put', '.other'].map((method) =>
    more('timers', `requests${method}.duration.timer.seconds`),
  );
  expect(timed).toEqual([5, 3, 1, 1, 0, 0]);
  expect(more('counters', 'requests.size.counter.bytes')).toBe(Buffer.byteLength(wrong));
  const { text } = await client.get('/metrics/prometheus');
  expect(text).toContain('# TYPE marathon_http_responses_4xx_rate_meter_count gauge\n');
  expect(text).toContain('\nmarathon_http_responses_4xx_rate_meter_count 3\n');
  expect(text).toMatch(/\nmarathon_http_responses_5xx_rate_meter_m1_rate 0\n/);
  expect(text).toContain('# TYPE marathon_http_requests_post_duration_timer_seconds summary\n');
  expect(text).toMatch(/\nmarathon_http_requests_post_duration_timer_seconds\{quantile="0.999"\} \d+\.\d{6}\n/);
  expect(text).toContain('\nmarathon_http_requests_post_duration_timer_seconds_count 2\n');
});

test('an event stream is an answer once it ends', async () => {
  const { client } = await startWithFakeMaster();
  const count = async (): Promise<unknown> =>
    (await client.get('/metrics')).body.timers['marathon.http.requests.duration.timer.seconds'].count;
  const controller = new AbortController();
  await fetch(`${client.url}/v2/events`, { headers: { Accept: 'text/event-stream' }, signal: controller.signal });
  const [first, second] = [await count(), await count()] as [number, number];
  expect(second - first).toBe(1);
  controller.abort();
  await waitFor(async () => {
    const { gauges } = (await client.get('/metrics')).body;
    expect(gauges['marathon.http.requests.active.gauge'].value).toBe(1);
  });
  const { meters, timers } = (await client.get('/metrics')).body;
  const ok = meters['marathon.http.responses.2xx.rate.meter'].count as number;
  expect(ok).toBe(timers['marathon.http.requests.get.duration.timer.seconds'].count);
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
