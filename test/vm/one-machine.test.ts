import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilTrue } from '../docker/support/until.ts';
import {
  canMakeMachines,
  machinesLab,
  testVagrant,
  type MachinesLab,
  type TestVagrant,
} from './support/virtual-machines.ts';

/** Reference E: everything on one machine, the registry in memory. */
const referenceE = {
  name: 'vm-one',
  placement: 'machines',
  nodes: [
    {
      name: 'mesos',
      address: '192.168.56.14',
      zookeeperId: 1,
      roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'marathon-lb'],
    },
  ],
  mesos: { master: { flags: { registry: 'in_memory' } } },
};

describe.skipIf(!canMakeMachines())('one virtual machine with everything', () => {
  let vagrant: TestVagrant;
  let lab: MachinesLab;
  let before: readonly string[];
  beforeAll(async () => {
    vagrant = await testVagrant();
    lab = await machinesLab(vagrant, referenceE);
    before = await vagrant.left();
  });
  afterAll(async () => {
    await lab.remove();
    await vagrant.remove();
  });

  it('comes up by one command, which proves it', async () => {
    const { stdout } = await lab.done('up');
    expect(stdout).toMatch(/Verified: \d+ checks passed/);
  });

  it('shows its parts and the log of one', async () => {
    expect((await lab.done('status')).stdout).toMatch(/^mesos +192\.168\.56\.14 .*ok/m);
    expect((await lab.done('logs', 'mesos-mesos-master', '--tail', '5')).stdout).not.toBe('');
  });

  it('takes an app, which answers through the load balancer', async () => {
    await lab.done('deploy', 'apps/nginx.json', '--wait', '--timeout', '300');
    await untilTrue('served', 120_000, async () => {
      const answer = await fetch('http://192.168.56.14:10000/', { signal: AbortSignal.timeout(30_000) });
      return answer.status === 200;
    });
  });

  it('leaves nothing but boxes', async () => {
    const { stdout } = await lab.done('down');
    expect(stdout).toContain('mesos (vagrant destroy)');
    expect(await vagrant.left()).toEqual(before);
  });
});
