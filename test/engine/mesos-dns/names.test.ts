import { describe, expect, onTestFinished, test } from 'vitest';
import { taskHash } from '../../../engine/mesos-dns/records/task-hash.ts';
import { frameworkOf, startFakeMaster, taskOf } from './fake-master.ts';
import { startKnowing, startTestDns } from './mesos-dns-for-test.ts';

const hash = taskHash('t1');

/** A status of a task that runs, with its address in a network. */
const runningAt = (timestamp: number, ...addresses: readonly string[]) => ({
  state: 'TASK_RUNNING',
  timestamp,
  container_status: { network_infos: [{ ip_addresses: addresses.map((ip_address) => ({ ip_address })) }] },
});

const labelled = (key: string, value: string) => ({
  ...{ state: 'TASK_RUNNING', timestamp: 1 },
  labels: { labels: [{ key, value }] },
});

// docs/naming.md of Mesos-DNS.
describe('a task without discovery', () => {
  const tasks = [taskOf({ id: 't1', name: 'My_App', ports: [31_000, 31_001] })];

  test('has its name, that of its agent, and one of its own', async () => {
    const { ask } = await startKnowing({ tasks });
    for (const name of ['my-app.marathon', `my-app-${hash}-s0.marathon`, 'my-app.marathon.slave']) {
      expect((await ask(`${name}.mesos`)).answers).toEqual([`${name}.mesos 10 A 10.0.0.1`]);
    }
  });

  test('has services for the ports of its resources, by both protocols, which lead to its agent', async () => {
    const { ask } = await startKnowing({ tasks });
    const target = `my-app-${hash}-s0.marathon.slave.mesos`;
    for (const name of ['_my-app._tcp.marathon.mesos', '_my-app._udp.marathon.slave.mesos']) {
      const { answers, additionals } = await ask(name, 'SRV');
      expect([...answers].sort()).toEqual([31_000, 31_001].map((port) => `${name} 10 SRV 0 1 ${port} ${target}`));
      expect(additionals).toEqual([`${target} 10 A 10.0.0.1`]);
    }
  });
});

describe('a task with discovery', () => {
  const discovery = {
    visibility: 'FRAMEWORK',
    name: 'web.shop',
    ports: {
      ports: [
        { number: 8080, name: 'http', protocol: 'tcp' },
        { number: 53, protocol: 'udp' },
        { number: 9, name: 'any' },
      ],
    },
  };
  const tasks = [
    taskOf({ id: 't1', name: 'other', ports: [31_000, 31_000], discovery, statuses: [runningAt(1, '172.17.0.2')] }),
  ];

  test('goes by the name given there, as it is and as a label', async () => {
    const { ask } = await startKnowing({ tasks });
    for (const name of ['web.shop.marathon.mesos', 'web-shop.marathon.mesos']) {
      expect((await ask(name)).answers).toEqual([`${name} 10 A 172.17.0.2`]);
    }
    expect((await ask('other.marathon.mesos')).rcode).toBe('NXDOMAIN');
    expect((await ask('web-shop.marathon.slave.mesos')).answers).toEqual([
      'web-shop.marathon.slave.mesos 10 A 10.0.0.1',
    ]);
  });

  test('has services for the ports given there, by their names and protocols', async () => {
    const { ask } = await startKnowing({ tasks });
    const portsOf = async (name: string) =>
      (await ask(name, 'SRV')).answers.map((answer) => answer.split(' ').slice(5).join(' ')).sort();
    const own = `web-shop-${hash}-s0.marathon.mesos`;
    expect(await portsOf('_web-shop._tcp.marathon.mesos')).toEqual([`8080 ${own}`, `9 ${own}`]);
    expect(await portsOf('_http._web-shop._tcp.marathon.mesos')).toEqual([`8080 ${own}`]);
    expect(await portsOf('_web-shop._udp.marathon.mesos')).toEqual([`53 ${own}`, `9 ${own}`]);
    expect(await portsOf('_any._web-shop._udp.marathon.mesos')).toEqual([`9 ${own}`]);
    // The agent has the port of the resources.
    const onAgent = `web-shop-${hash}-s0.marathon.slave.mesos`;
    expect(await portsOf('_web-shop._tcp.marathon.slave.mesos')).toEqual([`31000 ${onAgent}`]);
  });
});

