import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AgentOptions, DockerTasks } from '../../engine/agent/agent-options.ts';
import { startAgent } from '../../engine/agent/start-agent.ts';
import type { ContainerInfo, TaskInfo, TaskStatus } from '../../protocol/mesos.ts';
import { startFakeMaster, type FakeMaster } from '../engine/agent/fake-master.ts';
import { agentOptions, parseLoosely, world, type Loose } from '../engine/agent/running-agent.ts';
import { requireTool } from '../support/require-tool.ts';
import { engineImage, startPrivateEngine, type PrivateEngine } from './support/private-engine.ts';

/*
 * Docker tasks of the agent on a real Docker Engine, which is this file's own: some tests kill it, others would remove
 * containers of somebody else. The master is a fake one.
 */

const image = 'create-mesos-cluster-test/nginx:local';
const hasImages = requireTool('image dind of scripts/test-images.sh', [
  'docker',
  'image',
  'inspect',
  engineImage,
  image,
]);

let engine: PrivateEngine;
beforeAll(async () => {
  if (hasImages) engine = await startPrivateEngine(`agent-tasks-${process.pid}`, [image]);
});
afterAll(async () => {
  if (hasImages) await engine.remove();
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });

const dockerTasks = (more: Partial<DockerTasks> = {}): DockerTasks => ({
  cli: 'docker',
  socket: engine.socket,
  killOrphans: true,
  removeDelayMs: 60_000,
  stopTimeoutMs: 1000,
  engineTimeoutMs: 20_000,
  ...more,
});

interface TestAgent {
  readonly master: FakeMaster;
  readonly options: AgentOptions;
  /** Stops this one and starts the next one in its folder. */
  readonly restart: (more?: Partial<AgentOptions>) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly start: (more?: Partial<AgentOptions>) => Promise<void>;
}

/** A real agent, registered with a fake master. It ends with the test, and its containers with it. */
async function startDockerAgent(
  docker: Partial<DockerTasks> = {},
  more: Partial<AgentOptions> = {},
): Promise<TestAgent> {
  const master = await startFakeMaster({});
  const workDir = mkdtempSync(`${engine.folder}/work/agent-`);
  const options = agentOptions(master, {
    port: await freePort(),
    advertisedIp: engine.ip,
    workDir,
    dockerTasks: dockerTasks(docker),
    recovery: 'reconnect',
    ...more,
  });
  let agent = await startAgent(options, world);
  const start = async (changed: Partial<AgentOptions> = {}) => {
    const before = master.registrations.length;
    agent = await startAgent({ ...options, ...changed }, world);
    await waitFor(() => {
      expect(master.registrations.length).toBeGreaterThan(before);
    });
  };
  const stop = () => agent.stop();
  onTestFinished(async () => {
    await stop();
    await master.close();
    const left = await engine.docker('ps', '-aq');
    if (left !== '') await engine.docker('rm', '-f', '-v', ...left.split('\n'));
  });
  await waitFor(() => {
    expect(master.registrations).toHaveLength(1);
  });
  const restart = async (changed?: Partial<AgentOptions>) => {
    await stop();
    await start(changed);
  };
  return { master, options, restart, stop, start };
}

const waitFor = (assertion: () => void | Promise<void>) => vi.waitFor(assertion, { timeout: 40_000, interval: 50 });

async function stateOf(master: FakeMaster, taskId: string, state: string): Promise<TaskStatus> {
  let found: TaskStatus | undefined;
  await waitFor(() => {
    const updates = master.updates.filter((status) => status.task_id.value === taskId);
    found = updates.find((status) => status.state === state);
    expect(found, JSON.stringify(updates.map((status) => [status.state, status.message]))).toBeDefined();
  });
  return found as TaskStatus;
}

interface TaskOptions {
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly mem?: number;
  readonly port?: number;
  readonly docker?: Partial<ContainerInfo['docker']>;
  readonly more?: Partial<TaskInfo>;
  readonly container?: Partial<ContainerInfo>;
}

