import { describe, expect, it } from 'vitest';
import { figureRules } from '../../../../engine/metrics/hour/figure-rules.ts';
import { figureNames, subjectKinds } from '../../../../protocol/hour-figures.ts';
import { everyMs, measure, ofApp, ringForTest } from './hour-for-test.ts';

const answers = (proxy: string, code: string, value: number, balancer = 'lb1:9090') =>
  measure('haproxy_backend_http_responses_total', value, { load_balancer: balancer, proxy, code });

const served = new Map([['shop_web', ['/shop/web']]]);

describe('figures', () => {
  it('are all of some metric', () => {
    const ruled = [...figureRules.values()].flat().map(({ of, figure }) => `${of} ${figure}`);
    const named = subjectKinds.flatMap((kind) => figureNames[kind].map((name) => `${kind} ${name}`));
    expect([...new Set(ruled)].sort()).toEqual([...named].sort());
  });

  it('are added up over masters, agents and their containers', () => {
    const { record, cluster, agent, app } = ringForTest();
    const containers = [
      ['a:1', '/shop', 100],
      ['a:1', '/shop', 50],
      ['b:1', '/other', 7],
    ] as const;
    record([
      measure('mesos_master_cpus_capacity', 6, { master: 'm1' }),
      measure('mesos_master_cpus_capacity', 0, { master: 'm2' }),
      ...containers.map(([of, id, bytes], index) =>
        measure('mesos_container_memory_rss_bytes', bytes, { agent: of, app: id, executor_id: String(index) }),
      ),
    ]);
    expect(cluster().figures).toMatchObject({ cpusTotal: [6], memoryInUse: [157], cpusAllocated: [null] });
    expect(agent('a:1').figures['memoryInUse']).toEqual([150]);
    expect(app('/shop').figures['memoryInUse']).toEqual([150]);
    expect(app('/other').figures['memoryInUse']).toEqual([7]);
  });

  it('have rates from the second sample on, of each counter by itself', () => {
    const { record, app, cluster } = ringForTest();
    const both = (one: number, other: number) => [
      ...[ofApp('/shop/web', 1), answers('shop_web_10000', '2xx', one)],
      ...[answers('shop_web_10000', '5xx', 0), answers('shop_web_10000', '2xx', other, 'lb2:9090')],
    ];
    record(both(1000, 500), served);
    record(both(1100, 500), served);
    // The first load balancer began anew; then the second one is gone.
    record(both(20, 510), served);
    record(both(30, 510).slice(0, 3), served);
    expect(app('/shop/web').figures['requests']).toEqual([null, 10, 3, 1]);
    expect(app('/shop/web').figures['errors']).toEqual([null, 0, 0, 0]);
    expect(cluster().figures['requests']).toEqual([null, 10, 3, 1]);
  });

  it('have the time between samples in rates, however long it was, and ends of tasks by the minute', () => {
    const { record, cluster, wait } = ringForTest();
    const ended = (state: string, value: number) =>
      measure('mesos_master_tasks_ended_total', value, { master: 'm1', state });
    record([ended('failed', 0), ended('lost', 1), ended('finished', 0)]);
    wait(everyMs);
    record([ended('failed', 1), ended('lost', 2), ended('finished', 10)]);
    expect(cluster().figures).toMatchObject({ tasksFailed: [null, 6], tasksFinished: [null, 30] });
  });

  it('have sessions for requests where a service is no HTTP', () => {
    const { record, app, cluster } = ringForTest();
    const both = new Map([...served, ['other', ['/other']]]);
    const sample = (tcp: number, http: number) => [
      ...[
        ['shop_web_10001', tcp],
        ['other_10002', 7 * http],
      ].map(([proxy = '', value = 0]) =>
        measure('haproxy_backend_sessions_total', Number(value), { load_balancer: 'lb1:9090', proxy: String(proxy) }),
      ),
      answers('other_10002', '2xx', http),
    ];
    record(sample(0, 0), both);
    record(sample(50, 10), both);
    expect(app('/shop/web').figures['requests']).toEqual([null, 5]);
    expect(app('/other').figures['requests']).toEqual([null, 1]);
    expect(cluster().figures['requests']).toEqual([null, 6]);
  });

  it('are of all apps of a deployment group, and of none for what a load balancer has for itself', () => {
    const { record, app, cluster } = ringForTest();
    const group = new Map([['shop', ['/shop-blue', '/shop-green']]]);
    const proxies = (value: number) => [answers('shop_10000', '2xx', value), answers('stats', '2xx', 5 * value)];
    record(proxies(0), group);
    record(proxies(100), group);
    for (const id of ['/shop-blue', '/shop-green']) expect(app(id).figures['requests']).toEqual([null, 10]);
    expect(cluster().figures['requests']).toEqual([null, 10]);
  });

  it('say that nothing waits where the queue was told of, and that what does not run uses nothing', () => {
    const { record, app, cluster, agent } = ringForTest();
    const running = measure('marathon_app_tasks_running', 0, { app: '/shop' });
    const idle = measure('mesos_agent_tasks', 0, { agent: 'a:1', state: 'running' });
    record([ofApp('/shop', 1), running, measure('marathon_queue_size', 0), idle]);
    record([measure('marathon_queue_size', 1), measure('marathon_queue_instances', 3, { app: '/shop' })]);
    expect(cluster().figures['instancesWaiting']).toEqual([0, 3]);
    expect(app('/shop').figures).toMatchObject({ waiting: [0, 3], cpusInUse: [0, null], memoryInUse: [0, null] });
    expect(agent('a:1').figures['cpusInUse']).toEqual([0, null]);
  });
});
