import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, verifiedAgain, type DockerLab } from './support/docker-lab.ts';
import { askService, runningTasks, writeApp } from './support/real-nginx.ts';
import { until } from './support/until.ts';

/*
 * kill -9 of everything that a lab has, one at a time: it must come back by itself, and verify must pass again. What
 * runs no task must not cost one.
 */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const masterPorts: Readonly<Record<string, number>> = { master1: 5050, master2: 5150, master3: 5250 };
/** With fast timing a session of ZooKeeper ends after 6 s, and a lost agent is noticed after 9 s. */
const deadlineMs = 60_000;

const servicePort = 10_003;

const web = {
  id: 'web',
  labels: { HAPROXY_GROUP: 'external' },
  cpus: 0.1,
  mem: 32,
  instances: 2,
  constraints: [['hostname', 'UNIQUE']],
  networks: [{ mode: 'container/bridge' }],
  container: {
    type: 'DOCKER',
    docker: { image: 'nginx:1.27' },
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort }],
  },
  healthChecks: [{ protocol: 'HTTP', path: '/', gracePeriodSeconds: 30, intervalSeconds: 2 }],
  // Else Marathon would wait for a lost agent's tasks for minutes.
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
};

describe.skipIf(!hasDocker)('kill -9', () => {
  let lab: DockerLab;

  beforeAll(async () => {
    const counts = { zookeepers: 3, masters: 3, agents: 3, marathons: 2, loadBalancers: 1 };
    lab = await dockerLab({ preset: 'ha', counts, timing: 'fast' });
    await upAndVerified(lab);
    const deploy = await lab.run('deploy', writeApp(lab, web), '--wait');
    expect(deploy.status, deploy.stderr).toBe(0);
  }, 180_000);
  afterAll(() => lab.remove());

  async function leadingMaster(): Promise<string> {
    const names = await Promise.all(
      Object.entries(masterPorts).map(async ([name, port]) => {
        const metrics = (await lab.ask(port, '/metrics/snapshot')) as Readonly<Record<string, number>>;
        return metrics['master/elected'] === 1 ? [name] : [];
      }),
    );
    return names.flat().join();
  }
  async function standbyMaster(): Promise<string> {
    const leader = await leadingMaster();
    return Object.keys(masterPorts).find((name) => name !== leader) ?? '';
  }
  async function leadingMarathon(): Promise<string> {
    const { leader } = (await lab.ask(8080, '/v2/leader')) as { readonly leader: string };
    return leader.replace(/:.*/, '');
  }
  const busyAgent = async () => (await runningTasks(lab, 'web'))[0]?.host ?? '';

  /** Verify passes, and the app runs as often as it should and answers. */
  async function expectWhole(): Promise<void> {
    await verifiedAgain(lab, deadlineMs);
    await until('whole', deadlineMs, async () => {
      const tasks = await runningTasks(lab, 'web');
      return tasks.length === 2 ? { value: true } : { seen: `${String(tasks.length)} tasks of web` };
    });
    expect(await askService(lab, servicePort)).toMatchObject({ status: 200 });
  }

  /** Kills, and waits until everything has come back by itself. */
  async function survive(...services: string[]): Promise<void> {
    const killed = new Set((await lab.kill(...services)).map(({ processId }) => processId));
    await until('running again', deadlineMs, async () => {
      const others = (await lab.containers()).filter((each) => each.state !== 'running' || killed.has(each.processId));
      const seen = others.map((each) => `${each.service} ${each.state}`).join(', ');
      return others.length === 0 ? { value: true } : { seen };
    });
    await expectWhole();
  }

  const idsOf = async () => (await runningTasks(lab, 'web')).map(({ id }) => id);

  it.each<readonly [string, () => Promise<string> | string]>([
    ['the leading master', leadingMaster],
    ['a master that stands by', standbyMaster],
    ['a ZooKeeper member', () => 'zookeeper1'],
    ['another ZooKeeper member', () => 'zookeeper3'],
    ['the leading Marathon', leadingMarathon],
    ['the load balancer', () => 'marathon-lb'],
    ['who looks after the pods', () => 'pod-keeper'],
    ['an agent with tasks in containers', busyAgent],
  ])('of %s costs no task', async (_, victim) => {
    const before = await idsOf();
    await survive(await victim());
    expect(await idsOf()).toEqual(before);
  });

  it.each([
    ["an agent's Engine", (agent: string) => [`${agent}-docker`]],
    ['the container that holds the network of an agent', (agent: string) => [`${agent}-node`]],
    ['a whole agent at once', (agent: string) => [agent, `${agent}-docker`, `${agent}-node`]],
  ] as const)('of %s costs only the tasks that ran there', async (_, services) => {
    const agent = await busyAgent();
    const tasks = await runningTasks(lab, 'web');
    const there = tasks.filter(({ host }) => host === agent).map(({ id }) => id);
    const elsewhere = tasks.filter(({ host }) => host !== agent).map(({ id }) => id);
    expect([there.length, elsewhere.length]).toEqual([1, 1]);
    await survive(...services(agent));
    // Only then all have heard of it: what the next test sees must not be of before.
    await until('replaced', deadlineMs, async () => {
      const seen = await idsOf();
      return seen.length === 2 && !seen.some((id) => there.includes(id)) ? { value: true } : { seen: seen.join() };
    });
    expect(await idsOf()).toEqual(expect.arrayContaining(elsewhere));
  });
});