function dockerTask(id: string, { command, env = {}, mem = 32, port, docker, more, container }: TaskOptions): TaskInfo {
  const ports = port === undefined ? [] : [{ begin: port, end: port }];
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: 'fake-master-S0' },
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
      ...(port === undefined ? [] : [{ name: 'ports', type: 'RANGES', ranges: { range: ports } } as const]),
    ],
    command: {
      ...(command === undefined ? { shell: false } : { shell: true, value: command }),
      environment: { variables: Object.entries(env).map(([name, value]) => ({ name, value })) },
    },
    container: {
      type: 'DOCKER',
      docker: {
        image,
        network: 'BRIDGE',
        ...(port !== undefined && {
          port_mappings: [{ host_port: port, container_port: 80, protocol: 'tcp' }],
        }),
        ...docker,
      },
      ...container,
    },
    ...more,
  };
}

/** Name of a task's container, by what it was told. */
const nameOf = (status: TaskStatus) => {
  const { container_id: id } = status.container_status as unknown as { container_id: { value: string } };
  return `mesos-${id.value}`;
};

const inspect = async (name: string): Promise<Loose> => parseLoosely(await engine.docker('inspect', name))[0];
const names = async (...filter: readonly string[]) =>
  (await engine.docker('ps', '-a', '--format', '{{.Names}}', ...filter)).split('\n').filter((name) => name !== '');

function sandboxOf({ options }: TestAgent, taskId: string): string {
  const slaves = `${options.workDir}/slaves`;
  const [id = ''] = readdirSync(slaves);
  return `${slaves}/${id}/frameworks/fw-0/executors/${taskId}/runs/latest`;
}

/** In the command of a task: it waits there until it is told to go on. */
const untilTold = 'until test -e $MESOS_SANDBOX/now; do sleep 0.1; done';
const tell = (agent: TestAgent, taskId: string) => {
  writeFileSync(`${sandboxOf(agent, taskId)}/now`, '');
};

const sandboxFile = (agent: TestAgent, taskId: string, file: string) =>
  readFileSync(`${sandboxOf(agent, taskId)}/${file}`, 'utf8');

