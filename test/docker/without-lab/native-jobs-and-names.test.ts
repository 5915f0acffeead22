import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { hostEngine } from '../support/engine.ts';
import { runJobOn, startOn } from '../support/jobs-and-names.ts';
import { startRun } from '../support/lab-run.ts';
import { prepareSystem, startMachine, type Machine } from '../support/machine.ts';
import { until } from '../support/until.ts';

/*
 * Reference system C, with Mesos-DNS on every agent as in F, from its native configuration: on two Debian machines with a
 * real systemd, ZooKeeper and Docker. In the place of packages that are gone, the engine's own programs.
 */

const files = fileURLToPath(new URL('../images/native-machine', import.meta.url));
const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const image = 'create-mesos-cluster-test/native-machine:local';
const name = `native-jobs-${String(process.pid)}`;
const addresses = { test166: '10.86.255.166', test167: '10.86.255.167' } as const;
type Node = keyof typeof addresses;
const at = (node: Node, port: number) => `http://${addresses[node]}:${String(port)}`;

const spec = {
  name,
  placement: 'machines',
  nodes: [
    {
      name: 'test166',
      address: addresses.test166,
      roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'chronos', 'mesos-dns'],
    },
    { name: 'test167', address: addresses.test167, roles: ['mesos-agent', 'mesos-dns'] },
  ],
  addons: ['chronos', 'mesos-dns'],
  timing: 'fast',
  nativeConfig: true,
};

describe.skipIf(!requireTool('Docker Engine', ['docker', 'info']))('native configuration on two machines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'native-jobs-'));
  const lab = join(folder, 'lab');
  const run = (cwd: string, ...argv: readonly string[]) =>
    startRun(hostEngine, cwd, argv, { XDG_STATE_HOME: join(folder, 'state') }).ended;
  const machines = new Map<Node, Machine>();
  const on = (node: Node) => {
    const machine = machines.get(node);
    if (machine === undefined) throw new Error(`no machine ${node}`);
    return machine;
  };

  beforeAll(async () => {
    await prepareSystem('debian');
    await execa('docker', ['build', '--quiet', '--tag', image, files]);
    // JSON is YAML.
    writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(spec));
    const created = await run(folder, 'lab', '--spec', 'spec.yaml', '--yes');
    expect(created.status, created.stderr).toBe(0);
    await execa('docker', ['network', 'create', '--subnet', '10.86.255.0/24', name]);
    for (const node of ['test166', 'test167'] as const) {
      const network = ['--network', name, '--ip', addresses[node]];
      const program = [
        '--volume',
        `${dist}:/opt/create-mesos-cluster:ro`,
        '--volume',
        `${process.execPath}:/usr/local/bin/node:ro`,
      ];
      const options = { name: `${name}-${node}`, hostname: node, image, arguments: [...network, ...program] };
      const machine = await startMachine(options);
      machines.set(node, machine);
      await machine.put(join(lab, 'native'), '/native');
    }
  }, 900_000);

  afterAll(async () => {
    for (const machine of machines.values()) await machine.remove();
    await execa('docker', ['network', 'rm', name], { reject: false });
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts every service of each machine in its order, Mesos-DNS among them', async () => {
    expect(await on('test166').read('bash /native/install.sh --dry-run')).toMatch(
      /zookeeper mesos-master marathon chronos docker mesos-slave mesos-dns; and not: none/,
    );
    for (const node of ['test166', 'test167'] as const) await on(node).read('bash /native/install.sh');
    const services = 'zookeeper mesos-master marathon chronos docker mesos-slave mesos-dns';
    const state = async (node: Node, word: string) => (await on(node).run(`systemctl ${word} ${services}`)).text;
    expect(new Set((await state('test166', 'is-active')).split('\n'))).toEqual(new Set(['active']));
    // What it says of scripts of System V comes at any place.
    const words = (await state('test167', 'is-enabled')).split('\n').filter((line) => /^[a-z-]+$/.test(line));
    expect(words.slice(-3)).toEqual(['enabled', 'enabled', 'enabled']);
  });

  it('is verified: a job has run, and a name has led to a task', async () => {
    for (const machine of machines.values()) await machine.load('nginx:1.27');
    const { status, stdout, stderr } = await run(lab, 'verify', '--timeout', '120');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/✓ a job of Chronos runs/);
    expect(stdout).toMatch(/by DNS at 10\.86\.255\.166:53/);
  });

  it('runs a job of Chronos on either machine', async () => {
    for (const address of Object.values(addresses))
      expect(await runJobOn(at('test166', 4400), address)).toEqual([1, 0]);
  });

  it('has each machine find the tasks of the other by their names, with resolv.conf as its README has it', async () => {
    await startOn(at('test166', 8080), addresses.test166, { id: 'first', cmd: 'sleep 1000' });
    await startOn(at('test166', 8080), addresses.test167, { id: 'second', cmd: 'sleep 1000' });
    const lines = await on('test166').read("sed -n '/^nameserver/p' /native/README.md");
    expect(lines.split('\n')).toEqual(Object.values(addresses).map((address) => `nameserver ${address}`));
    for (const node of ['test166', 'test167'] as const) {
      await on(node).read(
        `echo '${lines}' | cat - /etc/resolv.conf >/tmp/resolv.conf && cat /tmp/resolv.conf >/etc/resolv.conf`,
      );
    }
    const find = (node: Node, app: string) =>
      on(node).run(`getent ahostsv4 ${app}.marathon.mesos | awk '{ print $1; exit }'`);
    await until('named', 20_000, async () => {
      const seen = [(await find('test167', 'first')).text, (await find('test166', 'second')).text];
      const isRight = seen[0] === addresses.test166 && seen[1] === addresses.test167;
      return isRight ? { value: true } : { seen: seen.join(' ') };
    });
    for (const server of Object.values(addresses)) {
      expect(await on('test166').read(`dig +short +tcp @${server} second.marathon.mesos`)).toBe(addresses.test167);
    }
  });

  it('ends Mesos-DNS with --undo, whose unit goes with its configuration', async () => {
    await on('test167').read('bash /native/install.sh --undo');
    expect((await on('test167').run('systemctl is-active mesos-dns mesos-slave')).text.split('\n')).toEqual([
      'inactive',
      'inactive',
    ]);
    // The brackets keep the shell that looks out of what it finds.
    const left = "pgrep --full '[m]esos-dns -config'; ls /etc/mesos-dns /etc/systemd/system/mesos-dns.service";
    expect((await on('test167').run(left)).text).not.toMatch(/^\d+$|config\.json$/m);
  });
});
