import { describe, expect, it } from 'vitest';
import { exposition, type Measure } from '../../../protocol/exposition.ts';
import { appOfExecutor, containerMeasures } from '../../../engine/metrics/read/containers.ts';
import { haproxyMeasures } from '../../../engine/metrics/read/haproxy-metrics.ts';
import { appMeasures, queueMeasures } from '../../../engine/metrics/read/marathon-apps.ts';
import { marathonMeasures } from '../../../engine/metrics/read/marathon-metrics.ts';
import { zookeeperMeasures } from '../../../engine/metrics/read/zookeeper-metrics.ts';

const linesOf = (measures: readonly Measure[]) =>
  exposition(measures)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('metrics of Marathon', () => {
  it('lose the words that say what they are, and have methods, classes and states as labels', () => {
    const timer = { count: 4, p50: 0.5, p999: 0.9, mean: 0.6, m1_rate: 2, duration_units: 'seconds' };
    const lines = linesOf(
      marathonMeasures(
        {
          version: '4.0.0',
          gauges: {
            'marathon.apps.active.gauge': { value: 3 },
            'marathon.jvm.memory.heap.used.gauge.bytes': { value: 9 },
          },
          counters: {
            'marathon.mesos.task-updates.task-running.counter': { count: 5 },
            'marathon.http.responses.size.counter.bytes': { count: 6 },
          },
          histograms: {},
          meters: { 'marathon.http.responses.4xx.rate.meter': { count: 7, m1_rate: 1 } },
          timers: {
            'marathon.http.requests.duration.timer.seconds': timer,
            'marathon.http.requests.get.duration.timer.seconds': { count: 4 },
          },
        },
        { marathon: 'm:8080' },
      ),
    );
    expect(lines).toEqual([
      'marathon_apps_active{marathon="m:8080"} 3',
      'marathon_jvm_memory_heap_used_bytes{marathon="m:8080"} 9',
      'marathon_mesos_task_updates_total{marathon="m:8080",state="running"} 5',
      'marathon_http_responses_size_bytes_total{marathon="m:8080"} 6',
      'marathon_http_responses_total{marathon="m:8080",code="4xx"} 7',
      'marathon_http_requests_duration_seconds{marathon="m:8080",quantile="0.5"} 0.5',
      'marathon_http_requests_duration_seconds{marathon="m:8080",quantile="0.999"} 0.9',
      'marathon_http_requests_duration_seconds_count{marathon="m:8080"} 4',
      'marathon_http_requests_by_method_duration_seconds_count{marathon="m:8080",method="get"} 4',
    ]);
    expect(marathonMeasures('no JSON', {})).toEqual([]);
  });

  it('tell of each app, and of what waits', () => {
    const app = { id: '/shop/web', instances: 3, tasksRunning: 2, tasksUnhealthy: 1, deployments: [{ id: 'd' }] };
    expect(linesOf(appMeasures({ apps: [app] }))).toEqual([
      'marathon_app_instances{app="/shop/web"} 3',
      'marathon_app_tasks_running{app="/shop/web"} 2',
      'marathon_app_tasks_unhealthy{app="/shop/web"} 1',
      'marathon_app_deployments{app="/shop/web"} 1',
    ]);
    const queue = [
      {
        count: 2,
        delay: { timeLeftSeconds: 30, overdue: false },
        processedOffersSummary: { unusedOffersCount: 8 },
        app: { id: '/big' },
      },
      { count: 1, delay: { timeLeftSeconds: 0, overdue: true }, pod: { id: '/pod' } },
    ];
    expect(linesOf(queueMeasures({ queue }))).toEqual([
      'marathon_queue_size 2',
      'marathon_queue_instances{app="/big"} 2',
      'marathon_queue_instances{app="/pod"} 1',
      'marathon_queue_delay_seconds{app="/big"} 30',
      'marathon_queue_delay_seconds{app="/pod"} 0',
      'marathon_queue_offers_unused_total{app="/big"} 8',
    ]);
    expect(linesOf(queueMeasures({ queue: [] }))).toEqual(['marathon_queue_size 0']);
    expect(queueMeasures(undefined)).toEqual([]);
  });
});

