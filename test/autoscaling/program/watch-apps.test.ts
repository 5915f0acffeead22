import { describe, expect, it } from 'vitest';
import { metricsText } from '../../../autoscaling/program/metrics-text.ts';
import { app, apps, appsAt, fakeLab, statistics, urls } from './fake-lab.ts';

const [first = '', second = ''] = urls.marathons;
const [lb1, lb2] = urls.loadBalancers.map((url) => `${url}/haproxy?stats;csv`) as [string, string];
const byRequests = { AUTOSCALE_METRIC: 'requests-per-second', AUTOSCALE_TARGET: '10' };
const onlyFirst = { ...urls, loadBalancers: urls.loadBalancers.slice(0, 1) };

describe('an autoscaler that counts requests', () => {
  it('adds up what all load balancers counted between two looks, and scales through Marathon, instances alone', async () => {
    const lab = fakeLab({
      ...{ [appsAt(first)]: apps(app(2, byRequests)), [`PUT ${first}/v2/apps/shop`]: {} },
      ...{ [lb1]: statistics([100, 100]), [lb2]: statistics([0, 0]) },
    });
    expect((await lab.lookAt(0))?.decision).toMatchObject({ kind: 'unable', reason: 'it was looked at once so far' });
    const then = { [lb1]: statistics([250, 250]), [lb2]: statistics([100, 100]) };
    // 500 in 10 seconds, by two instances.
    expect((await lab.lookAt(10, then))?.decision).toMatchObject({ kind: 'scale', from: 2, to: 5, value: 25 });
    expect(lab.sent).toEqual([{ url: `${first}/v2/apps/shop`, body: { instances: 5 } }]);
    expect(lab.log).toEqual([
      '/shop stays at 2: it was looked at once so far',
      '/shop scaled from 2 to 5: requests-per-second 25 of 10 an instance: ratio 2.5, 2 → 5',
    ]);
  });

  it('counts from 0 when an HAProxy was reloaded', async () => {
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, byRequests)), [lb1]: statistics([5000]) }, onlyFirst);
    await lab.lookAt(0);
    expect((await lab.lookAt(10, { [lb1]: statistics([100]) }))?.decision).toMatchObject({ kind: 'hold', value: 10 });
  });

  it('grows by the load balancers that answer, does not shrink by them, and says which one does not', async () => {
    const silent = { [lb2]: new Error('lb2:9090: no answer within 5 s') };
    const lab = fakeLab({ [appsAt(first)]: apps(app(2, byRequests)), [lb1]: statistics([0, 0]), ...silent });
    await lab.lookAt(0);
    await lab.lookAt(400, { [lb1]: statistics([4, 4]) });
    expect((await lab.lookAt(800, { [lb1]: statistics([8, 8]) }))?.decision).toMatchObject({
      ...{ kind: 'hold', to: 2 },
      reason: 'requests-per-second 0.01 of 10 an instance: 1 would do, but lb2:9090: no answer within 5 s',
    });
    const busy = { [lb1]: statistics([508, 508]), [`PUT ${first}/v2/apps/shop`]: {} };
    expect((await lab.lookAt(810, busy))?.decision).toMatchObject({ kind: 'scale', to: 10 });
  });

  it('does nothing while none of them answers', async () => {
    const lab = fakeLab({ [appsAt(first)]: apps(app(2, byRequests)) });
    expect((await lab.lookAt(0))?.decision).toMatchObject({
      ...{ kind: 'unable', to: 2, reason: `${lb1}: nobody listens there` },
    });
  });

  it('counts sessions as they are', async () => {
    const labels = { AUTOSCALE_METRIC: 'sessions', AUTOSCALE_TARGET: '10' };
    const answers = { [appsAt(first)]: apps(app(2, labels)), [`PUT ${first}/v2/apps/shop`]: {} };
    const lab = fakeLab({ ...answers, [lb1]: statistics([0, 0], [30, 20]), [lb2]: statistics([0, 0], [5, 5]) });
    expect((await lab.lookAt(0))?.decision).toMatchObject({ kind: 'scale', to: 6, value: 30 });
  });

  it('says of an app that no load balancer serves why', async () => {
    const labels = { ...byRequests, HAPROXY_GROUP: '' };
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, labels)), [lb1]: statistics([1]), [lb2]: statistics([1]) });
    expect((await lab.lookAt(0))?.decision).toMatchObject({
      ...{ kind: 'unable', reason: 'no load balancer serves it: it has no label HAPROXY_GROUP' },
    });
  });

  it('takes instances that no load balancer shows to be missing, and those that are not healthy to be unready', async () => {
    const tasks = [
      { id: 'shop.1', state: 'TASK_RUNNING' },
      { id: 'shop.2', state: 'TASK_RUNNING' },
      { id: 'shop.3', state: 'TASK_RUNNING', healthCheckResults: [{ alive: false }] },
      { id: 'shop.4', state: 'TASK_STAGING' },
    ];
    const answers = { [appsAt(first)]: apps(app(4, byRequests, { tasks })), [`PUT ${first}/v2/apps/shop`]: {} };
    const lab = fakeLab({ ...answers, [lb1]: statistics([0]) }, onlyFirst);
    await lab.lookAt(0);
    // 80 in a second by one; with three that use nothing they would need 8.
    expect((await lab.lookAt(1, { [lb1]: statistics([80]) }))?.decision).toMatchObject({
      kind: 'scale',
      to: 8,
      value: 80,
    });
  });
});