describe.skipIf(!hasImages)('a Docker task', () => {
  test('has what was fetched for it in its sandbox', async () => {
    const agent = await startDockerAgent();
    const files = mkdtempSync(`${engine.folder}/files-`);
    writeFileSync(`${files}/words.txt`, 'fetched');
    const task = dockerTask('fetches', { command: 'cat /mnt/mesos/sandbox/words.txt' });
    const uris = [{ value: `file://${files}/words.txt` }];
    agent.master.run({ ...task, command: { ...task.command, uris } });
    await stateOf(agent.master, 'fetches', 'TASK_FINISHED');
    expect(sandboxFile(agent, 'fetches', 'stdout')).toBe('fetched');
  });

  test('of a web server answers at its port of the agent, and its health is checked there', async () => {
    const agent = await startDockerAgent();
    const times = { delay_seconds: 0, interval_seconds: 1, grace_period_seconds: 5 };
    const check = { ...times, type: 'HTTP', http: { port: 80, path: '/' } };
    agent.master.run(dockerTask('web', { port: 31_005, more: { health_check: check } }));
    const running = await stateOf(agent.master, 'web', 'TASK_RUNNING');
    expect(running.container_status).toMatchObject({
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: expect.stringMatching(/^172\./) }] }],
    });
    await waitFor(async () => {
      expect((await fetch(`http://${engine.ip}:31005/`)).status).toBe(200);
    });
    await waitFor(() => {
      expect(agent.master.updates.some(({ healthy }) => healthy === true)).toBe(true);
    });
    await waitFor(() => {
      expect(sandboxFile(agent, 'web', 'stdout')).toContain('GET /');
    });
    expect(await names()).toEqual([nameOf(running)]);
  });

  test('is on the network that Marathon names, and has a terminal', async () => {
    const agent = await startDockerAgent();
    await engine.docker('network', 'create', 'of-tasks');
    const container = {
      network_infos: [{ name: 'of-tasks', ip_addresses: [{ protocol: 'IPv4' }] }],
      tty_info: {},
    };
    const command = `tty; ${untilTold}`;
    agent.master.run(dockerTask('apart', { command, docker: { network: 'USER' }, container }));
    const running = await stateOf(agent.master, 'apart', 'TASK_RUNNING');
    const { Config: config, NetworkSettings: settings } = await inspect(nameOf(running));
    expect([config.Tty, Object.keys(settings.Networks as object)]).toEqual([true, ['of-tasks']]);
    expect(running.container_status).toMatchObject({
      network_infos: [{ name: 'of-tasks', ip_addresses: [{ ip_address: settings.Networks['of-tasks'].IPAddress }] }],
    });
    await waitFor(() => {
      expect(sandboxFile(agent, 'apart', 'stdout')).toMatch(/^\/dev\/pts\/\d+/);
    });
    tell(agent, 'apart');
    await stateOf(agent.master, 'apart', 'TASK_FINISHED');
  });

  test('has its variables, limits, volumes and sandbox', async () => {
    const agent = await startDockerAgent({ enableCfs: true });
    const shared = `${engine.folder}/work/shared`;
    mkdirSync(shared, { recursive: true });
    writeFileSync(`${shared}/given`, 'from the agent\n');
    const command =
      'cat /read/given; echo x > /read/new || echo read-only; echo out > /write/made; echo "$SECRET|$LINES2"; ' +
      'echo in sandbox > $MESOS_SANDBOX/result; echo $MESOS_TASK_ID $MESOS_CONTAINER_NAME; echo oops >&2; sleep 60';
    const volumes = [
      { container_path: '/read', host_path: shared, mode: 'RO' },
      { container_path: '/write', host_path: shared, mode: 'RW' },
    ];
    const env = { SECRET: "it's $HOME", LINES2: 'one\ntwo' };
    agent.master.run(dockerTask('all', { command, env, container: { volumes }, mem: 10 }));
    const name = nameOf(await stateOf(agent.master, 'all', 'TASK_RUNNING'));
    await waitFor(() => {
      const lines = ['from the agent', 'read-only', "it's $HOME|one", 'two', `all ${name}`, ''];
      expect(sandboxFile(agent, 'all', 'stdout')).toBe(lines.join('\n'));
    });
    expect(sandboxFile(agent, 'all', 'stderr')).toContain('oops');
    expect(sandboxFile(agent, 'all', 'result')).toBe('in sandbox\n');
    expect(readFileSync(`${shared}/made`, 'utf8')).toBe('out\n');
    expect((await inspect(name)).HostConfig).toMatchObject({
      CpuShares: 512,
      CpuQuota: 50_000,
      Memory: 32 * 1024 * 1024,
    });
    expect(readdirSync(`${agent.options.workDir}/meta/docker`)).toEqual([]);
  });

  test('ends as its command does', async () => {
    const { master } = await startDockerAgent();
    master.run(dockerTask('good', { command: 'true' }));
    master.run(dockerTask('bad', { command: 'exit 3' }));
    expect(await stateOf(master, 'good', 'TASK_FINISHED')).toMatchObject({ message: 'Container exited with status 0' });
    expect(await stateOf(master, 'bad', 'TASK_FAILED')).toMatchObject({ message: 'Container exited with status 3' });
  });

  test('that is killed has its grace period, and no more', async () => {
    const agent = await startDockerAgent();
    const { master } = agent;
    // The image's own signal: `docker stop` sends it, as Mesos leaves it to Docker.
    const loop = 'echo ready; while true; do sleep 0.1; done';
    master.run(dockerTask('polite', { command: `trap "echo bye; exit 0" QUIT; ${loop}` }));
    master.run(dockerTask('stubborn', { command: `trap "" QUIT; ${loop}` }));
    for (const id of ['polite', 'stubborn']) {
      await waitFor(() => {
        expect(sandboxFile(agent, id, 'stdout')).toContain('ready');
      });
    }
    master.kill('polite', 20_000);
    master.kill('stubborn', 1000);
    expect(await stateOf(master, 'polite', 'TASK_KILLED')).toMatchObject({ message: 'Container exited with status 0' });
    expect((await stateOf(master, 'stubborn', 'TASK_KILLED')).message).toBe('Container exited with status 137');
  });

  test('that takes more than its memory fails, and says so where the Engine noticed', async () => {
    const { master } = await startDockerAgent();
    const parameters = [{ key: 'memory-swap', value: String(32 * 1024 * 1024) }];
    master.run(dockerTask('greedy', { command: 'x=a; while true; do x=$x$x; done', docker: { parameters } }));
    const failed = await stateOf(master, 'greedy', 'TASK_FAILED');
    const { OOMKilled: wasNoticed } = (await inspect(nameOf(failed))).State;
    const end = 'Container exited with status 137';
    expect([failed.message, failed.reason]).toEqual(
      wasNoticed ? [`${end}: memory limit exceeded (32 MB)`, 'REASON_CONTAINER_LIMITATION_MEMORY'] : [end, undefined],
    );
  });

  test('whose image cannot be pulled fails with what Docker said, also when a pull is forced', async () => {
    const { master } = await startDockerAgent();
    master.run(dockerTask('missing', { docker: { image: 'localhost:1/nowhere' } }));
    master.run(dockerTask('forced', { docker: { image: 'localhost:1/nowhere:2', force_pull_image: true } }));
    for (const id of ['missing', 'forced']) {
      const { message, reason } = await stateOf(master, id, 'TASK_FAILED');
      expect(reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
      expect(message).toMatch(/^Failed to launch container: Failed to run 'docker -H \S+ pull localhost:1\/nowhere/);
      expect(message).toContain('connection refused');
    }
  });

  test('whose port is taken fails with what Docker said, and leaves no container', async () => {
    const { master } = await startDockerAgent();
    master.run(dockerTask('first', { port: 31_006 }));
    await stateOf(master, 'first', 'TASK_RUNNING');
    master.run(dockerTask('second', { port: 31_006 }));
    expect((await stateOf(master, 'second', 'TASK_FAILED')).message).toContain('port is already allocated');
    await waitFor(async () => {
      expect(await names()).toHaveLength(1);
    });
  });

  test('whose health command fails is killed', async () => {
    const agent = await startDockerAgent();
    const { master } = agent;
    const check = {
      ...{ delay_seconds: 0, interval_seconds: 0.3, grace_period_seconds: 0, consecutive_failures: 2 },
      type: 'COMMAND',
      command: { value: 'test -e /healthy' },
    };
    const command = `echo > /healthy; ${untilTold}; busybox rm /healthy; sleep 60`;
    master.run(dockerTask('sick', { command, more: { health_check: check } }));
    await waitFor(() => {
      expect(master.updates.some(({ healthy }) => healthy === true)).toBe(true);
    });
    tell(agent, 'sick');
    expect((await stateOf(master, 'sick', 'TASK_KILLED')).healthy).toBe(false);
  });

  test('that crashes again and again leaves few containers behind', async () => {
    const { master } = await startDockerAgent({ maxEndedContainers: 2 });
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) {
      master.run(dockerTask(id, { command: 'exit 1' }));
      await stateOf(master, id, 'TASK_FAILED');
    }
    await waitFor(async () => {
      expect(await names()).toHaveLength(2);
    });
  });

  test('is removed when its time is over', async () => {
    const { master } = await startDockerAgent({ removeDelayMs: 500 });
    master.run(dockerTask('short', { command: 'true' }));
    await stateOf(master, 'short', 'TASK_FINISHED');
    await waitFor(async () => {
      expect(await names()).toEqual([]);
    });
  });
});

