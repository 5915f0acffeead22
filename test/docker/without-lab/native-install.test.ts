import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { requireTool } from '../../support/require-tool.ts';
import { writeLabFiles, type LabInFolder } from '../support/lab-in-folder.ts';
import { until } from '../support/until.ts';

/*
 * Reference system D on three machines that have Debian's package zookeeperd: containers with the addresses of the
 * preset. ZooKeeper is real; what else install.sh looks for is fake, and says so.
 */

const files = fileURLToPath(new URL('../images/zookeeperd', import.meta.url));
const image = 'create-mesos-cluster-test/zookeeperd:local';
const network = `native-install-${String(process.pid)}`;
const nodes = ['mesos2', 'mesos3', 'mesos4'] as const;
const containerOf = (node: string) => `${network}-${node}`;

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

const inside = (node: string, ...command: readonly string[]) =>
  execa('docker', ['exec', containerOf(node), ...command], { reject: false, all: true });
const install = (node: string, ...words: readonly string[]) => inside(node, 'bash', '/native/install.sh', ...words);
const shell = async (node: string, text: string) => (await inside(node, 'bash', '-c', text)).all;

/** Mode of the ZooKeeper on a node, asked there: `leader`, `follower`; empty when it serves nobody. */
const modeOf = async (node: string) =>
  /^Mode: (\w+)$/m.exec(await shell(node, 'exec 3<>/dev/tcp/127.0.0.1/2181 && printf srvr >&3 && cat <&3'))?.[1] ?? '';
const modes = async () => (await Promise.all(nodes.map(modeOf))).toSorted().join();

/** The same, when a ZooKeeper that was started has had time to serve. */
async function settledMode(node: string): Promise<string> {
  return until('settled', 30_000, async () => {
    const mode = await modeOf(node);
    const status = await shell(node, 'service zookeeper status');
    return mode !== '' || !status.includes('is running') ? { value: mode } : { seen: status };
  });
}

/** Every file under /etc and of ZooKeeper's data folder but the links that update-rc.d makes, with mode and content. */
const fingerprint = (node: string) =>
  shell(
    node,
    "find /etc /var/lib/zookeeper -xdev ! -path '/etc/rc*' ! -path '*/version-2*' ! -name '*.pid' \\( -type f -exec sha256sum {} + -o -type l -printf '%p -> %l\\n' \\) | sort; find /etc -type f -printf '%m %u %g %p\\n' | sort; cat /etc/hosts",
  );

describe.skipIf(!hasDocker)('install.sh of reference system D on Debian machines', () => {
  let lab: LabInFolder;
  let before: readonly string[] = [];

  beforeAll(async () => {
    await execa('docker', ['build', '--quiet', '--tag', image, files]);
    lab = await writeLabFiles(planCluster({ name: 'reference-d', preset: 'three-master', nativeConfig: true }));
    await execa('docker', ['network', 'create', '--subnet', '10.0.0.0/29', network]);
    for (const [index, node] of nodes.entries()) {
      const address = `10.0.0.${String(index + 2)}`;
      const options = ['--detach', '--init', '--name', containerOf(node), '--hostname', node];
      await execa('docker', ['run', ...options, '--network', network, '--ip', address, image]);
      await execa('docker', ['cp', `${lab.folder}/native`, `${containerOf(node)}:/native`]);
    }
    // The package comes with words in the place of an id.
    await shell('mesos3', 'echo 1 >/etc/zookeeper/conf/myid && service zookeeper start');
    before = await Promise.all(nodes.map(fingerprint));
  }, 900_000);

  afterAll(async () => {
    await execa('docker', ['rm', '--force', '--volumes', ...nodes.map(containerOf)], { reject: false });
    await execa('docker', ['network', 'rm', network], { reject: false });
    lab.remove();
  }, 120_000);

  it("refuses another machine's files", async () => {
    const { exitCode, all } = await install('mesos2', 'mesos3');
    expect(exitCode, all).toBe(3);
    expect(all).toContain('mesos3 is 10.0.0.3, and this machine has other addresses: 10.0.0.2');
    expect(await fingerprint('mesos2')).toBe(before[0]);
  });

  it('shows what it would do, and does nothing', async () => {
    const { exitCode, all } = await install('mesos2', '--dry-run');
    expect(exitCode, all).toBe(0);
    expect(all).toContain('+server.3=10.0.0.3:2888:3888');
    expect(all).toContain('zookeeper mesos-master marathon docker mesos-slave; and not: chronos');
    expect(await fingerprint('mesos2')).toBe(before[0]);
  });

  it('finds out which node each machine is, and their ZooKeepers elect a leader', { timeout: 180_000 }, async () => {
    for (const node of nodes) {
      await shell(node, 'service chronos start && : >/fake/log');
      const { exitCode, all } = await install(node);
      expect(exitCode, all).toBe(0);
    }
    await until('an ensemble', 90_000, async () => {
      const found = await modes();
      if (found === 'follower,follower,leader') return { value: true };
      return { seen: `${found}\n${await shell('mesos2', 'tail -n 30 /var/log/zookeeper/*')}` };
    });
    expect(await shell('mesos3', 'cat /var/lib/zookeeper/myid /etc/mesos-master/quorum')).toBe('3\n2');
    expect(await shell('mesos4', 'getent hosts mesos2')).toContain('10.0.0.2');
  });

  it('starts the services in their order, and stops those that the node does not play', async () => {
    for (const node of nodes) {
      expect((await shell(node, 'cat /fake/log')).split('\n')).toEqual([
        'chronos stop',
        'mesos-master start',
        'marathon start',
        'docker start',
        'mesos-slave start',
      ]);
      expect(await shell(node, 'ls /etc/rc2.d')).toMatch(/^K\d\dchronos$/m);
    }
  });

  it('changes and restarts nothing the second time', async () => {
    const look = async () => [
      await fingerprint('mesos2'),
      await shell('mesos2', 'cat /var/run/zookeeper/zookeeper.pid /fake/log'),
    ];
    const once = await look();
    const { exitCode, all } = await install('mesos2');
    expect({ exitCode, said: all.includes('nothing was changed') }, all).toEqual({ exitCode: 0, said: true });
    expect(await look()).toEqual(once);
  });

  it('brings every file and service back with --undo', { timeout: 120_000 }, async () => {
    for (const [index, node] of nodes.entries()) {
      const { exitCode, all } = await install(node, '--undo');
      expect(exitCode, all).toBe(0);
      expect(await fingerprint(node)).toBe(before[index]);
      expect(await shell(node, 'ls /fake')).toContain('chronos.running');
      expect(await shell(node, 'ls /fake')).not.toContain('mesos-master.running');
      // On mesos3 it ran before, alone.
      expect(await settledMode(node)).toBe(node === 'mesos3' ? 'standalone' : '');
    }
  });

  it('gives systemd its orders where there is systemd', { timeout: 60_000 }, async () => {
    await shell('mesos2', 'mkdir -p /run/systemd/system && ln -sf /fake/systemctl /usr/bin/systemctl && : >/fake/log');
    const { exitCode, all } = await install('mesos2');
    expect(exitCode, all).toBe(0);
    const started = ['zookeeper', 'mesos-master', 'marathon', 'docker', 'mesos-slave'];
    expect((await shell('mesos2', 'cat /fake/log')).split('\n')).toEqual(
      started.flatMap((service) => [`systemctl --quiet enable ${service}`, `systemctl start ${service}`]),
    );
  });
});