describe('an autoscaler that asks agents', () => {
  const agent = 'http://agent1:5051/monitor/statistics';
  const slaves = {
    slaves: [
      { id: 'S1', hostname: 'agent1', port: 5051 },
      { id: 'S2', hostname: 'agent2', port: 5051 },
    ],
  };
  const usage = (at: number, cpuSeconds: number, megabytes: number, ids: readonly string[] = ['shop.1', 'shop.2']) =>
    ids.map((id) => ({
      executor_id: id,
      statistics: {
        ...{ timestamp: at, cpus_user_time_secs: cpuSeconds * 0.75, cpus_system_time_secs: cpuSeconds * 0.25 },
        mem_rss_bytes: megabytes * 1024 * 1024,
      },
    }));
  const lab = (metric: string, target: number) =>
    fakeLab({
      [appsAt(first)]: apps(app(2, { AUTOSCALE_METRIC: metric, AUTOSCALE_TARGET: String(target) })),
      ...{ [`PUT ${first}/v2/apps/shop`]: {}, 'http://master1:5050/slaves': slaves, [agent]: usage(100, 7, 80) },
    });

  it('has processor time as per cent of the cpus of the app, from two looks', async () => {
    const cpu = lab('cpu', 50);
    expect((await cpu.lookAt(0))?.decision).toMatchObject({ kind: 'unable', reason: 'it was looked at once so far' });
    // 4 of 5 seconds of half a processor: 80 per cent.
    expect((await cpu.lookAt(10, { [agent]: usage(110, 11, 80) }))?.decision).toMatchObject({
      ...{ kind: 'scale', to: 4, value: 80 },
    });
  });

  it('has memory as per cent of the mem of the app', async () => {
    expect((await lab('memory', 40).lookAt(0))?.decision).toMatchObject({ kind: 'scale', to: 4, value: 80 });
  });

  it('takes a task that its agent does not know to be missing', async () => {
    const memory = lab('memory', 40);
    // One of two measured: with one that uses nothing it is at its target.
    expect((await memory.lookAt(0, { [agent]: usage(100, 7, 80, ['shop.1']) }))?.decision).toMatchObject({
      ...{ kind: 'hold', to: 2, value: 80, ratio: 1 },
    });
  });

  it('says what does not answer', async () => {
    const cpu = lab('cpu', 50);
    const gone = { [agent]: new Error('agent1:5051: nobody listens there') };
    expect((await cpu.lookAt(0, gone))?.decision?.reason).toBe('agent1:5051: nobody listens there');
  });
});