describe.skipIf(!hasImages)('an agent that is started again', () => {
  test('is the same one, and goes on with its containers', async () => {
    const agent = await startDockerAgent();
    const { master } = agent;
    master.run(dockerTask('counter', { command: 'i=0; while true; do i=$((i+1)); echo $i; sleep 0.2; done' }));
    const name = nameOf(await stateOf(master, 'counter', 'TASK_RUNNING'));
    await waitFor(() => {
      expect(sandboxFile(agent, 'counter', 'stdout')).toContain('3\n');
    });
    await agent.stop();
    expect((await inspect(name)).State.Running).toBe(true);
    await sleep(1000);
    await agent.start();
    expect(master.registrations.at(-1)).toMatchObject({
      agent_id: { value: 'fake-master-S0' },
      tasks: [{ task: { name: 'counter' }, status: { state: 'TASK_RUNNING' } }],
    });
    await waitFor(() => {
      const lines = sandboxFile(agent, 'counter', 'stdout').trim().split('\n').map(Number);
      expect(lines.length).toBeGreaterThan(12);
      expect(lines).toEqual(lines.map((_, index) => index + 1));
    });
    expect(new Set(master.updates.map(({ uuid }) => uuid)).size, 'updates: starting, running').toBe(2);
    master.kill('counter', 0);
    expect(await stateOf(master, 'counter', 'TASK_KILLED')).toMatchObject({ agent_id: { value: 'fake-master-S0' } });
  });

  test('says what became of those that ended while it was away', async () => {
    const agent = await startDockerAgent();
    const { master } = agent;
    master.run(dockerTask('gone', { command: `${untilTold}; echo last words; exit 7` }));
    master.run(dockerTask('removed', { command: 'sleep 60' }));
    const name = nameOf(await stateOf(master, 'removed', 'TASK_RUNNING'));
    const gone = nameOf(await stateOf(master, 'gone', 'TASK_RUNNING'));
    master.run({
      ...dockerTask('command', {}),
      container: undefined as never,
      command: { shell: true, value: 'sleep 60' },
    });
    await stateOf(master, 'command', 'TASK_RUNNING');
    await agent.stop();
    await engine.docker('rm', '-f', name);
    tell(agent, 'gone');
    await waitFor(async () => {
      expect((await inspect(gone)).State.Running).toBe(false);
    });
    await agent.start();
    expect((await stateOf(master, 'gone', 'TASK_FAILED')).message).toBe('Container exited with status 7');
    expect(sandboxFile(agent, 'gone', 'stdout')).toBe('last words\n');
    for (const id of ['removed', 'command']) {
      expect(await stateOf(master, id, 'TASK_FAILED')).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
    }
  });

  test('sends the updates that nobody acknowledged again', async () => {
    const agent = await startDockerAgent();
    const { master } = agent;
    master.setAcknowledges(false);
    master.run(dockerTask('short', { command: 'true' }));
    await stateOf(master, 'short', 'TASK_STARTING');
    await sleep(2000);
    await agent.stop();
    master.setAcknowledges(true);
    await agent.start();
    await stateOf(master, 'short', 'TASK_FINISHED');
  });

  test('removes the containers of agents that it does not know, but no others', async () => {
    const agent = await startDockerAgent();
    const orphan = 'mesos-0b0e4a0e-5c57-4b6f-9a35-0d3d9f8e2a11';
    for (const name of [orphan, 'mesos-master', 'somebody']) await engine.docker('run', '-d', '--name', name, image);
    await agent.restart({ dockerTasks: dockerTasks({ killOrphans: false }) });
    expect(await names()).toEqual(expect.arrayContaining([orphan, 'mesos-master', 'somebody']));
    await agent.restart();
    expect((await names()).sort()).toEqual(['mesos-master', 'somebody']);
  });

  test('with other resources refuses to be the same one', async () => {
    const agent = await startDockerAgent();
    await agent.stop();
    await expect(startAgent({ ...agent.options, resources: 'cpus:3;mem:1024;disk:1000' }, world)).rejects.toThrow(
      /^Failed to perform recovery: Incompatible agent info detected\.[^]*rm -f \S+\/meta\/slaves\/latest/,
    );
  });

  test('to clean up ends what is left, and is a new one afterwards', async () => {
    const agent = await startDockerAgent({ killOrphans: false });
    agent.master.run(dockerTask('left', { command: 'sleep 60' }));
    await stateOf(agent.master, 'left', 'TASK_RUNNING');
    await agent.stop();
    await expect(startAgent({ ...agent.options, recovery: 'cleanup' }, world)).rejects.toThrow(/was ended/);
    expect(await names()).toEqual([]);
    await agent.start();
    expect(agent.master.registrations.at(-1)?.agent_id).toBeUndefined();
  });
});