describe('IPSources', () => {
  const docker = labelled('Docker.NetworkSettings.IPAddress', '172.17.0.5');
  const mesos = labelled('MesosContainerizer.NetworkSettings.IPAddress', '192.0.2.5');

  test.each([
    [['netinfo', 'host'], [runningAt(1, '10.9.9.9')], ['10.9.9.9']],
    [['host', 'netinfo'], [runningAt(1, '10.9.9.9')], ['10.0.0.1']],
    [['docker', 'mesos', 'host'], [docker], ['172.17.0.5']],
    [['docker', 'mesos', 'host'], [mesos], ['192.0.2.5']],
    [['netinfo', 'mesos', 'host'], [docker], ['10.0.0.1']],
    [['netinfo'], [], []],
    // The latest status of a task that runs counts, wherever it stands.
    [['netinfo'], [runningAt(5, '10.9.9.5'), runningAt(2, '10.9.9.2')], ['10.9.9.5']],
    // Both addresses of an interface, the one that is none left out.
    [['netinfo'], [runningAt(1, '10.9.9.1', 'nonsense', '10.9.9.2')], ['10.9.9.1', '10.9.9.2']],
  ] as const)('%j of a task leads to the first that has addresses', async (ipSources, statuses, expected) => {
    const tasks = [taskOf({ id: 't1', statuses })];
    const { ask } = await startKnowing({ tasks }, { config: { ipSources } });
    const { answers } = await ask('web.marathon.mesos');
    expect(answers.map((answer) => answer.split(' ').at(-1)).sort()).toEqual(expected);
  });

  test('an address of IPv6 is in AAAA', async () => {
    const tasks = [taskOf({ id: 't1', statuses: [runningAt(1, 'fd01:b::2:8000:2')] })];
    const { ask } = await startKnowing({ tasks });
    expect((await ask('web.marathon.mesos', 'AAAA')).answers).toEqual(['web.marathon.mesos 10 AAAA fd01:b::2:8000:2']);
    expect(await ask('web.marathon.mesos', 'A')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });
});

describe('other names', () => {
  test('lead to the leader and the masters, which are counted as they are listed', async () => {
    const { ask, master } = await startKnowing({});
    const [, port = ''] = master.authority.split(':');
    expect((await ask('leader.mesos')).answers).toEqual(['leader.mesos 10 A 127.0.0.1']);
    expect((await ask('_leader._udp.mesos', 'SRV')).answers).toEqual([
      `_leader._udp.mesos 10 SRV 0 1 ${port} leader.mesos`,
    ]);
    expect((await ask('master0.mesos')).answers).toEqual(['master0.mesos 10 A 127.0.0.1']);
    expect((await ask('master1.mesos')).rcode).toBe('NXDOMAIN');
    const masters = ['10.0.0.50:5050', master.authority, 'm2:5050'];
    const more = await startKnowing(
      {},
      { config: { masters: [master.authority, ...masters] }, hosts: { m2: ['10.0.0.51'] } },
    );
    await more.until('master2.mesos', 'A', (answers) => answers.includes('master2.mesos 10 A 10.0.0.51'));
    expect((await more.ask('master1.mesos')).answers).toEqual(['master1.mesos 10 A 10.0.0.50']);
    expect((await more.ask('master.mesos')).answers).toHaveLength(3);
  });

  test('lead to agents, and to frameworks by their host or the PID of their driver', async () => {
    const driver = {
      ...frameworkOf('f-1', 'Chronos'),
      summary: { id: 'f-1', pid: 'scheduler-1@10.0.0.7:9000' },
    };
    const byName = frameworkOf('f-2', 'spark.prod', 'spark-host');
    const { ask, until } = await startKnowing(
      { frameworks: [frameworkOf('f-0', 'marathon'), driver, byName] },
      { hosts: { 'spark-host': ['10.0.0.8', 'fd00::8'] } },
    );
    expect([...(await ask('slave.mesos')).answers].sort()).toEqual([
      'slave.mesos 10 A 10.0.0.1',
      'slave.mesos 10 A 10.0.0.2',
    ]);
    expect((await ask('_slave._tcp.mesos', 'SRV')).answers).toEqual(['_slave._tcp.mesos 10 SRV 0 1 5051 slave.mesos']);
    expect((await ask('marathon.mesos')).answers).toEqual(['marathon.mesos 10 A 127.0.0.9']);
    await until('_framework._tcp.chronos.mesos', 'SRV', (answers) =>
      answers.includes('_framework._tcp.chronos.mesos 10 SRV 0 1 9000 chronos.mesos'),
    );
    expect((await ask('chronos.mesos')).answers).toEqual(['chronos.mesos 10 A 10.0.0.7']);
    await until('spark.prod.mesos', 'AAAA', (answers) => answers.length === 1);
    expect((await ask('_framework._tcp.spark.prod.mesos', 'SRV')).answers).toEqual([]);
  });

  test('lead to itself by the name of its SOA record', async () => {
    const { ask } = await startKnowing({}, { config: { soaMname: 'ns.here.mesos' } });
    expect((await ask('ns.here.mesos')).answers).toEqual(['ns.here.mesos 10 A 127.0.0.1']);
    const everywhere = await startKnowing({}, { hosts: { '': ['10.0.0.99'] }, config: { listener: '0.0.0.0' } });
    await everywhere.until('ns1.mesos', 'A', (answers) => answers.includes('ns1.mesos 10 A 10.0.0.99'));
  });

  test('end with another domain, and are shorter by RFC 952', async () => {
    const tasks = [taskOf({ id: 't1', name: `9${'a'.repeat(40)}` })];
    const master = await startFakeMaster({ tasks });
    onTestFinished(() => master.stop());
    const { until } = await startTestDns({
      config: { masters: [master.authority], domain: 'my.lab', enforceRfc952: true },
    });
    await until(`${'a'.repeat(24)}.marathon.my.lab`, 'A', (answers) => answers.length === 1);
  });
});
