import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEngine } from '../../docker/support/engine.ts';
import { startRun } from '../../docker/support/lab-run.ts';
import { until } from '../../docker/support/until.ts';
import { plainMachines, type PlainMachines } from './plain-machines.ts';
import { canMakeMachines, testVagrant, type TestVagrant } from '../support/virtual-machines.ts';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const address = '192.168.58.166';
const services = 'zookeeper mesos-master marathon chronos docker mesos-slave';

/** What is on test166 of reference C, and ids and quorum from files, as D has them. */
const spec = {
  name: 'vm-native',
  placement: 'machines',
  nodes: [
    {
      name: 'test166',
      address,
      zookeeperId: 2,
      roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'chronos'],
    },
  ],
  nativeConfig: true,
};

/*
 * A virtual machine with Debian's zookeeperd and Docker under systemd; in the place of packages that are gone, the engine's
 * own programs.
 */
describe.skipIf(!canMakeMachines())('native/install.sh on a real machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vm-native-'));
  const lab = join(folder, 'lab');
  let vagrant: TestVagrant;
  let machines: PlainMachines;
  let before: string;
  const run = (cwd: string, ...argv: readonly string[]) =>
    startRun(hostEngine, cwd, argv, { XDG_STATE_HOME: join(folder, 'state') }, 600_000).ended;
  const inside = (command: string) => machines.inside('test166', command);
  const install = (words = '') => inside(`bash /home/vagrant/native/install.sh ${words} 2>&1`);
  const states = (word: string) => inside(`systemctl ${word} ${services} || true`);

  /** Every file below /etc, with mode, owner and content, but what systemd and Docker write when they start. */
  const fingerprint = () =>
    inside(
      "find /etc /var/lib/zookeeper -xdev ! -path '*/version-2*' ! -name '*.pid' ! -name machine-id ! -path /etc/docker/key.json -type f -printf '%m %u %g %p\\n' -exec sha256sum {} + | sort; find /etc -type l -printf '%p -> %l\\n' | sort",
    );

  beforeAll(async () => {
    vagrant = await testVagrant();
    writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(spec));
    const made = await run(folder, 'lab', '--spec', 'spec.yaml', '--yes');
    expect(made.status, made.stderr).toBe(0);
    machines = await plainMachines(vagrant, [{ name: 'test166', address, box: 'native' }]);
    await machines.put('test166', join(lab, 'native'), dist, process.execPath);
    await inside('mv /home/vagrant/dist /opt/create-mesos-cluster && mv /home/vagrant/node /usr/local/bin/node');
    before = await fingerprint();
  });
  afterAll(async () => {
    await machines.remove();
    await vagrant.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts every service of the machine', async () => {
    await install();
    expect(new Set((await states('is-active')).split('\n'))).toEqual(new Set(['active']));
    expect(await inside('cat /var/lib/zookeeper/myid /etc/mesos-master/quorum')).toBe('2\n1');
  });

  it('is a cluster after a reboot, too, which verify proves', async () => {
    await machines.load('test166', 'nginx:1.27');
    await machines.reboot('test166');
    await until('all services active', 300_000, async () => {
      const seen = await states('is-active');
      return new Set(seen.split('\n')).size === 1 && seen.startsWith('active') ? { value: true } : { seen };
    });
    expect(await install()).toContain('nothing was changed');
    const { status, stdout, stderr } = await run(lab, 'verify', '--timeout', '500');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/✓ a job of Chronos runs/);
  });

  it('takes everything back with --undo', async () => {
    await install('--undo');
    expect(await fingerprint()).toBe(before);
    expect(await states('is-active')).not.toMatch(/^active$/m);
  });
});
