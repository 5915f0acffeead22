import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { hostsImages, hostsLab, upOnHosts, type HostsLab, type HostsSpec } from '../support/hosts-lab.ts';
import { runJobOn, startOn } from '../support/jobs-and-names.ts';
import type { LabRun } from '../support/lab-run.ts';
import { startHosts, type TestHosts } from '../support/three-hosts.ts';
import { until } from '../support/until.ts';

const hasTools = [
  ['docker', 'info'],
  ['sh', '-c', 'command -v sshd'],
  ['dig', '-v'],
].every(([tool = '', ...words]) => requireTool(tool, [tool, ...words]));

/** Reference C, and of F that Mesos-DNS is on every agent. */
const specOf = (hosts: TestHosts): HostsSpec => ({
  name: 'jobs-and-names',
  addons: ['chronos', 'mesos-dns'],
  nodes: [
    {
      host: hosts.host('node1'),
      roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'chronos', 'mesos-dns'],
    },
    { host: hosts.host('node2'), roles: ['mesos-agent', 'mesos-dns'] },
  ],
});

describe.skipIf(!hasTools)('Chronos and Mesos-DNS on two hosts', () => {
  let hosts: TestHosts;
  let lab: HostsLab;
  let up: LabRun;
  beforeAll(async () => {
    hosts = await startHosts({ name: 'jobs-names', first: '192.168.57.11', count: 2 });
    await hosts.load(...hostsImages);
    lab = await hostsLab(hosts, specOf(hosts));
    up = await upOnHosts(lab);
  });
  afterAll(async () => {
    await lab.remove();
    await hosts.stop();
  });

  const addressOf = (node: string) => hosts.host(node).address;
  const at = (port: number) => `http://${addressOf('node1')}:${String(port)}`;
  const dig = (from: string, server: string, ...words: readonly string[]) =>
    hosts.exec(from, 'dig', '+short', '+time=2', `@${addressOf(server)}`, ...words);

  it('come up verified: a job has run, and a name has led to a task', () => {
    expect(up.stdout).toMatch(/✓ a job of Chronos runs/);
    expect(up.stdout).toMatch(/by DNS at 192\.168\.57\.11:53/);
  });

  it('run a job on either host', async () => {
    for (const node of ['node1', 'node2']) expect(await runJobOn(at(4400), addressOf(node))).toEqual([1, 0]);
  });

  it('have each host find the tasks of the other by their names, by UDP and TCP', async () => {
    await startOn(at(8080), addressOf('node1'), { id: 'first', cmd: 'sleep 1000' });
    await startOn(at(8080), addressOf('node2'), { id: 'second', cmd: 'sleep 1000' });
    for (const server of ['node1', 'node2']) {
      const from = server === 'node1' ? 'node2' : 'node1';
      for (const way of ['+notcp', '+tcp']) {
        await until('named', 20_000, async () => {
          const seen = [
            await dig(from, server, way, 'first.marathon.mesos'),
            await dig(from, server, way, 'second.marathon.mesos'),
          ];
          const isRight = seen[0] === addressOf('node1') && seen[1] === addressOf('node2');
          return isRight ? { value: true } : { seen: seen.join(' ') };
        });
      }
    }
    expect(await dig('node2', 'node1', 'SRV', '_leader._tcp.mesos')).toMatch(/^0 1 5050 leader\.mesos\.$/);
  });

  it('leave other names to the next server of a host', async () => {
    const words = ['+time=2', '+noall', '+comments', `@${addressOf('node1')}`, 'example.org'];
    expect(await hosts.exec('node2', 'dig', ...words)).toContain('status: REFUSED');
  });
});
