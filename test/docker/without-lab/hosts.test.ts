import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { containersOn, hostsImages, hostsLab, upOnHosts, type HostsLab, type HostsSpec } from '../support/hosts-lab.ts';
import { startHosts, type TestHosts } from '../support/three-hosts.ts';
import { until } from '../support/until.ts';

const hasTools =
  requireTool('Docker Engine', ['docker', 'info']) && requireTool('sshd', ['sh', '-c', 'command -v sshd']);

let hosts: TestHosts;

/** Reference B: node1 has everything but the agents. One of three kinds of endpoint each. */
const referenceB = (...agents: readonly string[]): HostsSpec => ({
  name: 'hosts-b',
  nodes: [
    {
      host: hosts.host('node1'),
      docker: hosts.host('node1').socket,
      roles: ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'],
    },
    ...agents.map((name) => ({ host: hosts.host(name), roles: ['mesos-agent'] })),
  ],
});

/** Reference D: three of everything, ZooKeeper ids 2, 3 and 4. */
const referenceD = (name = 'hosts-d'): HostsSpec => ({
  name,
  nodes: ['node1', 'node2', 'node3'].map((node, index) => ({
    host: hosts.host(node),
    zookeeperId: index + 2,
    roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon'],
  })),
  mesos: { cluster: 'MesosCluster' },
});

const threeNames = ['node1', 'node2', 'node3'] as const;

/** The cluster as somebody sees it who knows nothing of the plan. */
const verifyByUrl = (lab: HostsLab) => {
  const at = (port: number) => `http://${hosts.host('node1').address}:${String(port)}`;
  return lab.run('verify', '--mesos', at(5050), '--marathon', at(8080), '--lb', at(9090), '--timeout', '60');
};

