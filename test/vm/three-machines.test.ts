import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../docker/support/until.ts';
import {
  canMakeMachines,
  machinesLab,
  testVagrant,
  type MachinesLab,
  type TestVagrant,
} from './support/virtual-machines.ts';

const node1 = '192.168.59.11';

/** Where the tasks of an app run, by Marathon. */
async function hostsOf(app: string): Promise<readonly string[]> {
  const answer = await fetch(`http://${node1}:8080/v2/apps/${app}/tasks`, { signal: AbortSignal.timeout(20_000) });
  const { tasks } = (await answer.json()) as { tasks: readonly { host: string; state: string }[] };
  return tasks
    .filter(({ state }) => state === 'TASK_RUNNING')
    .map(({ host }) => host)
    .sort();
}

/** Waits until an app has tasks on these hosts, and answers through the load balancer. */
const untilOn = (app: string, hosts: readonly string[]) =>
  until(
    `${app} on ${hosts.join(' and ')}`,
    400_000,
    async () => {
      const found = await hostsOf(app);
      const { status } = await fetch(`http://${node1}:10000/`, { signal: AbortSignal.timeout(20_000) });
      return found.join() === hosts.join() && status === 200
        ? { value: true }
        : { seen: `${found.join(' and ')}, and the load balancer answers ${String(status)}` };
    },
    2000,
  );

/** Reference B, as the preset has it. */
describe.skipIf(!canMakeMachines())('three virtual machines', () => {
  let vagrant: TestVagrant;
  let lab: MachinesLab;
  let before: readonly string[];
  beforeAll(async () => {
    vagrant = await testVagrant();
    lab = await machinesLab(vagrant, { name: 'vm-three', preset: 'three-vm' });
    before = await vagrant.left();
  });
  afterAll(async () => {
    await lab.remove();
    await vagrant.remove();
  });

  it('are gone again when Ctrl-C ends their making', async () => {
    const up = lab.start('up');
    await until('a machine boots', 120_000, () =>
      Promise.resolve(
        up.said().includes('Waiting for domain to get an IP address') ? { value: true } : { seen: up.said() },
      ),
    );
    up.interrupt();
    const { status, stderr } = await up.ended;
    expect(status).toBe(130);
    expect(stderr).toMatch(/node1.*: (destroyed again|was not made)/);
    expect(await vagrant.left()).toEqual(before);
  });

  it('come up by one command, which proves the cluster', async () => {
    const { stdout } = await lab.done('up');
    expect(stdout).toMatch(/Verified: \d+ checks passed/);
  });

  it('have what the table of nodes says', async () => {
    const services = async (machine: string) =>
      (await lab.inside(machine, "docker ps --format '{{.Names}}'")).trim().split(/\s+/).sort().join(' ');
    expect(await services('node1')).toMatch(/marathon\S* .*marathon-lb\S* .*mesos-master\S* .*zookeeper/);
    expect(await services('node2')).toMatch(/^\S*mesos-agent\S*$/);
    expect(await services('node3')).toMatch(/^\S*mesos-agent\S*$/);
    const status = await lab.done('status');
    for (const line of [
      /^node1 +192\.168\.59\.11 .*ok/m,
      /^node2 +192\.168\.59\.12 .*ok/m,
      /^node3 +192\.168\.59\.13 .*ok/m,
    ])
      expect(status.stdout).toMatch(line);
  });

  it('lose one with its task, which is started on another, and get it back', async () => {
    await lab.done('deploy', 'apps/nginx.json');
    await lab.done('scale', 'nginx', '2');
    await untilOn('nginx', ['192.168.59.12', '192.168.59.13']);
    await lab.done('stop', 'node3');
    await untilOn('nginx', ['192.168.59.12', '192.168.59.12']);
    expect((await lab.run('status')).stdout).toMatch(/^node3 .*shutoff/m);
    await lab.done('start', 'node3');
    expect((await lab.done('status')).stdout).toMatch(/node3-mesos-agent +mesos-agent +active/);
  });

  it('become four', async () => {
    await lab.done('scale', 'agents', '3');
    expect((await lab.done('status')).stdout).toMatch(/node4-mesos-agent +mesos-agent +active/);
    await lab.done('scale', 'agents', '2');
    expect(await vagrant.left()).not.toContain('machine lab_node4');
  });

  it('come back after a reboot', async () => {
    const started = () => lab.inside('node1', 'uptime --since');
    const first = await started();
    await lab.run('ssh', 'node1', 'sudo systemctl reboot');
    await until(
      'node1 has booted',
      300_000,
      async () => {
        const now = await started();
        return now === first ? { seen: now } : { value: true };
      },
      3000,
    );
    // Docker starts what ran.
    await until('Marathon answers', 300_000, async () => ({ value: await hostsOf('nginx') }), 3000);
    await lab.done('verify', '--timeout', '400');
  });

  it('get from this machine what an app runs in', async () => {
    const image = 'create-mesos-cluster-test/nginx:local';
    const app = { id: '/pushed', cmd: 'sleep 1000', container: { type: 'DOCKER', docker: { image } } };
    writeFileSync(join(lab.directory, 'apps/pushed.json'), JSON.stringify(app));
    expect((await lab.done('images', 'push')).stdout).toContain(image);
    for (const machine of ['node2', 'node3'])
      expect(await lab.inside(machine, `docker image inspect --format {{.RepoTags}} ${image}`)).toContain(image);
  });

  it('leave nothing but boxes', async () => {
    await lab.done('down');
    expect(await vagrant.left()).toEqual(before);
  });
});
