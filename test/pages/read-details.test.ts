import { expect, test } from 'vitest';
import { readAgentDetails, readTaskDetails, readUsage } from '../../pages/server/mesos/read-agent.ts';
import { readFrameworkDetails, readMaster, readOffers, readRoles } from '../../pages/server/mesos/read-details.ts';

/* In the shapes in which Mesos 1.11 and 1.12 answer. */

const scalar = (name: string, value: number, more: object = {}) => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  role: '*',
  ...more,
});
const reservation = { reservations: [{ type: 'DYNAMIC', role: 'db', principal: 'me' }], role: 'db' };

test('roles have their quota, and what they have of the cluster; what older releases do not say is nothing', () => {
  const quota = { role: 'dev', guarantee: { cpus: 1 }, limit: { cpus: 4 }, consumed: { cpus: 0.3 } };
  const amounts = { resources: { cpus: 0.5 }, allocated: { cpus: 0.3 }, offered: { cpus: 0.2 }, reserved: {} };
  const roles = [
    { name: 'dev', weight: 2, quota, ...amounts, frameworks: ['f'] },
    { name: 'old', weight: 1, resources: { cpus: 1, ports: '[1-2]' }, frameworks: [] },
  ];
  const none = { guarantee: {}, limit: {}, consumed: {}, offered: {}, reserved: {} };
  expect(readRoles({ roles })).toEqual([
    {
      ...{ name: 'dev', weight: 2, guarantee: { cpus: 1 }, limit: { cpus: 4 }, consumed: { cpus: 0.3 } },
      ...{ allocated: { cpus: 0.3 }, offered: { cpus: 0.2 }, reserved: {}, frameworks: ['f'] },
    },
    { ...none, name: 'old', weight: 1, allocated: { cpus: 1 }, frameworks: [] },
  ]);
  expect(readRoles('<html>')).toEqual([]);
});

const frameworks = {
  get_frameworks: {
    frameworks: [
      {
        framework_info: {
          ...{ id: { value: 'f' }, name: 'marathon', user: 'root', principal: 'me', failover_timeout: 60 },
          ...{ checkpoint: true, capabilities: [{ type: 'MULTI_ROLE' }] },
          labels: { labels: [{ key: 'a', value: 'b' }] },
        },
        registered_time: { nanoseconds: 1795158989529442048 },
        unregistered_time: { nanoseconds: 0 },
        allocated_resources: [scalar('cpus', 0.1), scalar('cpus', 0.2)],
        offers: [
          {
            ...{ id: { value: 'o' }, framework_id: { value: 'f' }, agent_id: { value: 'a' }, hostname: 'h' },
            allocation_info: { role: 'dev' },
            resources: [
              scalar('cpus', 1),
              scalar('disk', 10, {
                ...reservation,
                disk: { persistence: { id: 'v1' }, volume: { container_path: 'data' } },
              }),
              {
                name: 'ports',
                ranges: {
                  range: [
                    { begin: 1, end: 2 },
                    { begin: 5, end: 5 },
                  ],
                },
                role: '*',
              },
            ],
          },
        ],
      },
    ],
    completed_frameworks: [{ framework_info: { id: { value: 'old' }, name: 'gone' } }],
  },
};

test('offers have what is reserved, volumes and ports', () => {
  const { count, offers } = readOffers(frameworks);
  expect(count).toBe(1);
  expect(offers[0]).toEqual({
    ...{ id: 'o', framework: 'f', agent: 'a', host: 'h', role: 'dev' },
    resources: [
      { name: 'cpus', amount: 1 },
      { name: 'disk', amount: 10, role: 'db', isDynamic: true, principal: 'me', volume: 'v1', path: 'data' },
      { name: 'ports', amount: '1-2, 5' },
    ],
  });
  expect(readOffers({})).toEqual({ count: 0, offers: [] });
});

