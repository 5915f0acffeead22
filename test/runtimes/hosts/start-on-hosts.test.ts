import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostsRuntime } from '../../../runtimes/hosts/hosts-runtime.ts';
import { readHostsRecord } from '../../../runtimes/hosts/hosts-record.ts';
import { wavesOf } from '../../../runtimes/hosts/start/waves.ts';
import { ensureRegistryCredentials, readRegistryCredentials } from '../../../lab/registry-credentials.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { ended, untilAborted } from '../docker/fake-docker.ts';
import { fakeMachines, fakeWorld, heardOptions, planWithAgents, type FakeMachines } from './fake-machines.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hosts-unit-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A plan whose ZooKeeper answers: a server of this test that says what a ZooKeeper alone says. */
async function withFakeZookeeper(plan: Plan, action: (plan: Plan) => Promise<void>): Promise<void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('Zookeeper version: 3.8.0\nMode: standalone\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const nodes = plan.nodes.map((node) => ({
    ...node,
    components: node.components.map((component) =>
      component.role === 'zookeeper'
        ? {
            ...component,
            host: '127.0.0.1',
            ports: component.ports.map((each) => (each.name === 'client' ? { ...each, target: port } : each)),
          }
        : component,
    ),
  }));
  try {
    await action({ ...plan, nodes });
  } finally {
    server.close();
  }
}

const start = (machines: FakeMachines, plan: Plan, options = heardOptions(plan)) =>
  hostsRuntime(fakeWorld(machines, plan)).start({ directory }, options);

