import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { tryPort } from '../../platform/network/try-port.ts';
import { startOfProcess } from '../../platform/processes/process-identity.ts';
import type { ClusterOptions, DeployedApp, TestCluster } from '../../testing/test-cluster.ts';
import type * as Testing from '../../testing/testing.ts';
import { processesOf } from './lab-process.ts';

const script = fileURLToPath(new URL('../../dist/testing.cjs', import.meta.url));
const { startCluster, testClock } = createRequire(import.meta.url)(script) as typeof Testing;

/** Folders of clusters go here, so that nobody else's are seen. */
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fixture-test-'));
  vi.stubEnv('TMPDIR', folder);
});
/** They end before their folders are removed. */
const running: TestCluster[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.end()));
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function started(options?: ClusterOptions): Promise<TestCluster> {
  const cluster = await startCluster(options);
  running.push(cluster);
  return cluster;
}

const read = async <Content>(url: string) => (await (await fetch(url)).json()) as Content;

/** /state of a master, as far as these tests read it. */
interface State {
  readonly start_time: number;
  readonly slaves: readonly { readonly attributes: object; readonly resources: { readonly cpus: number } }[];
  readonly frameworks: readonly { readonly name: string }[];
}
const stateOf = ({ masterUrl }: TestCluster) => read<State>(`${masterUrl}/state`);
/** The process that a cluster's folder is named after. */
const processOf = ({ folder: path }: Pick<TestCluster, 'folder'>) => Number(/test-(\d+)-/.exec(path)?.[1]);
const portOf = (url: string) => Number(new URL(url).port);
const sleeper = { id: '/sleeper', cmd: 'sleep 1000', cpus: 0.1, mem: 32, instances: 2 };

/** Nothing of a cluster is left: no folder, no process of it or of its tasks, no port. */
const nothingIsLeft = (cluster: Pick<TestCluster, 'folder' | 'masterUrl' | 'marathonUrl'>) =>
  vi.waitFor(
    async () => {
      expect(existsSync(cluster.folder)).toBe(false);
      expect(processesOf(dirname(dirname(cluster.folder)))).toEqual([]);
      for (const url of [cluster.masterUrl, cluster.marathonUrl]) {
        expect(await tryPort('127.0.0.1', portOf(url))).toBeUndefined();
      }
    },
    { timeout: 20_000, interval: 50 },
  );

/** A run of tests of its own: it starts a cluster with a task, and waits to be killed. */
async function startRun() {
  const program = `
    const { startCluster } = require(${JSON.stringify(script)});
    startCluster().then(async (cluster) => {
      await cluster.deploy(${JSON.stringify(sleeper)});
      console.log(JSON.stringify(cluster));
      setInterval(() => {}, 1000);
    });`;
  const run = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  onTestFinished(() => {
    run.kill('SIGKILL');
  });
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  const cluster = JSON.parse(line.toString()) as Pick<TestCluster, 'folder' | 'masterUrl' | 'marathonUrl'>;
  return { run, cluster, killGroup: () => process.kill(-(run.pid ?? 0), 'SIGKILL') };
}