test('of very many offers the first are told, and how many there are', () => {
  const offers = Array.from({ length: 1500 }, (_, index) => ({ id: { value: String(index) } }));
  const read = readOffers({ get_frameworks: { frameworks: [{ offers }] } });
  expect([read.count, read.offers.length]).toEqual([1500, 1000]);
});

test('a framework has its times, and resources of one kind are added up', () => {
  expect(readFrameworkDetails(frameworks, 'f')).toMatchObject({
    ...{ principal: 'me', capabilities: ['MULTI_ROLE'], isCheckpointing: true, failoverTimeout: 60, offers: 1 },
    ...{ registeredAt: 1795158989529, allocated: [{ name: 'cpus', amount: 0.3 }], labels: { a: 'b' } },
  });
  expect(readFrameworkDetails(frameworks, 'f')).not.toHaveProperty('unregisteredAt');
  expect(readFrameworkDetails(frameworks, 'old')).toMatchObject({ capabilities: [], failoverTimeout: 0 });
  expect(readFrameworkDetails(frameworks, 'nobody')).toBeUndefined();
});

test('a master tells of itself, and metrics of single frameworks are left out', () => {
  const answers = {
    master: { get_master: { master_info: { id: 'm', version: '1.11.0' }, start_time: 1.5, elected_time: 2.5 } },
    version: { version: '1.11.0', build_time: 1, build_user: '' },
    flags: { flags: { cluster: 'lab', log_dir: '/var/log' } },
    metrics: { 'master/tasks_running': 3, 'master/frameworks/marathon/f/calls': 9 },
    roles: {
      roles: [
        { name: 'a', offered: { cpus: 1 } },
        { name: 'b', offered: { cpus: 2 } },
      ],
    },
  };
  expect(readMaster(answers)).toEqual({
    ...{ id: 'm', cluster: 'lab', version: '1.11.0', builtAt: 1000, startedAt: 1500, electedAt: 2500, hasLog: true },
    ...{ flags: answers.flags.flags, metrics: { 'master/tasks_running': 3 }, offered: { cpus: 3 } },
  });
  const nothing = { master: undefined, version: undefined, flags: undefined, metrics: {}, roles: undefined };
  expect(readMaster(nothing)).toMatchObject({ cluster: '', hasLog: false, offered: {} });
});

const slave = {
  ...{ id: 'a', hostname: 'h', pid: 'slave(1)@10.0.0.1:5051', version: '1.11.0', registered_time: 1.5 },
  unreserved_resources_full: [scalar('cpus', 1)],
  reserved_resources_full: { db: [scalar('cpus', 0.5, reservation)] },
  used_resources_full: [scalar('cpus', 0.2, { allocation_info: { role: '*' } })],
  drain_info: { state: 'DRAINING', config: { max_grace_period: { nanoseconds: 3e9 }, mark_gone: false } },
  estimated_drain_start_time_seconds: 1795906733.3,
};

test('an agent has what is reserved of it, its drain, its maintenance and its executors', () => {
  const executor = { id: 'e', name: 'n', container: 'c', type: 'DEFAULT', tasks: [{}], queued_tasks: [{}] };
  const machine = { hostname: 'H', ip: '10.0.0.1' };
  const details = readAgentDetails('a', {
    slaves: { slaves: [{ id: 'other' }, slave] },
    state: {
      flags: { external_log_file: '/log' },
      frameworks: [{ id: 'f', name: 'marathon', executors: [executor], completed_executors: [{ id: 'x' }] }],
    },
    why: undefined,
    schedule: {
      windows: [
        {
          machine_ids: [machine],
          unavailability: { start: { nanoseconds: 2e9 }, duration: { nanoseconds: 3600e9 } },
        },
      ],
    },
    status: { draining_machines: [{ id: machine }] },
  });
  expect(details).toMatchObject({
    ...{ version: '1.11.0', registeredAt: 1500, used: [{ name: 'cpus', amount: 0.2 }] },
    total: [
      { name: 'cpus', amount: 1 },
      { name: 'cpus', amount: 0.5, role: 'db', isDynamic: true, principal: 'me' },
    ],
    drain: { state: 'DRAINING', startedAt: 1795906733300, grace: 3, marksGone: false },
    maintenance: { mode: 'draining', startsAt: 2000, duration: 3600 },
    own: {
      hasLog: true,
      executors: [
        { id: 'e', container: 'c', type: 'DEFAULT', tasks: 2, isCompleted: false, frameworkName: 'marathon' },
        { id: 'x', tasks: 0, isCompleted: true },
      ],
    },
  });
});