describe('starting a lab on several machines', () => {
  it('goes wave by wave, with only the services of the wave on each node', () =>
    withFakeZookeeper(planWithAgents(3), async (plan) => {
      const machines = fakeMachines(1);
      const options = heardOptions(plan);
      const lab = await start(machines, plan, options);
      await lab.keep();
      expect(machines.ups().slice(0, 2)).toEqual(['unix:///node1.sock zookeeper', 'unix:///node1.sock mesos-master']);
      expect(machines.ups().slice(2, 5).toSorted()).toEqual([
        'unix:///node1.sock marathon',
        'unix:///node2.sock',
        'unix:///node3.sock',
      ]);
      expect(machines.ups().slice(5)).toEqual(['unix:///node1.sock']);
      expect(options.steps).toContain('The ZooKeepers have found each other');
      expect(readHostsRecord(nodeFileSystem, directory)?.phase).toBe('kept');
    }));

  it('gives the credentials of the registry to its machine alone, and in no word of a command', () =>
    withFakeZookeeper(planWithAgents(2, { addons: ['registry'] }), async (plan) => {
      const given = new Map<string, unknown>();
      const machines = fakeMachines(1, ({ endpoint, words }, { env = {} }) => {
        if (words.includes('up')) given.set(endpoint, { ...(given.get(endpoint) ?? {}), ...env });
        return undefined;
      });
      await expect(start(machines, plan)).rejects.toMatchObject({
        problems: [expect.objectContaining({ code: 'REGISTRY_CREDENTIALS' })],
      });
      ensureRegistryCredentials(nodeFileSystem, directory);
      const { user, password } = readRegistryCredentials(nodeFileSystem, directory);
      const lab = await start(machines, plan);
      await lab.keep();
      expect(given.get('unix:///node1.sock')).toMatchObject({ REGISTRY_CREDENTIALS: `${user}:${password}` });
      expect(given.get('unix:///node2.sock')).not.toHaveProperty('REGISTRY_CREDENTIALS');
      expect(machines.calls.flatMap(({ words }) => words).filter((word) => word.includes(password))).toEqual([]);
      expect(await lab.differences({ plan, settings: [] })).toEqual(expect.any(Array));
    }));

  it('takes as long as its deepest wave, however many nodes there are, and asks only so many at a time', () =>
    withFakeZookeeper(planWithAgents(50), async (plan) => {
      const delayMs = 20;
      const machines = fakeMachines(delayMs);
      const startedAt = performance.now();
      const lab = await start(machines, plan);
      const ms = performance.now() - startedAt;
      await lab.keep();
      expect(machines.ups()).toHaveLength(4 + 49);
      // One after the other they would take all of it.
      expect(ms).toBeLessThan((machines.calls.length * delayMs) / 3);
      expect(machines.most()).toBeGreaterThan(8);
      expect(machines.most()).toBeLessThanOrEqual(32);
    }));

  it('removes what it has made from every node when one of them fails, and says so', () =>
    withFakeZookeeper(planWithAgents(3), async (plan) => {
      const machines = fakeMachines(1, ({ endpoint, words }) =>
        endpoint.includes('node3') && words.includes('up')
          ? { kind: 'ended', exitCode: 1, stdout: '', stderr: '' }
          : undefined,
      );
      const options = heardOptions(plan);
      await expect(start(machines, plan, options)).rejects.toMatchObject({
        problems: [expect.objectContaining({ message: expect.stringMatching(/^node3: Docker could not start/) })],
      });
      const removed = machines.calls.filter(({ words }) => words[0] === 'rm').map(({ endpoint }) => endpoint);
      expect(removed).toContain('unix:///node1.sock');
      expect(options.notes).toEqual(
        expect.arrayContaining([expect.stringMatching(/^node1.*: removed again: 1 container/)]),
      );
      expect(readHostsRecord(nodeFileSystem, directory)).toBeUndefined();
    }));

  it('ends when Compose waits for a health check whose program is not there, with the node', () =>
    withFakeZookeeper(planWithAgents(2), async (plan) => {
      const output = 'exec: "bash": executable file not found in $PATH: unknown';
      const row = [
        'c1',
        `${plan.name}-marathon-1`,
        'running',
        'Up',
        'mine:1',
        plan.name,
        'node1',
        'marathon',
        'marathon',
        '/',
        'f',
      ];
      const machines = fakeMachines(1, ({ endpoint, words }, { signal, onLine }) => {
        if (words.includes('{{json .State.Health}}')) return ended(0, JSON.stringify({ Log: [{ Output: output }] }));
        if (words[0] === 'ps' && words.join(' ').includes(`project=${plan.name}`)) return ended(0, row.join('\t'));
        if (!endpoint.includes('node1') || !words.includes('up') || !words.includes('marathon')) return undefined;
        onLine?.(` Container ${plan.name}-marathon-1  Waiting`);
        return untilAborted(signal);
      });
      const message = 'node1: marathon cannot be asked for its health: the image mine:1 does not have the program bash';
      await expect(start(machines, plan)).rejects.toMatchObject({
        problems: [expect.objectContaining({ code: 'CONTAINER_FAILED', message })],
      });
    }));

  it('leaves what was started with --retain', () =>
    withFakeZookeeper(planWithAgents(2), async (plan) => {
      const machines = fakeMachines(1, ({ endpoint, words }) =>
        endpoint.includes('node2') && words.includes('up')
          ? { kind: 'ended', exitCode: 1, stdout: '', stderr: '' }
          : undefined,
      );
      await expect(start(machines, plan, { ...heardOptions(plan), retain: true })).rejects.toThrow();
      expect(machines.calls.filter(({ words }) => words[0] === 'rm')).toEqual([]);
      expect(readHostsRecord(nodeFileSystem, directory)?.phase).toBe('kept');
    }));

  it('leaves a machine alone whose Engine is reached another way now', () =>
    withFakeZookeeper(planWithAgents(2), async (plan) => {
      const other = 'unix:///other.sock';
      const machines = fakeMachines(1, ({ endpoint, words }) =>
        words[0] === 'info' && endpoint === other
          ? { kind: 'ended', exitCode: 0, stdout: '{"ID":"unix:///node2.sock"}', stderr: '' }
          : undefined,
      );
      await (await start(machines, plan)).keep();
      const nodes = plan.nodes.map((node) => (node.name === 'node2' ? { ...node, docker: other } : node));
      const lab = await start(machines, { ...plan, nodes });
      expect(machines.calls.filter(({ words }) => words[0] === 'rm')).toEqual([]);
      expect(await lab.differences({ plan, settings: [] })).toContain('node2 is reached another way');
    }));

  it.each(['ZooKeeper', 'masters', 'agents and Marathon', 'load balancer'])(
    'leaves nothing when it is interrupted in the wave of %s',
    (wave) =>
      withFakeZookeeper(planWithAgents(3), async (plan) => {
        const machines = fakeMachines(5);
        const interrupted = new AbortController();
        const options = heardOptions(plan, interrupted.signal);
        const step: typeof options.tell.step = (about, action) => {
          if (about.title.startsWith(`Starting ${wave} on`))
            setTimeout(() => {
              interrupted.abort('SIGINT');
            }, 2);
          return options.tell.step(about, action);
        };
        // Ctrl-C ends everything that has no signal of its own.
        const world = { ...fakeWorld(machines, plan), signal: interrupted.signal };
        const starting = hostsRuntime(world).start({ directory }, { ...options, tell: { ...options.tell, step } });
        await expect(starting).rejects.toBe('SIGINT');
        expect(readHostsRecord(nodeFileSystem, directory)).toBeUndefined();
        expect(options.notes.join('\n')).toMatch(/node1/);
      }),
  );
});

