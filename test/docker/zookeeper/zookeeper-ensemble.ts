import { createServer } from 'node:net';
import { execa } from 'execa';
import type { ZkServer } from '../../../protocol/zk-url.ts';
import { openZookeeper } from '../../../engine/zookeeper/zookeeper-session.ts';
import { untilTrue } from '../support/until.ts';

const image = 'create-mesos-cluster-test/zookeeper:local';

/** A real ZooKeeper of three members, each in a container of its own, reached on ports of 127.0.0.1. */
export interface Ensemble {
  readonly servers: readonly ZkServer[];
  /** What `docker` is to do with members: `pause`, `unpause`, `kill`, `start`. Without numbers, with all. */
  readonly each: (verb: 'pause' | 'unpause' | 'kill' | 'start', ...members: readonly number[]) => Promise<void>;
  /** Waits until it takes writes. */
  readonly isServing: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const docker = (...args: readonly string[]) => execa('docker', args);

/** @param name of the network, and in front of the containers' names */
export async function startEnsemble(name: string): Promise<Ensemble> {
  const numbers = [1, 2, 3];
  const ports = await freePorts(numbers.length);
  const containers = numbers.map((number) => `${name}-${number}`);
  const remove = async () => {
    await execa('docker', ['rm', '--force', '--volumes', ...containers], { reject: false });
    await execa('docker', ['network', 'rm', name], { reject: false });
  };
  await remove();
  await docker('network', 'create', name);
  const servers = containers.map((host, index) => `server.${index + 1}=${host}:2888:3888;2181`).join(' ');
  try {
    await Promise.all(
      containers.map((container, index) => run(container, index + 1, ports[index] ?? 0, name, servers)),
    );
  } catch (error) {
    await remove();
    throw error;
  }
  const addresses = ports.map((port) => ({ host: '127.0.0.1', port }));
  return {
    servers: addresses,
    each: async (verb, ...members) => {
      const chosen = members.length === 0 ? numbers : members;
      await docker(verb, ...chosen.map((number) => `${name}-${number}`));
    },
    isServing: () => waitUntilServing(addresses),
    remove,
  };
}

async function run(container: string, number: number, port: number, network: string, servers: string): Promise<void> {
  const variables = { ZOO_MY_ID: String(number), ZOO_SERVERS: servers, ZOO_ADMINSERVER_ENABLED: 'false' };
  await docker(
    ...['run', '--detach', '--name', container, '--hostname', container, '--network', network],
    ...['--publish', `127.0.0.1:${port}:2181`, '--memory', '400m', '--env', 'JVMFLAGS=-Xmx200m'],
    ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    image,
  );
}

async function waitUntilServing(servers: readonly ZkServer[]): Promise<void> {
  const session = openZookeeper({ servers, sessionTimeoutMs: 10_000, log: () => undefined });
  try {
    await untilTrue('serving', 60_000, async () => {
      await session.ensurePath('/is-serving');
      await session.setData('/is-serving', Buffer.from('yes'));
      return true;
    });
  } finally {
    await session.close();
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const held = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    held.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