test('of an agent that does not answer the master tells, and why it does not', () => {
  const silent = { state: undefined, why: 'h:5051: no answer', schedule: {}, status: {} };
  const details = readAgentDetails('a', { ...silent, slaves: { slaves: [slave] } });
  expect(details).toMatchObject({ version: '1.11.0', why: 'h:5051: no answer' });
  expect(details).not.toHaveProperty('maintenance');
  expect(details).not.toHaveProperty('own');
  expect(readAgentDetails('a', { ...silent, slaves: { slaves: [] } })).toBeUndefined();
});

test('containers use what was measured; not every isolator measures everything', () => {
  const statistics = { cpus_soft_limit: 0.2, cpus_system_time_secs: 0.25, cpus_user_time_secs: 0.5, timestamp: 7 };
  const containers = [
    { container_id: 'c', executor_id: 'e', framework_id: 'f', statistics: { ...statistics, mem_rss_bytes: 9 } },
    { container_id: 'd', executor_id: 'e', framework_id: 'f' },
  ];
  expect(readUsage(containers)).toEqual([
    { container: 'c', executor: 'e', framework: 'f', at: 7, cpuSeconds: 0.75, cpus: 0.2, memory: 9 },
    { container: 'd', executor: 'e', framework: 'f', at: 0, cpuSeconds: 0 },
  ]);
});

test('a task has its container, addresses and ports; its states are those that events told of, with reasons', () => {
  const status = {
    state: 'TASK_RUNNING',
    timestamp: 1.5,
    container_status: {
      container_id: { value: 'c', parent: { value: 'p' } },
      network_infos: [
        {
          ip_addresses: [{ protocol: 'IPv4', ip_address: '10.0.0.2' }],
          port_mappings: [{ host_port: 31000, container_port: 80, protocol: 'tcp' }],
        },
      ],
    },
  };
  const task = {
    ...{ id: 't', executor_id: 'e', role: 'dev', user: 'nobody', statuses: [status] },
    resources: { cpus: 0.1, ports: '[31000-31000, 31002-31003]' },
    discovery: { ports: { ports: [{ number: 31000, name: 'http', protocol: 'tcp' }] } },
    health_check: { type: 'HTTP', http: { port: 31000, path: '/ok' } },
    container: { type: 'DOCKER', docker: { image: 'nginx' } },
    labels: [{ key: 'k', value: 'v' }],
  };
  expect(readTaskDetails(task, [])).toEqual({
    ...{ executor: 'e', role: 'dev', user: 'nobody', container: 'p.c', addresses: ['10.0.0.2'], image: 'nginx' },
    ...{ ports: ['http 31000/tcp', '31000 → 80/tcp'], portRanges: '31000, 31002-31003', resources: { cpus: 0.1 } },
    ...{ labels: { k: 'v' }, healthCheck: 'HTTP :31000/ok', history: [{ state: 'TASK_RUNNING', at: 1500 }] },
  });
  const told = [{ state: 'TASK_FAILED', at: 2, reason: 'REASON_COMMAND_EXECUTOR_FAILED', message: 'exit 1' }];
  expect(readTaskDetails(task, told).history).toBe(told);
  expect(readTaskDetails(undefined, told)).toMatchObject({ addresses: [], ports: [], resources: {} });
});