describe('an autoscaler that asks a Prometheus', () => {
  const query = 'sum(rate(http_requests_total[1m]))';
  const asked = `http://prometheus:9090/api/v1/query?query=${encodeURIComponent(query)}`;
  const labels = { AUTOSCALE_METRIC: `prometheus: ${query}`, AUTOSCALE_TARGET: '100' };
  const lab = (answer: object | number, given = urls) =>
    fakeLab({ [appsAt(first)]: apps(app(2, labels)), [asked]: answer, [`PUT ${first}/v2/apps/shop`]: {} }, given);
  const data = (resultType: string, result: readonly unknown[]) => ({
    status: 'success',
    data: { resultType, result },
  });

  it('adds up the series that a query gives, and divides them among the instances', async () => {
    const series = data('vector', [{ value: [1, '300'] }, { value: [1, '150'] }]);
    expect((await lab(series).lookAt(0))?.decision).toMatchObject({ kind: 'scale', to: 5, value: 225 });
    expect((await lab(data('scalar', [1, '210'])).lookAt(0))?.decision).toMatchObject({ kind: 'hold', value: 105 });
  });

  it.each<[string, object | number, string]>([
    ['nothing', data('vector', []), `the query gives nothing: ${query}`],
    ['no number', data('vector', [{ value: [1, 'NaN'] }]), `the query gives what is no number: ${query}`],
    ['a matrix', data('matrix', []), `the query gives neither a number nor series of them: ${query}`],
    ['an error', 400, `${asked} answers 400 400`],
  ])('does nothing when a query gives %s, and says so', async (_, answer, reason) => {
    expect((await lab(answer).lookAt(0))?.decision).toMatchObject({ kind: 'unable', to: 2, reason });
  });

  it('says where one is named when there is none', async () => {
    const { prometheus: _none, ...without } = urls;
    expect((await lab(400, without).lookAt(0))?.decision?.reason).toContain(
      'no Prometheus is known: the add-on metrics brings one',
    );
  });
});