describe.skipIf(!hasTools)('labs on several hosts', () => {
  beforeAll(async () => {
    hosts = await startHosts({ name: 'hosts-rt', diskMb: { node5: 150 } });
    await hosts.load(...hostsImages);
  });
  afterAll(() => hosts.stop());

  describe('reference B', () => {
    let lab: HostsLab;
    beforeAll(async () => {
      lab = await hostsLab(hosts, referenceB('node2', 'node3'));
    });
    afterAll(() => lab.remove());

    it('comes up with its node table, verified from a fourth place', async () => {
      const up = await upOnHosts(lab);
      expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
      expect(up.stderr).toMatch(
        /builds the image[\s\S]*Copying[\s\S]*ZooKeeper on node1[\s\S]*masters on node1[\s\S]*agents and Marathon on node1, node2, node3[\s\S]*load balancer on node1/,
      );
      const status = await lab.run('status');
      for (const { name, address } of hosts.hosts)
        expect(status.stdout).toMatch(new RegExp(`^${name} +${address} .*ok`, 'm'));
      expect(status.stdout).toMatch(/node3-mesos-agent +mesos-agent +active/);
      expect((await lab.run('list')).stdout).toMatch(/hosts-b +hosts +on 3 machines/);
    });

    it('is left as it is by a second up', async () => {
      const before = (await containersOn(hosts, ...threeNames)).filter((line) => line.includes('hosts-b-'));
      const again = await upOnHosts(lab);
      expect(again.stderr).toContain('The lab runs already');
      const after = (await containersOn(hosts, ...threeNames)).filter((line) => line.includes('hosts-b-'));
      expect(after).toEqual(before);
    });

    it('shows logs and runs commands by node and component', async () => {
      const [logs, exec, ssh] = await Promise.all([
        lab.run('logs', 'node2', '--tail', '5'),
        lab.run('exec', 'node3-mesos-agent', 'hostname'),
        lab.run('ssh', 'node2', 'hostname'),
      ]);
      expect(logs.stdout).toMatch(/Registered|master detected/);
      expect([exec.stdout.trim(), ssh.stdout.trim()]).toEqual(['node3', 'node2']);
    });

    it('stops and starts a node', async () => {
      expect((await lab.run('stop', 'node3')).status).toBe(0);
      const stopped = await lab.run('status', '--json');
      expect(stopped.status).toBe(5);
      expect(JSON.parse(stopped.stdout)).toMatchObject({
        parts: expect.arrayContaining([expect.objectContaining({ id: 'node3-mesos-agent', state: 'exited' })]),
      });
      const start = await lab.run('start', 'node3');
      expect([start.status, start.stdout], start.stderr).toEqual([0, expect.stringContaining('runs again')]);
    });

    it('moves tasks when a cable is pulled, and has the agent back with the cable', async () => {
      const mover = {
        id: 'mover',
        cmd: 'sleep 1000',
        cpus: 0.1,
        mem: 16,
        instances: 4,
        unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 },
      };
      writeFileSync(join(lab.directory, 'apps/mover.json'), JSON.stringify(mover));
      expect((await lab.run('deploy', 'apps/mover.json', '--wait', '--timeout', '60')).status).toBe(0);
      await hosts.cut('node3');
      await until('all tasks on node2', 90_000, async () => {
        const answer = await fetch(`http://${hosts.host('node1').address}:8080/v2/apps/mover/tasks`);
        const { tasks } = (await answer.json()) as { tasks: readonly { host: string; state: string }[] };
        const running = tasks.filter(({ state }) => state === 'TASK_RUNNING').map(({ host }) => host);
        const moved = running.length === 4 && running.every((host) => host === hosts.host('node2').address);
        return moved ? { value: true } : { seen: JSON.stringify(tasks.map(({ host, state }) => `${host} ${state}`)) };
      });
      const without = await verifyByUrl(lab);
      expect(without.status, without.stdout + without.stderr).toBe(0);
      await hosts.join('node3');
      await until('verified with all agents', 60_000, async () => {
        const { status, stdout, stderr } = await lab.run('verify', '--timeout', '20');
        return status === 0 ? { value: true } : { seen: stdout + stderr };
      });
    });

    it('adds a node, and changes only it', async () => {
      const before = (await containersOn(hosts, ...threeNames)).filter((line) => line.includes('hosts-b-'));
      hosts = await hosts.grow(4);
      await lab.respec(referenceB('node2', 'node3', 'node4'));
      const up = await upOnHosts(lab);
      expect(up.stderr).toContain('What differs: node4-mesos-agent is added');
      const after = (await containersOn(hosts, ...threeNames)).filter((line) => line.includes('hosts-b-'));
      expect(after).toEqual(before);
      expect(up.stdout).toMatch(/Verified/);
    });

    it('names a host whose disk is full, and leaves the others as they are', async () => {
      hosts = await hosts.grow(5);
      const before = await containersOn(hosts, 'node1', 'node2');
      await lab.respec(referenceB('node2', 'node3', 'node4', 'node5'));
      const up = await lab.run('up');
      expect([up.status, up.stderr], up.stdout).toEqual([3, expect.stringMatching(/node5: its disk is full/)]);
      const forced = await lab.run('up', '--force');
      expect([forced.status, forced.stderr]).toEqual([
        4,
        expect.stringMatching(/node5: .*could not be copied.*the disk is full/),
      ]);
      const after = await containersOn(hosts, 'node1', 'node2');
      expect(after).toEqual(before);
      await lab.respec(referenceB('node2', 'node3', 'node4'));
    });

    it('refuses another lab on the same machines, and says which one is there', async () => {
      const other = await hostsLab(hosts, { ...referenceB('node2'), name: 'hosts-other' });
      const up = await other.run('up');
      await other.remove();
      expect([up.status, up.stderr]).toEqual([
        3,
        expect.stringMatching(/node1: another lab runs on this machine: hosts-b[\s\S]*node2: another lab/),
      ]);
    });

    it('is left alone by down in a copy of its folder', async () => {
      const before = await containersOn(hosts, ...threeNames);
      const copy = `${lab.directory}-copy`;
      cpSync(lab.directory, copy, { recursive: true });
      const down = await lab.run('down', '--lab', copy);
      expect([down.status, down.stderr]).toEqual([
        2,
        expect.stringMatching(
          /node1: the containers of a lab called hosts-b belong to another folder; nothing was done/,
        ),
      ]);
      expect(await containersOn(hosts, ...threeNames)).toEqual(before);
    });

    it('is taken down also when a machine does not answer at first', async () => {
      await hosts.cut('node4');
      const down = await lab.run('down');
      expect([down.status, down.stderr]).toEqual([4, expect.stringContaining('the lab is not gone from node4')]);
      await hosts.join('node4');
      expect((await lab.run('down')).status).toBe(0);
      const left = await containersOn(hosts, 'node1', 'node2', 'node3', 'node4');
      expect(left).toEqual([]);
    });
  });

  describe('reference D', () => {
    let lab: HostsLab;
    beforeAll(async () => {
      lab = await hostsLab(hosts, referenceD());
    });
    afterAll(() => lab.remove());

    it.each([
      ['looked at the hosts', 'Asking the machines'],
      ['started the ZooKeepers', 'Starting ZooKeeper'],
      ['started the masters', 'Starting masters'],
      ['started agents and Marathon', 'Starting agents and Marathon'],
    ])('leaves nothing when it is interrupted after it has %s', async (_, words) => {
      const up = lab.start('up');
      await up.says(words);
      up.interrupt();
      const { status, stderr } = await up.ended;
      expect(status, stderr).toBe(130);
      // Machines with the same story share a line.
      for (const name of words.startsWith('Starting') ? threeNames : []) {
        expect(stderr).toMatch(new RegExp(`^ • [^:]*\\b${name}\\b[^:]*: (?:removed again|nothing was started)`, 'm'));
      }
      const left = await containersOn(hosts, ...threeNames);
      expect(left).toEqual([]);
    });

    it('comes up with its node table, verified', async () => {
      const up = await upOnHosts(lab);
      expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
      expect(up.stdout).toContain(
        hosts.hosts
          .slice(0, 3)
          .map(({ address }) => `http://${address}:5050`)
          .join('  '),
      );
      expect((await lab.run('down')).status).toBe(0);
    });

    it('starts nothing when a host does not answer, and goes on without it when asked', async () => {
      await hosts.cut('node3');
      const up = await lab.run('up');
      expect([up.status, up.stderr]).toEqual([
        3,
        expect.stringMatching(/node3 .*it does not answer; nothing was started/),
      ]);
      const skipping = await lab.run('up', '--skip-unreachable');
      await hosts.join('node3');
      expect([skipping.status, skipping.stdout], skipping.stderr).toEqual([0, expect.stringMatching(/Verified/)]);
      // All of it, now that the host is there.
      const again = await upOnHosts(lab);
      expect(again.stderr).toMatch(/What differs: .*node3-zookeeper is added/);
      expect((await lab.run('down')).status).toBe(0);
    });
  });

  describe('what is refused before anything is started', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'hosts-ssh-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /** PATH with an `ssh` that has these options. */
    const pathWithSsh = (...options: readonly string[]): Readonly<Record<string, string>> => {
      const real = '/usr/bin/ssh';
      writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec ${real} ${options.join(' ')} "$@"\n`);
      chmodSync(join(folder, 'ssh'), 0o755);
      return { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    };

    const upWith = async (spec: HostsSpec, environment: Readonly<Record<string, string>> = {}) => {
      const lab = await hostsLab(hosts, spec, environment);
      const up = await lab.run('up');
      const left = await containersOn(hosts, ...threeNames);
      await lab.remove();
      expect(left).toEqual([]);
      return up;
    };

    it('a host key that nobody knows', async () => {
      // What a careless configuration of the user's says does not count.
      const careless = ['-F', join(folder, 'config'), '-i', hosts.sshKey, '-o', 'IdentitiesOnly=yes'];
      writeFileSync(join(folder, 'config'), 'Host *\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n');
      const up = await upWith(referenceB('node2'), pathWithSsh(...careless));
      expect([up.status, up.stderr]).toEqual([
        3,
        expect.stringMatching(
          /node2 .*host key is not known here, and is never accepted unseen; nothing was started[\s\S]*ssh-keyscan/,
        ),
      ]);
    });

    it('a key that the host does not take', async () => {
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'other')]);
      const environment = pathWithSsh(
        '-i',
        join(folder, 'other'),
        '-o',
        'IdentitiesOnly=yes',
        '-o',
        `UserKnownHostsFile=${hosts.knownHosts}`,
      );
      const up = await upWith(referenceB('node2'), environment);
      expect([up.status, up.stderr]).toEqual([
        3,
        expect.stringMatching(/node2 .*does not take the SSH key[\s\S]*ssh-copy-id root@/),
      ]);
    });

    it("an address that is another machine's", async () => {
      const spec = referenceB('node2');
      const address = hosts.host('node3').address;
      const up = await upWith({
        ...spec,
        nodes: spec.nodes.map((node, index) => (index === 1 ? { ...node, address } : node)),
      });
      expect([up.status, up.stderr]).toEqual([
        3,
        expect.stringContaining(`node2: ${address} is not an address of this machine`),
      ]);
    });
  });
});