describe('before a lab is started on several machines', () => {
  const prepare = (machines: FakeMachines, plan: Plan) =>
    hostsRuntime(fakeWorld(machines, plan)).prepare({ directory }, heardOptions(plan));

  it('each node that does not answer is named', async () => {
    const plan = planWithAgents(3);
    const machines = fakeMachines(1, ({ endpoint }) =>
      endpoint.includes('node1')
        ? undefined
        : { kind: 'ended', exitCode: 1, stdout: '', stderr: 'Cannot connect to the Docker daemon' },
    );
    await expect(prepare(machines, plan)).rejects.toMatchObject({
      problems: [
        {
          code: 'MACHINE_NODE_UNREACHABLE',
          message: expect.stringMatching(/^node2 .*does not answer; nothing was started$/),
        },
        { code: 'MACHINE_NODE_UNREACHABLE', message: expect.stringMatching(/^node3 /) },
      ],
    });
    expect(machines.ups()).toEqual([]);
  });

  it('a node without an endpoint is named with the key', async () => {
    const { nodes, ...rest } = planWithAgents(2);
    const without = nodes.map(({ docker, ...node }) =>
      node.name === 'node2' || docker === undefined ? node : { ...node, docker },
    );
    await expect(prepare(fakeMachines(1), { ...rest, nodes: without })).rejects.toMatchObject({
      problems: [
        {
          message: expect.stringContaining('node2: the spec does not say'),
          fix: expect.stringContaining('docker: ssh://10.0.0.2'),
        },
      ],
    });
  });

  it('Docker over TCP without TLS is refused, with the reason, also behind a context', async () => {
    const { nodes, ...rest } = planWithAgents(2);
    const plan = {
      ...rest,
      nodes: nodes.map((node, index) => ({ ...node, docker: index === 0 ? 'tcp://10.0.0.1:2375' : 'context:lab' })),
    };
    const machines = fakeMachines(1, ({ words }) =>
      words[0] === 'context'
        ? {
            kind: 'ended',
            exitCode: 0,
            stdout: '[{"Endpoints":{"docker":{"Host":"tcp://10.0.0.2:2376"}},"TLSMaterial":{}}]',
            stderr: '',
          }
        : undefined,
    );
    await expect(prepare(machines, plan)).rejects.toMatchObject({
      problems: [
        { message: expect.stringMatching(/^node1: .*whoever reaches that port is root/) },
        {
          message: expect.stringMatching(/^node2: .*whoever reaches that port is root/),
          found: 'context lab: tcp://10.0.0.2:2376',
        },
      ],
    });
  });

  it('two nodes on the same Engine are refused', async () => {
    const machines = fakeMachines(1, ({ words }) =>
      words[0] === 'info'
        ? {
            kind: 'ended',
            exitCode: 0,
            stdout:
              '{"ID":"same","MemTotal":8000000000,"CgroupVersion":"2","ClientInfo":{"Plugins":[{"Name":"compose","Version":"2.30.0"}]}}',
            stderr: '',
          }
        : undefined,
    );
    await expect(prepare(machines, planWithAgents(2))).rejects.toMatchObject({
      problems: [
        expect.objectContaining({ message: expect.stringContaining('node1 and node2 are the same Docker Engine') }),
      ],
    });
  });
});

describe('the waves of a lab', () => {
  it('have everything that is left of a node in its last one', () => {
    const waves = wavesOf(planWithAgents(2).nodes).map(({ title, nodes }) => [
      title,
      ...nodes.map(({ node, services }) => `${node.name} ${services?.join() ?? 'all'}`),
    ]);
    expect(waves).toEqual([
      ['ZooKeeper', 'node1 zookeeper'],
      ['masters', 'node1 mesos-master'],
      ['agents and Marathon', 'node1 marathon', 'node2 all'],
      ['load balancer', 'node1 all'],
    ]);
  });
});