describe('an autoscaler and Marathon', () => {
  const labels = { ...byRequests, AUTOSCALE_MIN: '3' };

  it('asks the next one when the first does not answer', async () => {
    const lab = fakeLab({ [appsAt(second)]: apps(app(1, labels)), [`PUT ${second}/v2/apps/shop`]: {} });
    await lab.lookAt(0);
    expect(lab.sent).toEqual([{ url: `${second}/v2/apps/shop`, body: { instances: 3 } }]);
  });

  it('reads no tasks while no app wants to be scaled, and asks nobody else', async () => {
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, {}, { labels: {} })) });
    await lab.lookAt(0);
    await lab.lookAt(15);
    expect(lab.asked).toEqual([`${first}/v2/apps`, `${first}/v2/apps`]);
    await lab.lookAt(30, { [appsAt(first)]: apps(app(3, labels)) });
    expect(lab.asked.slice(2, 4)).toEqual([`${first}/v2/apps`, appsAt(first)]);
  });

  it('says once that none tells, and when one does again', async () => {
    const lab = fakeLab({});
    await lab.lookAt(0);
    await lab.lookAt(15);
    await lab.lookAt(30, { [appsAt(first)]: apps() });
    expect(lab.log).toEqual([
      `nothing is scaled: ${first}/v2/apps: nobody listens there; ${second}/v2/apps: nobody listens there`,
      `${first} tells of its apps again`,
    ]);
    expect([lab.board.looks, lab.board.failures]).toEqual([3, 2]);
  });

  it('waits while a deployment of the app runs, and when Marathon refuses because of one', async () => {
    const deployed = app(1, labels, { deployments: [{ id: 'd1' }] });
    const lab = fakeLab({ [appsAt(first)]: apps(deployed), [`PUT ${first}/v2/apps/shop`]: 409 });
    expect((await lab.lookAt(0))?.decision?.reason).toBe('a deployment of it runs');
    expect(lab.sent).toEqual([]);
    expect((await lab.lookAt(15, { [appsAt(first)]: apps(app(1, labels)) }))?.decision).toMatchObject({
      ...{ kind: 'hold', to: 1, reason: '1 is below the minimum, 3; a deployment of it has begun meanwhile' },
    });
    // It was not scaled, so no cooldown has begun.
    expect((await lab.lookAt(16, { [`PUT ${first}/v2/apps/shop`]: {} }))?.decision).toMatchObject({
      kind: 'scale',
      to: 3,
    });
  });

  it.each(['shop', '/shop'])('scales neither of two versions of a deploy that is not over: %s', async (name) => {
    const group = { ...labels, HAPROXY_DEPLOYMENT_GROUP: 'shop' };
    const two = [app(1, group), { ...app(1, { HAPROXY_DEPLOYMENT_GROUP: name }), id: '/shop-green' }];
    const lab = fakeLab({ [appsAt(first)]: apps(...two) });
    expect((await lab.lookAt(0))?.decision?.reason).toBe('a deployment of it runs');
    expect(lab.sent).toEqual([]);
  });

  it('takes apps of no deployment group for no versions of one another', async () => {
    const none = { HAPROXY_DEPLOYMENT_GROUP: '' };
    const others = ['/a', '/b'].map((id) => ({ ...app(1, none), id }));
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, labels), ...others), [`PUT ${first}/v2/apps/shop`]: {} });
    expect((await lab.lookAt(0))?.decision).toMatchObject({ kind: 'scale', to: 3 });
  });

  it('scales no app whose labels have mistakes, and says each once', async () => {
    const wrong = { AUTOSCALE_METRIC: 'load', AUTOSCALE_MIN: '20', AUTOSCALE_TARGET: '10' };
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, wrong), app(2, byRequests, { id: '/other' })) });
    expect((await lab.lookAt(0))?.problems?.map(({ label }) => label)).toEqual(['AUTOSCALE_METRIC', 'AUTOSCALE_MIN']);
    await lab.lookAt(15);
    expect(lab.log.filter((line) => line.startsWith('/shop is not scaled'))).toEqual([
      expect.stringContaining(
        'AUTOSCALE_METRIC: AUTOSCALE_METRIC is not what it may be (found load); allowed: requests-per-second,',
      ),
      expect.stringContaining('AUTOSCALE_MIN: AUTOSCALE_MIN is above AUTOSCALE_MAX (found 20, and AUTOSCALE_MAX 10)'),
    ]);
  });

  it('has metrics of each app for Prometheus, and forgets apps that are gone', async () => {
    const query = { AUTOSCALE_METRIC: 'prometheus: up{job="a\\b"}', AUTOSCALE_TARGET: '10', AUTOSCALE_MIN: '3' };
    const lab = fakeLab({ [appsAt(first)]: apps(app(1, query)), [`PUT ${first}/v2/apps/shop`]: {} });
    await lab.lookAt(0);
    const text = metricsText(lab.board);
    expect(text).toContain(
      '# TYPE autoscaler_app_steps_total counter\nautoscaler_app_steps_total{app="/shop",direction="up"} 1\n',
    );
    expect(text).toContain('autoscaler_app_desired_instances{app="/shop"} 3\n');
    expect(text).toContain(
      String.raw`autoscaler_app_metric_target{app="/shop",metric="prometheus:up{job=\"a\\b\"}"} 10`,
    );
    await lab.lookAt(15, { [appsAt(first)]: apps() });
    expect(metricsText(lab.board)).toBe(
      [
        ...[
          '# HELP autoscaler_looks_total How often all apps were looked at.',
          '# TYPE autoscaler_looks_total counter',
        ],
        ...[
          'autoscaler_looks_total 2',
          '# HELP autoscaler_look_failures_total How often no Marathon told of its apps.',
        ],
        ...['# TYPE autoscaler_look_failures_total counter', 'autoscaler_look_failures_total 0', ''],
      ].join('\n'),
    );
  });
});