describe('a cluster for tests', () => {
  it('is ready when it has started: with a leader, its agents, and Marathon', async () => {
    const cluster = await started({ masters: 3, agents: [{ attributes: 'rack:r1' }, { resources: 'cpus:2;mem:64' }] });
    const { slaves, frameworks } = await stateOf(cluster);
    const agents = slaves.map(({ attributes, resources }) => [attributes, resources.cpus]);
    expect(agents).toEqual(
      expect.arrayContaining([
        [{ rack: 'r1' }, 4],
        [{}, 2],
      ]),
    );
    expect(agents).toHaveLength(2);
    expect(frameworks.map(({ name }) => name)).toEqual(['marathon']);
    expect([cluster.masterUrls.length, cluster.agentUrls.length, cluster.marathonUrls.length]).toEqual([3, 2, 1]);
  });

  it('deploys an app, and resolves with where its tasks are', async () => {
    const cluster = await started({ agents: 2, loadBalancers: 1 });
    const app = await cluster.deploy({ ...sleeper, constraints: [['hostname', 'UNIQUE']] });
    expect(app.tasks.map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
    expect(new Set(app.tasks.map(({ host }) => host)).size).toBe(process.platform === 'linux' ? 2 : 1);
  });

  it('says what Marathon refuses, and what a task that fails has said', async () => {
    const cluster = await started();
    await expect(cluster.deploy({ id: '/a', cmd: 'x', cpus: 'much' })).rejects.toThrow('there is "much"');
    await expect(cluster.deploy({ id: '/b', cmd: 'echo no luck >&2; exit 3' })).rejects.toThrow(
      /exited with status 3\n\s+stderr: no luck/,
    );
  });

  it('has parts that are killed, paused, cut off and started again', async () => {
    const cluster = await started({ agents: 1, marathons: 1 });
    const { id, tasks: before } = await cluster.deploy({ ...sleeper, instances: 1 });
    await cluster.kill('agent1', 'marathon1');
    await cluster.pause('master1');
    expect(await cluster.states()).toEqual({ agent1: 'killed', marathon1: 'killed', master1: 'paused' });
    await cluster.start('master1', 'agent1', 'marathon1');
    await cluster.ready();
    await cluster.partition('agent1');
    expect((await cluster.states())['agent1']).toBe('partitioned');
    await cluster.heal('agent1');
    await cluster.ready();
    const { app } = await read<{ app: DeployedApp }>(`${cluster.marathonUrl}/v2/apps${id}`);
    expect(app.tasks.map((task) => task.id)).toEqual(before.map((task) => task.id));
    await expect(cluster.partition('master1', 'zookeeper1')).rejects.toThrow(
      'partition is not for master1, zookeeper1; it is for agent1',
    );
  });

  it('has the time of a clock that was passed in, and an agent is lost in a moment', async () => {
    const clock = testClock();
    const cluster = await started({ agents: 2, clock });
    const other = await started({ marathons: 0, clock });
    await cluster.kill('agent1');
    await clock.advance(10_000);
    expect((await stateOf(cluster)).slaves).toHaveLength(2);
    await clock.advance(90_000);
    await cluster.waitFor(async () => (await stateOf(cluster)).slaves.length === 1);
    // The other agents, which answer, are there all the same.
    expect((await stateOf(other)).slaves).toHaveLength(1);
    const { start_time: startTime } = await stateOf(other);
    expect(clock.now() / 1000 - startTime).toBeGreaterThan(100);
  });

  it('works where a test has put fake timers in the place of the real ones', async () => {
    const cluster = await started();
    vi.useFakeTimers();
    await cluster.deploy(sleeper);
    await cluster.waitFor(
      async () => (await read<{ tasks: readonly unknown[] }>(`${cluster.masterUrl}/tasks`)).tasks.length === 2,
    );
  });

  it('says what it waited for and what it saw, when time is up, also when nobody answers', async () => {
    const cluster = await started({ marathons: 0 });
    const options = { what: 'two agents', timeoutMs: 50 };
    await expect(cluster.waitFor(() => 0, options)).rejects.toThrow(
      'two agents: not within 0.05 s; the last look found 0',
    );
    await cluster.pause('master1');
    await expect(cluster.waitFor(() => fetch(cluster.masterUrl), options)).rejects.toThrow('two agents: not within');
  });

  it('has ports of its own beside others', async () => {
    const clusters = await Promise.all([started(), started(), started()]);
    const ports = clusters.flatMap(({ masterUrl, marathonUrl }) => [portOf(masterUrl), portOf(marathonUrl)]);
    expect(new Set(ports).size).toBe(6);
    const tasks = await Promise.all(clusters.map((cluster) => cluster.deploy({ ...sleeper, ports: [0, 0] })));
    const ofTasks = tasks.flatMap((app) => app.tasks.flatMap((task) => task.ports));
    expect(new Set(ofTasks).size).toBe(ofTasks.length);
  });

  it('names all options that are wrong, and leaves no process', async () => {
    const wrong = { masters: 6, agents: [{ cpus: 3 }], mesos: true } as unknown as ClusterOptions;
    await expect(startCluster(wrong)).rejects.toThrow(
      /mesos: there is no such option.*\n.*masters: found 6.*\n.*agents\[0\].cpus: there is no such key/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('nothing is left of a cluster for tests', () => {
  it('after its end, which may be called twice', async () => {
    const cluster = await started();
    await cluster.deploy(sleeper);
    await Promise.all([cluster.end(), cluster.end()]);
    await nothingIsLeft(cluster);
    await expect(cluster.deploy(sleeper)).rejects.toThrow('the process of the cluster has ended');
  });

  it('when the run of the tests is killed with all its process group', async () => {
    const { cluster, killGroup } = await startRun();
    expect(readFileSync(join(cluster.folder, 'logs/master1.log'), 'utf8')).not.toBe('');
    killGroup();
    await nothingIsLeft(cluster);
  });

  it('after its end, when its process was killed before', async () => {
    const cluster = await started();
    await cluster.deploy(sleeper);
    process.kill(processOf(cluster), 'SIGKILL');
    await cluster.end();
    await nothingIsLeft(cluster);
  });

  it('after the next start, when both were killed', async () => {
    const { cluster, run } = await startRun();
    // It can neither see that the run has gone nor clean up.
    process.kill(processOf(cluster), 'SIGSTOP');
    run.kill('SIGKILL');
    process.kill(processOf(cluster), 'SIGKILL');
    await vi.waitFor(() => {
      expect(startOfProcess(processOf(cluster))).toBeUndefined();
    });
    expect(existsSync(cluster.folder)).toBe(true);
    await started({ marathons: 0 });
    await nothingIsLeft(cluster);
  });
});
