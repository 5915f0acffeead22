import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { hostPorts } from '../../../engine/agent/executors/simulated-docker-executor.ts';
import { listAt, textAt } from '../../../protocol/json.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf, waitFor } from './running-agent.ts';

/** A port that was free a moment ago. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

const nginx = (hostPort: number, more: Partial<TaskInfo> = {}): TaskInfo => {
  const { command: _, ...task } = commandTask('nginx', '');
  return {
    ...task,
    container: {
      type: 'DOCKER',
      docker: {
        image: 'nginx:1.10',
        network: 'BRIDGE',
        port_mappings: [{ host_port: hostPort, container_port: 80, protocol: 'tcp' }],
      },
    },
    ...more,
  };
};

/** As Marathon asks for one with networks of container/bridge (docs/networking.md of Marathon). */
const onMesosBridge = (hostPort: number): TaskInfo =>
  nginx(hostPort, {
    container: {
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: 'nginx:1.10' } } },
      network_infos: [
        { name: 'mesos-bridge', port_mappings: [{ host_port: hostPort, container_port: 80, protocol: 'tcp' }] },
      ],
    },
    health_check: { type: 'HTTP', http: { port: 80, path: '/', scheme: 'http' }, delay_seconds: 0 },
  });

test('a Mesos container with an image answers at the host port of its network, where its health is looked at, too', async () => {
  const { master } = await startTestAgent();
  const port = await freePort();
  master.run(onMesosBridge(port));
  await stateOf(master, 'nginx', 'TASK_RUNNING');
  expect((await fetch(`http://127.0.0.1:${port}/`)).headers.get('X-Simulated-Container')).toBe('nginx:1.10');
  await waitFor(() => {
    expect(master.updates.map(({ healthy }) => healthy)).toContain(true);
  });
});

test('a Docker task answers at its host port, on any path, and says that it is simulated', async () => {
  const { master, agent } = await startTestAgent();
  const port = await freePort();
  master.run(nginx(port));
  const running = await stateOf(master, 'nginx', 'TASK_RUNNING');
  expect(running.message).toBe('Simulated container of image nginx:1.10: there is no Docker here');
  expect(running.container_status).not.toHaveProperty('executor_pid');
  const answer = await fetch(`http://127.0.0.1:${port}/any/path?x=y`);
  expect([answer.status, answer.headers.get('X-Simulated-Container')]).toEqual([200, 'nginx:1.10']);
  const text = await answer.text();
  expect(text).toContain('simulated container: there is no Docker here');
  expect(text).toContain('task: nginx');
  expect(readFileSync(`${await sandboxOf(agent.url, 'nginx')}/stdout`, 'utf8')).toBe(text);
  master.kill('nginx');
  await stateOf(master, 'nginx', 'TASK_KILLED');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test('a Docker task in a network with a name answers at an address of its own, where its health is looked at, too', async () => {
  const { master } = await startTestAgent();
  const port = await freePort();
  const inside = (number: number, scope: string) => ({
    ...{ number, protocol: 'tcp', labels: { labels: [{ key: 'network-scope', value: scope }] } },
  });
  master.run(
    nginx(0, {
      container: {
        type: 'DOCKER',
        docker: { image: 'nginx:1.10', network: 'USER' },
        network_infos: [{ name: 'apps' }],
      },
      discovery: { visibility: 'FRAMEWORK', ports: { ports: [inside(port, 'container'), inside(port + 1, 'host')] } },
      health_check: { type: 'HTTP', http: { port, path: '/', scheme: 'http' }, delay_seconds: 0 },
    }),
  );
  const running = await stateOf(master, 'nginx', 'TASK_RUNNING');
  const [network] = listAt(running.container_status, 'network_infos');
  const [of] = listAt(network, 'ip_addresses');
  const address = textAt(of, 'ip_address') ?? '';
  expect(network).toMatchObject({ name: 'apps' });
  expect(address).toMatch(/^127\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7])\./);
  expect((await fetch(`http://${address}:${port}/`)).headers.get('X-Simulated-Container')).toBe('nginx:1.10');
  await waitFor(() => {
    expect(master.updates.map(({ healthy }) => healthy)).toContain(true);
  });
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  await expect(fetch(`http://${address}:${port + 1}/`)).rejects.toThrow();
});

test('the command of a Docker task is not run', async () => {
  const { master, agent } = await startTestAgent();
  const command = { shell: true, value: 'touch it-ran' };
  master.run(nginx(await freePort(), { command }));
  await stateOf(master, 'nginx', 'TASK_RUNNING');
  const text = readFileSync(`${await sandboxOf(agent.url, 'nginx')}/stdout`, 'utf8');
  expect(text).toContain('was not run: touch it-ran');
});

test('a port that is taken fails the task', async () => {
  const { master, agent } = await startTestAgent();
  master.run(nginx(Number(new URL(agent.url).port)));
  expect(await stateOf(master, 'nginx', 'TASK_FAILED')).toMatchObject({
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    message: expect.stringContaining('EADDRINUSE'),
  });
});

test('with the network of the host a container has all ports of its resources, with a bridge those it maps', () => {
  const ports = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 5, end: 7 }] } } as const;
  const host = nginx(1, { resources: [ports], container: { type: 'DOCKER', docker: { image: 'x', network: 'HOST' } } });
  expect(hostPorts(host)).toEqual([5, 6, 7]);
  expect(hostPorts(nginx(6, { resources: [ports] }))).toEqual([6]);
  expect(hostPorts({ ...onMesosBridge(7), resources: [ports] })).toEqual([7]);
});
