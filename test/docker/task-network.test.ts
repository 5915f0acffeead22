import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { addressedApp, addressOf, askFrom, processIn, wellTasks } from './support/addressed-tasks.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { askService, writeApp } from './support/real-nginx.ts';
import { until } from './support/until.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

const deadlineMs = 60_000;
const isOk = expect.stringMatching(/^HTTP\/1\.1 200/);

/** What Mesos-DNS says of a name or a service, as soon as it has so many. */
const named = (lab: DockerLab, path: string, count: number) =>
  until(`${path} in Mesos-DNS`, deadlineMs, async () => {
    const found = (await lab.ask(8123, path)) as readonly { readonly ip: string; readonly port?: string }[];
    return found.length === count ? { value: found } : { seen: JSON.stringify(found) };
  });

/** The load balancer has each of these addresses with port 80, and no other. */
const balanced = (lab: DockerLab, addresses: readonly string[]) =>
  until('these in the load balancer', deadlineMs, async () => {
    const url = `http://127.0.0.1:${String(9090 + lab.portOffset)}/haproxy?stats;csv`;
    const text = await (await fetch(url, { signal: AbortSignal.timeout(5000) })).text();
    const servers = [...text.matchAll(/^web_10002,agent\d+_([\d_]+)_80,/gm)].map(([, address = '']) => address);
    const wanted = addresses.map((address) => address.replaceAll('.', '_'));
    return servers.toSorted().join() === wanted.toSorted().join() ? { value: true } : { seen: text };
  });