describe.skipIf(!hasImages)('without its Docker Engine', () => {
  test('tasks fail with clear words, and run again when it is back', async () => {
    const { master } = await startDockerAgent();
    master.run(dockerTask('victim', { command: 'sleep 600' }));
    await stateOf(master, 'victim', 'TASK_RUNNING');
    await engine.kill();
    master.run(dockerTask('early', { command: 'true' }));
    expect((await stateOf(master, 'early', 'TASK_FAILED')).message).toContain('Cannot connect to the Docker daemon');
    await engine.start();
    expect((await stateOf(master, 'victim', 'TASK_FAILED')).message).toMatch(/^Container exited with status \d+$/);
    master.run(dockerTask('late', { command: 'true' }));
    await stateOf(master, 'late', 'TASK_FINISHED');
  });

  test('an agent does not start, and says why', async () => {
    const master = await startFakeMaster({});
    onTestFinished(() => master.close());
    const start = (docker: Partial<DockerTasks>) =>
      startAgent(agentOptions(master, { dockerTasks: dockerTasks({ engineTimeoutMs: 500, ...docker }) }), world);
    await expect(start({ socket: '/nowhere/docker.sock' })).rejects.toThrow(
      /^Failed to create docker: Failed to run 'docker -H unix:\/\/\/nowhere\/docker\.sock ps .*Cannot connect/,
    );
    await expect(start({ cli: '/nowhere/docker' })).rejects.toThrow(/^Failed to create docker: .*no such program/);
  });
});