describe('metrics of containers', () => {
  it('have the app that the container is of', () => {
    const statistics = { cpus_user_time_secs: 1.5, mem_rss_bytes: 7, disk_used_bytes: 3, disk_limit_bytes: 9 };
    const executor = 'shop_web.instance-c393cc4e-0932-4259-8460-7f5fc6dcbdac._app.1';
    const container = { executor_id: executor, framework_id: 'f', statistics };
    const labels = `agent="a:5051",app="/shop/web",framework_id="f",executor_id="${executor}"`;
    expect(linesOf(containerMeasures([container, { container_id: 'of no executor', statistics }], 'a:5051'))).toEqual([
      `mesos_container_cpu_seconds_total{${labels},mode="user"} 1.5`,
      `mesos_container_memory_rss_bytes{${labels}} 7`,
      `mesos_container_disk_limit_bytes{${labels}} 9`,
      `mesos_container_disk_used_bytes{${labels}} 3`,
    ]);
    expect(containerMeasures({ no: 'list' }, 'a')).toEqual([]);
  });

  it.each([
    ['web.c393cc4e-0932-4259-8460-7f5fc6dcbdac', '/web'],
    ['a_b-c_d.marathon-c393cc4e-0932-4259-8460-7f5fc6dcbdac', '/a/b-c/d'],
    ['marathon-web.c393cc4e-0932-4259-8460-7f5fc6dcbdac', '/web'],
    ['instance-group_pod.c393cc4e-0932-4259-8460-7f5fc6dcbdac', '/group/pod'],
    ['ct:1700000000:0:nightly:', ''],
  ])('%s is of the app %s', (executor, app) => {
    expect(appOfExecutor(executor)).toBe(app);
  });
});

describe('metrics of ZooKeeper', () => {
  it('are what mntr of a real one says (3.8)', () => {
    const text = [
      'zk_version\t3.8.0-${mvnbuild.number}, built on 2022-02-25 08:49 UTC',
      'zk_server_state\tleader',
      'zk_avg_latency\t0.5',
      'zk_packets_received\t1520',
      'zk_znode_count\t31',
      'zk_approximate_data_size\t1892',
      'zk_uptime\t9000',
      'zk_synced_followers\t2',
      'not mntr',
      '',
    ].join('\n');
    expect(linesOf(zookeeperMeasures(text, 'z:2181'))).toEqual([
      'zookeeper_build_info{zookeeper="z:2181",version="3.8.0-${mvnbuild.number}"} 1',
      'zookeeper_server_state{zookeeper="z:2181",state="leader"} 1',
      'zookeeper_avg_latency_seconds{zookeeper="z:2181"} 0.0005',
      'zookeeper_packets_received_total{zookeeper="z:2181"} 1520',
      'zookeeper_znodes{zookeeper="z:2181"} 31',
      'zookeeper_approximate_data_size_bytes{zookeeper="z:2181"} 1892',
      'zookeeper_uptime_seconds{zookeeper="z:2181"} 9',
      'zookeeper_synced_followers{zookeeper="z:2181"} 2',
    ]);
  });
});

describe('metrics of the load balancer', () => {
  it("are HAProxy's statistics, by proxy and server", () => {
    const csv = [
      '# pxname,svname,qcur,scur,smax,stot,bin,bout,econ,status,type,hrsp_2xx,hrsp_5xx,',
      'web_10000,FRONTEND,,1,2,30,400,500,,OPEN,0,28,2,',
      'web_10000,agent1_31005,0,1,2,30,400,500,4,UP 1/3,2,28,2,',
      'web_10000,BACKEND,0,1,2,30,400,500,4,DOWN,1,28,2,',
    ].join('\n');
    const lines = linesOf(haproxyMeasures(csv, 'lb:9090'));
    const own = 'load_balancer="lb:9090",proxy="web_10000"';
    expect(lines).toContain(`haproxy_frontend_sessions_total{${own}} 30`);
    expect(lines).toContain(`haproxy_frontend_http_responses_total{${own},code="5xx"} 2`);
    expect(lines).toContain(`haproxy_server_connection_errors_total{${own},server="agent1_31005"} 4`);
    expect(lines).toContain(`haproxy_server_status{${own},server="agent1_31005"} 1`);
    expect(lines).toContain(`haproxy_backend_status{${own}} 0`);
    expect(lines.filter((line) => line.includes('frontend_current_queue'))).toEqual([]);
  });
});
