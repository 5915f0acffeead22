import { describe, expect, it } from 'vitest';
import { readApps } from '../../../engine/load-balancer/marathon-app.ts';
import { serverPool } from '../../../engine/load-balancer/server-pool.ts';
import { serviceTable, type TableOptions } from '../../../engine/load-balancer/service-table.ts';
import { fakeApp, fakeTask } from './fake-marathon.ts';

const options: TableOptions = { groups: ['external'], hosts: {}, wasServing: () => false };
const table = (apps: readonly unknown[], more: Partial<TableOptions> = {}) =>
  serviceTable(readApps({ apps }), { ...options, ...more });
const web = fakeApp({ id: '/shop/web', servicePort: 10_000, tasks: [31_002, 31_001] });

describe('the service table', () => {
  it('has the service ports of the apps in the group, with their running and healthy tasks', () => {
    const tasks = [
      ...web.tasks,
      fakeTask('/shop/web', 31_003, 'TASK_STAGING'),
      fakeTask('/shop/web', 31_004, 'TASK_RUNNING', false),
      fakeTask('/shop/web', 31_005, 'TASK_KILLING'),
    ];
    expect(table([{ ...web, tasks }])).toEqual([
      {
        port: 10_000,
        appId: '/shop/web',
        name: 'shop_web_10000',
        mode: 'http',
        virtualHosts: [],
        paths: [],
        weight: 0,
        rules: { balance: 'roundrobin' },
        servers: [31_001, 31_002].map((port) => ({
          name: `127_0_0_1_${port}`,
          host: '127.0.0.1',
          port,
          taskId: `shop/web.${port}`,
          isDraining: false,
        })),
      },
    ]);
  });

  it('leaves out apps of no group, of another group, and ports that are disabled or have no service port', () => {
    expect(table([{ ...web, labels: {} }])).toEqual([]);
    expect(table([{ ...web, labels: { HAPROXY_GROUP: 'internal' } }])).toEqual([]);
    expect(table([{ ...web, labels: { ...web.labels, HAPROXY_0_ENABLED: 'false' } }])).toEqual([]);
    expect(table([fakeApp({ id: '/a', servicePort: 0, tasks: [] })])).toEqual([]);
  });

  it('takes one of several groups, the group of a single port, and all groups for *', () => {
    expect(table([{ ...web, labels: { HAPROXY_GROUP: 'internal, external' } }])).toHaveLength(1);
    expect(table([{ ...web, labels: { HAPROXY_0_GROUP: 'external' } }])).toHaveLength(1);
    expect(table([{ ...web, labels: { HAPROXY_GROUP: 'external', HAPROXY_0_GROUP: 'internal' } }])).toEqual([]);
    expect(table([{ ...web, labels: { HAPROXY_GROUP: 'internal' } }], { groups: ['*'] })).toHaveLength(1);
  });

  it('is HTTP for a health check over HTTP or a virtual host, TCP otherwise, and what the label says before all', () => {
    const mode = (app: object) => table([app])[0]?.mode;
    const plain = { ...web, healthChecks: [] };
    expect(mode(web)).toBe('http');
    expect(mode(plain)).toBe('tcp');
    expect(mode({ ...plain, labels: { ...web.labels, HAPROXY_0_VHOST: 'shop.example.com' } })).toBe('http');
    expect(mode({ ...plain, labels: { ...web.labels, HAPROXY_0_MODE: 'http' } })).toBe('http');
    expect(mode({ ...web, labels: { ...web.labels, HAPROXY_0_MODE: 'tcp' } })).toBe('tcp');
    expect(mode({ ...web, healthChecks: [{ protocol: 'MESOS_HTTP', portIndex: 1 }] })).toBe('tcp');
  });

  it('is HTTP for the health check of the port that a label names, and for one with a port of its own', () => {
    const label = { ...web.labels, HAPROXY_0_BACKEND_HEALTHCHECK_PORT_INDEX: '1' };
    const checks = [{ protocol: 'HTTP', portIndex: 1 }];
    expect(table([{ ...web, healthChecks: checks }])[0]?.mode).toBe('tcp');
    expect(table([{ ...web, healthChecks: checks, labels: label }])[0]?.mode).toBe('http');
    expect(table([{ ...web, healthChecks: [{ protocol: 'HTTP', port: 8080 }] }])[0]?.mode).toBe('http');
  });

  it('weighs paths more than whole hosts, unless a weight says otherwise', () => {
    const weight = (labels: object) => table([{ ...web, labels: { ...web.labels, ...labels } }])[0]?.weight;
    expect(weight({ HAPROXY_0_PATH: '/api' })).toBe(1);
    expect(weight({ HAPROXY_0_PATH: '/api', HAPROXY_0_BACKEND_WEIGHT: '-1' })).toBe(-1);
    expect(weight({ HAPROXY_0_BACKEND_WEIGHT: '3' })).toBe(3);
  });

  it('keeps a running task without health results only if it served before', () => {
    const app = { ...web, tasks: [{ ...fakeTask('/shop/web', 31_001), healthCheckResults: undefined }] };
    expect(table([app])[0]?.servers).toEqual([]);
    expect(table([app], { wasServing: (id) => id === 'shop/web.31001' })[0]?.servers).toHaveLength(1);
  });

  it('reads port definitions and the old forms', () => {
    const base = { id: 'a', labels: { HAPROXY_GROUP: 'external' }, tasks: [fakeTask('/a', 31_009)] };
    const ports = (app: object) => table([{ ...base, ...app }]).map(({ port }) => port);
    expect(ports({ portDefinitions: [{ port: 10_001 }, { port: 10_002 }] })).toEqual([10_001, 10_002]);
    expect(ports({ ports: [10_003] })).toEqual([10_003]);
    expect(ports({ container: { docker: { portMappings: [{ containerPort: 1, servicePort: 10_004 }] } } })).toEqual([
      10_004,
    ]);
  });

  it('reaches agents by the addresses it is told, and tasks with an address of their own there', () => {
    const task = { ...fakeTask('/shop/web', 31_001), host: 'agent1', ipAddresses: [{ ipAddress: '9.0.0.5' }] };
    const server = (app: object) => table([app], { hosts: { agent1: '127.0.0.9' } })[0]?.servers[0];
    const own = { ...web, tasks: [task], networks: [{ mode: 'container' }] };
    expect(server({ ...web, tasks: [task] })).toMatchObject({
      ...{ name: 'agent1_127_0_0_9_31001', host: '127.0.0.9', port: 31_001 },
    });
    expect(server(own)).toMatchObject({ name: 'agent1_9_0_0_5_80', host: '9.0.0.5', port: 80 });
    // Looked up for the name alone.
    const byName = table([{ ...web, tasks: [task] }], { addresses: { agent1: '172.18.0.5' } })[0]?.servers[0];
    expect(byName).toMatchObject({ name: 'agent1_172_18_0_5_31001', host: 'agent1' });
    expect(table([{ ...web, tasks: [task] }])[0]?.servers[0]?.name).toBe('agent1_31001');
  });

  it.each([
    ['networks', { networks: [{ mode: 'container', name: 'apps' }] }],
    [
      'docker.network',
      { container: { docker: { network: 'USER' }, portMappings: [{ containerPort: 80, servicePort: 10_000 }] } },
    ],
    ['ipAddress', { ipAddress: {} }],
  ])('knows by %s that tasks have addresses, and leaves out one that has none yet', (_, said) => {
    const task = { ...fakeTask('/shop/web', 31_001), host: 'agent1', ipAddresses: [{ ipAddress: '9.0.0.5' }] };
    const servers = (tasks: readonly object[]) => table([{ ...web, networks: [], ...said, tasks }])[0]?.servers;
    expect(servers([task])).toMatchObject([{ host: '9.0.0.5', port: 80 }]);
    expect(servers([{ ...task, ipAddresses: [] }])).toEqual([]);
  });

  it('gives a port that two apps claim to the first of them', () => {
    const other = fakeApp({ id: '/a', servicePort: 10_000, tasks: [] });
    expect(table([web, other]).map(({ appId }) => appId)).toEqual(['/a']);
  });

  it('survives answers that are not Marathon’s', () => {
    for (const answer of [null, [], 'apps', { apps: {} }, { apps: [null, 1, { id: 5 }, { id: '/a', tasks: [{}] }] }]) {
      expect(serviceTable(readApps(answer), options)).toEqual([]);
    }
  });
});

describe('the access to a service', () => {
  it('is known through changes of its servers, until its label changes', () => {
    const serviceBy = (label: string, tasks: readonly number[]) => {
      const app = fakeApp({
        id: '/web',
        servicePort: 10_000,
        tasks,
        labels: { HAPROXY_GROUP: 'external', HAPROXY_0_AUTH: label },
      });
      const [service] = table([app]);
      if (service === undefined) throw new Error('not served');
      return service;
    };
    const label = 'The shop:me:$5$x$fdwVDAMXlk8zh6tXcbhm3zDCYL9mXaYJTLY3mzmn0W0';
    const pool = serverPool(serviceBy(label, [31_001]));
    const { auth } = pool.service().rules;
    pool.update(serviceBy(label, [31_001, 31_002]));
    expect(pool.servers()).toHaveLength(2);
    expect(auth).toBeDefined();
    expect(pool.service().rules.auth).toBe(auth);
    pool.update(serviceBy(label.replace(':me:', ':you:'), [31_001, 31_002]));
    expect(pool.service().rules.auth).not.toBe(auth);
    expect(pool.service().rules.auth?.lets(`Basic ${btoa('me:geheim')}`)).toBe(false);
  });
});
