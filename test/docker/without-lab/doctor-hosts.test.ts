import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { containersOn, hostsLab, type HostsLab, type HostsSpec } from '../support/hosts-lab.ts';
import { startHosts, type TestHosts } from '../support/three-hosts.ts';
import { untilTrue } from '../support/until.ts';

/* doctor in a lab of several machines: what it finds without starting anything on them. */

const hasTools =
  requireTool('Docker Engine', ['docker', 'info']) && requireTool('sshd', ['sh', '-c', 'command -v sshd']);

const names = ['node1', 'node2', 'node3'] as const;

interface Found {
  readonly node?: string;
  readonly need: string;
  readonly ok: boolean;
  readonly isWarning?: boolean;
  readonly found: string;
  readonly fix?: string;
}

interface Answer {
  readonly lab: { readonly name: string; readonly can: boolean };
  readonly runtimes: readonly [
    { readonly runtime: string; readonly can: boolean; readonly findings: readonly Found[] },
  ];
}

describe.skipIf(!hasTools)('doctor on several hosts', () => {
  let hosts: TestHosts;
  let lab: HostsLab;
  let folder: string;

  /** Each node has everything: it needs a way to each of the others. */
  const spec = (more: Readonly<Record<string, object>> = {}): HostsSpec => ({
    name: 'h10-doctor',
    nodes: names.map((name) => ({
      host: hosts.host(name),
      roles: ['zookeeper', 'mesos-master', 'marathon', 'mesos-agent'],
      ...more[name],
    })),
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-hosts-'));
    hosts = await startHosts({ name: 'h10', first: '192.168.63.11' });
    lab = await hostsLab(hosts, spec());
  });
  afterAll(async () => {
    await lab.remove();
    await hosts.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks doctor, and looks that nothing is left on the hosts. */
  async function ask(from: HostsLab = lab) {
    const { status, stdout, stderr } = await from.run('doctor', '--json');
    const answer = JSON.parse(stdout) as Answer;
    const [{ findings }] = answer.runtimes;
    expect(await containersOn(hosts, ...names)).toEqual([]);
    expect(answer.lab.can, stderr).toBe(status === 0);
    const lines = findings.filter(({ ok }) => !ok).map(({ node = '', need, found }) => `${node} ${need}: ${found}`);
    return { status, findings, wrong: lines };
  }

  /** While something listens at a port of a host. */
  async function withListener<Result>(node: string, port: number, action: () => Promise<Result>): Promise<Result> {
    const listen = `${process.execPath} -e 'require("node:net").createServer().listen(${String(port)}, "0.0.0.0")'`;
    const pid = await hosts.exec(node, 'bash', '-c', `${listen} >/dev/null 2>&1 </dev/null & echo $!`);
    const listens = `for i in {1..100}; do (: </dev/tcp/127.0.0.1/${String(port)}) 2>/dev/null && exit; sleep 0.05; done; exit 1`;
    try {
      await hosts.exec(node, 'bash', '-c', listens);
      return await action();
    } finally {
      await hosts.exec(node, 'kill', pid.trim());
    }
  }

  it('has a figure for each thing of each host, and times from each to each', async () => {
    const { status, findings, wrong } = await ask();
    expect([status, wrong]).toEqual([0, []]);
    const needs = [
      ...[
        'Log in over SSH',
        'Docker Engine 24.0 or newer',
        'Image set lite',
        'Clock',
        'Address',
        'Disk',
        'Ports',
        'Memory',
      ],
      ...['Way from this machine', 'Way to the other machines'],
    ];
    for (const name of names)
      expect(findings.filter(({ node }) => node === name).map(({ need }) => need)).toEqual(needs);
    expect(findings.filter(({ need }) => need.startsWith('Way to')).map(({ found }) => found)).toEqual([
      expect.stringMatching(/^node2 and node3 answer in .* ms \(ports 2181, 2888, 3888, 5050, 5051, 8080\)$/),
      expect.stringMatching(/^node1 and node3 answer/),
      expect.stringMatching(/^node1 and node2 answer/),
    ]);
  });

  it('finds a port that a firewall between the hosts keeps closed', async () => {
    const rule = ['INPUT', '-p', 'tcp', '--dport', '2888', '-j', 'DROP'];
    await hosts.exec('node1', 'iptables', '-I', ...rule);
    const { status, wrong } = await ask().finally(() => hosts.exec('node1', 'iptables', '-D', ...rule));
    expect([status, wrong]).toEqual([
      3,
      ['node2', 'node3'].map(
        (node) =>
          expect.stringMatching(
            new RegExp(`^${node} Way to .*: node1 .* answers, but not at 2888 \\(ZooKeeper members\\)`),
          ) as unknown,
      ),
    ]);
  });

  it('refuses a host key that nobody knows, and one that is not the one that is known', async () => {
    const keyOf = (name: string) =>
      readFileSync(hosts.knownHosts, 'utf8')
        .split('\n')
        .find((line) => line.startsWith(`${name},`))
        ?.split(' ')
        .slice(1)
        .join(' ') ?? '';
    const known = join(folder, 'known_hosts');
    const line = (name: string, key: string) => `${hosts.host(name).address} ${key}\n`;
    writeFileSync(known, line('node1', keyOf('node1')) + line('node2', keyOf('node3')));
    const options = `-F none -i ${hosts.sshKey} -o IdentitiesOnly=yes -o UserKnownHostsFile=${known} -o GlobalKnownHostsFile=/dev/null`;
    writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${options} "$@"\n`);
    chmodSync(join(folder, 'ssh'), 0o755);
    const stranger = await hostsLab(hosts, spec(), { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const { status, findings } = await ask(stranger);
    await stranger.remove();
    expect([status, findings.filter(({ ok }) => !ok)]).toMatchObject([
      3,
      [
        {
          node: 'node2',
          need: 'Log in over SSH',
          found: expect.stringContaining('its host key is another one than this machine knows'),
          fix: expect.stringContaining('ssh-keygen -R 192.168.63.12'),
        },
        {
          node: 'node3',
          need: 'Log in over SSH',
          found: expect.stringContaining('its host key is not known here, and is never accepted unseen'),
          fix: expect.stringContaining('ssh-keyscan 192.168.63.13'),
        },
      ],
    ]);
  });

  it('ends at Ctrl-C while a host does not answer', async () => {
    await hosts.cut('node2');
    const doctor = lab.start('doctor');
    const asksNode2 = ['-f', '/ssh -F .*192\\.168\\.63\\.12'];
    await untilTrue(
      'node2 was asked',
      30_000,
      async () => (await execa('pgrep', asksNode2, { reject: false })).exitCode === 0,
    );
    const interruptedAt = performance.now();
    doctor.interrupt();
    const { status } = await doctor.ended.finally(() => hosts.join('node2'));
    expect([status, performance.now() - interruptedAt]).toEqual([130, expect.toSatisfy((ms: number) => ms < 2000)]);
    expect(await containersOn(hosts, ...names)).toEqual([]);
  });

  it('finds a port that is taken', async () => {
    const { status, wrong } = await withListener('node3', 5050, () => ask());
    expect([status, wrong]).toEqual([
      3,
      [expect.stringMatching(/^node3 Ports: .* taken: 5050 \(mesos-master\) \(0\.0\.0\.0:5050\)$/)],
    ]);
  });

  it('finds a host whose cable is out, and at the same time what is wrong with another', async () => {
    await hosts.cut('node2');
    const { status, wrong } = await withListener('node3', 8080, () => ask()).finally(() => hosts.join('node2'));
    expect([status, wrong]).toEqual([
      3,
      [
        expect.stringMatching(/^node1 Way to the other machines: node2 .* is not reached at 2181/),
        expect.stringMatching(
          /^node2 Log in over SSH: node2 \(192\.168\.63\.12\) cannot be reached over SSH: it does not answer/,
        ),
        expect.stringMatching(/^node3 Ports: .* taken: 8080 \(marathon\)/),
        expect.stringMatching(/^node3 Way to the other machines: node2 .* is not reached/),
      ],
    ]);
  });

  it("finds an address that is not the node's, and does not blame the network", async () => {
    await lab.respec(spec({ node2: { address: '192.168.63.77' } }));
    const { status, findings } = await ask();
    expect(status).toBe(3);
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([
      { node: 'node1', need: 'Way to the other machines', fix: 'node2 has another address: see there' },
      {
        node: 'node2',
        need: 'Address',
        found: expect.stringMatching(/^192\.168\.63\.77 is not an address of this machine \(.*192\.168\.63\.12/),
      },
      { node: 'node3', need: 'Way to the other machines', fix: 'node2 has another address: see there' },
    ]);
  });
});