describe.skipIf(!hasDocker)('where agents have Engines of their own, a network of tasks', () => {
  const network = 'apps';
  let lab: DockerLab;
  const partOf = (service: string) => `${lab.name}-${service}-1`;
  const deploy = (id: string, more: object = {}) => {
    const file = writeApp(lab, addressedApp(id, network, more));
    return lab.run('deploy', file, '--wait', '--timeout', '60');
  };

  beforeAll(async () => {
    lab = await dockerLab({ counts: { agents: 2 }, timing: 'fast', addons: ['mesos-dns'], taskNetwork: network });
    await upAndVerified(lab);
  }, 180_000);
  afterAll(() => lab.remove());

  it('gives each instance an address of its own, where the whole lab reaches it', async () => {
    expect(await deploy('web', { instances: 2 })).toMatchObject({ status: 0 });
    const tasks = await wellTasks(lab, 'web', 2);
    const addresses = tasks.map(addressOf);
    expect(new Set(addresses).size).toBe(2);
    expect(tasks.map(({ host }) => host).toSorted()).toEqual(['agent1', 'agent2']);
    expect(tasks.map(({ ports }) => ports)).toEqual([[], []]);
    for (const address of addresses) {
      for (const from of ['agent1', 'agent2', 'master1']) {
        expect(await askFrom(partOf(from), address), `${from} asks ${address}`).toEqual(isOk);
      }
      // The instances each other, and themselves.
      for (const { host } of tasks) {
        const engine = partOf(`${host}-docker`);
        const process = await processIn(engine, network);
        expect(await askFrom(engine, address, { process }), `the one on ${host} asks ${address}`).toEqual(isOk);
      }
    }
  });

  it('is what the load balancer and Mesos-DNS lead to', async () => {
    const addresses = (await wellTasks(lab, 'web', 2)).map(addressOf).toSorted();
    await balanced(lab, addresses);
    expect(await askService(lab, 10_002)).toMatchObject({ status: 200, server: expect.stringMatching(/^nginx\//) });
    const hosts = await named(lab, '/v1/hosts/web.marathon.mesos', 2);
    expect(hosts.map(({ ip }) => ip).toSorted()).toEqual(addresses);
    const services = await named(lab, '/v1/services/_web._tcp.marathon.mesos', 2);
    expect(services.map(({ ip, port }) => `${ip}:${port ?? ''}`).toSorted()).toEqual(
      addresses.map((each) => `${each}:80`),
    );
    expect(await askFrom(partOf('master1'), 'web.marathon.mesos')).toEqual(isOk);
  });

  it('has ports of the agent, too, where an app asks for them, and checks by Mesos', async () => {
    const mapping = { containerPort: 80, hostPort: 0, servicePort: 10_003, protocol: 'tcp' };
    const check = { protocol: 'MESOS_HTTP', path: '/', portIndex: 0, intervalSeconds: 1, delaySeconds: 0 };
    const container = { type: 'DOCKER', docker: { image: 'nginx:1.27' }, portMappings: [mapping] };
    expect(await deploy('ported', { container, healthChecks: [check] })).toMatchObject({ status: 0 });
    const [task] = await wellTasks(lab, 'ported', 1);
    const [port = 0] = task?.ports ?? [];
    expect(await askFrom(partOf('master1'), task?.host ?? '', { port })).toEqual(isOk);
    expect(await askFrom(partOf('master1'), task === undefined ? '' : addressOf(task))).toEqual(isOk);
    await lab.run('scale', 'ported', '0', '--wait');
  });

  it('is there again for new tasks after the Engine of an agent has ended, and after the whole pod', async () => {
    for (const part of ['agent1-docker', 'agent2-node']) {
      const before = (await wellTasks(lab, 'web', 2)).map(({ id }) => id);
      const agent = part.replace(/-.*/, '');
      await lab.kill(part);
      const [task] = await until(`another task on ${agent}`, deadlineMs, async () => {
        const tasks = await wellTasks(lab, 'web', 2);
        const found = tasks.filter(({ id, host }) => host === agent && !before.includes(id));
        return found.length > 0 ? { value: found } : { seen: JSON.stringify(tasks) };
      });
      expect(await askFrom(partOf('master1'), task === undefined ? '' : addressOf(task))).toEqual(isOk);
    }
    await balanced(lab, (await wellTasks(lab, 'web', 2)).map(addressOf));
  }, 200_000);

  it('is on an agent that is added, too', async () => {
    expect(await lab.run('scale', 'agents', '3')).toMatchObject({ status: 0 });
    expect(await lab.run('scale', 'web', '3', '--wait')).toMatchObject({ status: 0 });
    const added = (await wellTasks(lab, 'web', 3)).find(({ host }) => host === 'agent3');
    expect(await askFrom(partOf('agent1'), added === undefined ? '' : addressOf(added))).toEqual(isOk);
  }, 120_000);

  it('that no agent has fails its task with the words of Docker', async () => {
    const run = await deploy('lost', { networks: [{ mode: 'container', name: 'nowhere' }] });
    expect(run.status).toBe(5);
    expect(run.stderr).toContain('network nowhere not found');
    expect(run.stderr).toContain('This lab has a network apps');
  });
});

describe.skipIf(!hasDocker)('where agents share an Engine, a network of tasks', () => {
  it('is that of the lab, and goes with it', async () => {
    // The Engine has no other of this name.
    const network = `cmc-test-${String(process.pid)}-tasks`;
    const lab = await dockerLab({
      ...{ counts: { agents: 2 }, timing: 'fast', addons: ['mesos-dns'] },
      ...{ agentDocker: 'socket', taskNetwork: network },
    });
    try {
      await upAndVerified(lab);
      const file = writeApp(lab, addressedApp('web', network, { instances: 2 }));
      expect(await lab.run('deploy', file, '--wait', '--timeout', '60')).toMatchObject({ status: 0 });
      const addresses = (await wellTasks(lab, 'web', 2)).map(addressOf);
      for (const address of addresses) expect(await askFrom(`${lab.name}-master1-1`, address)).toEqual(isOk);
      await balanced(lab, addresses);
      expect((await named(lab, '/v1/hosts/web.marathon.mesos', 2)).map(({ ip }) => ip).toSorted()).toEqual(
        addresses.toSorted(),
      );
      // Its tasks are in the network while it goes.
      expect(await lab.run('down')).toMatchObject({ status: 0, stdout: expect.stringContaining('1 network') });
    } finally {
      await lab.remove();
    }
  }, 180_000);
});
