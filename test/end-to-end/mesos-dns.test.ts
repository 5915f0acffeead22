import { writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { testLab } from './lab-process.ts';

const waitFor = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 30_000, interval: 20 });

it('a lab without Docker has a Mesos-DNS that knows its tasks, is verified, stopped, paused and started', async () => {
  const httpPort = await freePort();
  // Below `ports`, which it has already.
  const lab = await testLab(`  mesos-dns: ${httpPort}\naddons: [mesos-dns]\n`);
  const up = await lab.run('up');
  expect(up.stderr).not.toContain('Without mesos-dns');
  expect(up.stdout).toMatch(
    /✓ Mesos-DNS leads to basic-0.*\n.*basic-0\.marathon\.mesos leads to 127\.0\.0\.\d by HTTP, by DNS/,
  );
  expect(up.status).toBe(0);
  // Where it is asked: no page says it, and another port offset moves it.
  expect(up.stdout).toMatch(new RegExp(`^ +DNS +127\\.0\\.0\\.1:${httpPort - 70}$`, 'm'));

  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([`127.0.0.1:${httpPort - 70}`]);
  writeFileSync(
    join(lab.directory, 'apps/clock.json'),
    JSON.stringify({
      id: '/shop/clock',
      cmd: 'sleep 1000',
      cpus: 0.1,
      mem: 16,
      portDefinitions: [{ port: 0, name: 'tick' }],
    }),
  );
  expect((await lab.run('deploy', 'apps/clock.json', '--wait')).status).toBe(0);
  await waitFor(async () => {
    expect(await resolver.resolve4('clock-shop.marathon.mesos')).toEqual([expect.stringMatching(/^127\.0\.0\.\d$/)]);
  });
  const [service] = await resolver.resolveSrv('_tick._clock-shop._tcp.marathon.mesos');
  expect(service?.name).toMatch(/^clock-shop-[a-z0-9]{5}-s\d\.marathon\.mesos$/);
  expect(await resolver.resolve4('leader.mesos')).toEqual(['127.0.0.1']);

  // In a named network containers have addresses of their own, though they are simulated.
  const { services } = lab.ports;
  writeFileSync(
    join(lab.directory, 'apps/apart.json'),
    JSON.stringify({
      ...{ id: '/apart', cpus: 0.1, mem: 16, labels: { HAPROXY_GROUP: 'external' } },
      networks: [{ mode: 'container', name: 'apps' }],
      container: {
        type: 'DOCKER',
        docker: { image: 'web' },
        portMappings: [{ containerPort: 8080, servicePort: services, name: 'web' }],
      },
      healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, intervalSeconds: 1 }],
    }),
  );
  const apart = await lab.run('deploy', 'apps/apart.json', '--wait', '--timeout', '60');
  expect(apart.stdout, apart.stderr).toContain('1 of 1 running, 1 healthy');
  await waitFor(async () => {
    const [address = ''] = await resolver.resolve4('apart.marathon.mesos');
    const [{ port } = { port: 0 }] = await resolver.resolveSrv('_web._apart._tcp.marathon.mesos');
    expect(await (await fetch(`http://${address}:${port}/`)).text()).toContain('task: apart.instance');
    expect(await (await fetch(`http://127.0.0.1:${services}/`)).text()).toContain('task: apart.instance');
  });

  const stateOf = async () => {
    const { components } = JSON.parse((await lab.run('status', '--json')).stdout) as {
      readonly components: readonly { readonly role: string; readonly state: string }[];
    };
    return components.find(({ role }) => role === 'mesos-dns')?.state;
  };
  expect(await stateOf()).toBe('serves');
  expect((await lab.run('status')).stdout).toMatch(
    new RegExp(
      `^mesos-dns +mesos-dns +serves +http://127\\.0\\.0\\.1:${httpPort} +DNS at 127\\.0\\.0\\.1:${httpPort - 70}$`,
      'm',
    ),
  );
  expect((await lab.run('pause', 'mesos-dns')).status).toBe(0);
  expect(await stateOf()).toBe('paused');
  await expect(resolver.resolve4('leader.mesos')).rejects.toThrow('ETIMEOUT');
  expect((await lab.run('start', 'mesos-dns')).status).toBe(0);
  expect((await lab.run('kill', 'mesos-dns')).status).toBe(0);
  await expect(resolver.resolve4('leader.mesos')).rejects.toThrow('ECONNREFUSED');
  expect((await lab.run('start', 'mesos-dns')).status).toBe(0);
  await waitFor(async () => {
    expect(await resolver.resolve4('clock-shop.marathon.mesos')).toHaveLength(1);
  });
  expect((await lab.run('logs', 'mesos-dns')).stdout).toMatch(/following http:\/\/127\.0\.0\.1:\d+/);
  expect((await lab.run('down')).status).toBe(0);
  await expect(resolver.resolve4('leader.mesos')).rejects.toThrow('ECONNREFUSED');
});
