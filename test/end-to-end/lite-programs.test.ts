import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { commandTask, subscribe } from '../engine/scheduler-client.ts';
import { listeningPorts } from '../support/listening-ports.ts';
import { rawAnswer } from '../support/raw-answer.ts';
import { program } from './built-program.ts';
import { processesThat } from './lab-process.ts';

/** A program of the lite image, as the image starts it. */
interface Started {
  readonly child: ChildProcess;
  /** What it has logged until now. */
  readonly log: () => string;
  /** Where it listens, by its own words. */
  readonly url: () => Promise<string>;
}

let folder = '';
let running: Started[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lite-programs-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(
    running.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  // Commands outlive their agent, and so does what waits for its recovery_timeout.
  for (const pid of processesThat((command, environment) => command.includes(folder) || environment.includes(folder))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

async function until<Value>(what: string, look: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const value = await Promise.resolve(look()).catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no ${what}; logs:\n${running.map(({ log }) => log()).join('---\n')}`);
}

function start(name: string, environment: Readonly<Record<string, string>>, words: readonly string[] = []): Started {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, [program, '__component', name, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const started: Started = {
    child,
    log: () => text,
    url: () => until(`address of ${name}`, () => /Listening at (http:\/\/\S+)/.exec(text)?.[1]),
  };
  running.push(started);
  return started;
}

const master = (environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []) =>
  start(
    'mesos-master',
    { MESOS_IP: '127.0.0.1', MESOS_PORT: '0', MESOS_WORK_DIR: join(folder, 'master'), ...environment },
    words,
  );

async function endOf({ child }: Started): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe('the programs of the lite image', () => {
  it('have an agent that leaves for good on SIGUSR1: the master has it no more at once', async () => {
    const masterUrl = await master().url();
    const agent = start('mesos-agent', {
      MESOS_IP: '127.0.0.1',
      MESOS_PORT: '0',
      MESOS_MASTER: masterUrl.replace('http://', ''),
      MESOS_WORK_DIR: join(folder, 'agent'),
      MESOS_CONTAINERIZERS: 'mesos',
      MESOS_REGISTRATION_BACKOFF_FACTOR: '10ms',
    });
    await until('agent', () => (agent.log().includes('Registered as agent') ? true : undefined));
    agent.child.kill('SIGUSR1');
    expect(await endOf(agent)).toBe(0);
    expect(agent.log()).toContain('unregistering and shutting down');
    expect(await json(`${masterUrl}/state`)).toMatchObject({ slaves: [], unreachable_slaves: 0 });
  });

  it('end commands whose agent is gone for its recovery_timeout, and no containers that are by themselves', async () => {
    const masterUrl = await master({}, ['--allocation_interval=50ms']).url();
    const agent = start('mesos-agent', {
      MESOS_IP: '127.0.0.1',
      MESOS_PORT: '0',
      MESOS_HOSTNAME: '127.0.0.1',
      MESOS_MASTER: masterUrl.replace('http://', ''),
      MESOS_WORK_DIR: join(folder, 'agent'),
      MESOS_CONTAINERIZERS: 'mesos',
      MESOS_RECOVERY_TIMEOUT: '1secs',
      MESOS_REGISTRATION_BACKOFF_FACTOR: '10ms',
    });
    const framework = await subscribe(masterUrl, { checkpoint: true });
    const [offer] = await framework.takeOffers();
    const command = (name: string) => ({ shell: true, value: `echo $$ > ${join(folder, name)}; exec sleep 1000` });
    const task = commandTask('task', offer?.agent_id.value ?? '', { command: command('task.pid') });
    await framework.launch([offer?.id.value ?? ''], [task]);
    const alone = { container_id: { value: 'alone' }, command: command('alone.pid') };
    const call = JSON.stringify({ type: 'LAUNCH_CONTAINER', launch_container: alone });
    const headers = { 'content-type': 'application/json' };
    expect(await fetch(`${await agent.url()}/api/v1`, { method: 'POST', headers, body: call })).toMatchObject({
      status: 200,
    });
    const pidOf = (name: string) =>
      until(name, () => {
        const file = join(folder, name);
        return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
      });
    const [pid, other] = [await pidOf('task.pid'), await pidOf('alone.pid')];
    onTestFinished(() => {
      for (const each of [pid, other]) if (existsSync(`/proc/${each}`)) process.kill(each, 'SIGKILL');
    });
    agent.child.kill('SIGKILL');
    await once(agent.child, 'exit');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await until('end of the command', () => (existsSync(`/proc/${pid}`) ? undefined : true));
    expect(existsSync(`/proc/${other}`)).toBe(true);
    framework.close();
  });

  it('have an agent that keeps what operators reserve and create, also over kills, until they give it back', async () => {
    const masterUrl = await master().url();
    const workDir = join(folder, 'agent');
    const port = String(await freePort());
    const agent = async () => {
      const started = start('mesos-agent', {
        MESOS_IP: '127.0.0.1',
        MESOS_PORT: port,
        MESOS_MASTER: masterUrl.replace('http://', ''),
        MESOS_WORK_DIR: workDir,
        MESOS_CONTAINERIZERS: 'mesos',
        MESOS_RESOURCES: 'cpus:2;mem:256;disk:500',
        MESOS_REGISTRATION_BACKOFF_FACTOR: '10ms',
      });
      await until('agent', () => (started.log().includes('Registered as agent') ? true : undefined));
      return started;
    };
    const call = (body: object) =>
      fetch(`${masterUrl}/api/v1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
      });
    const agents = async () => {
      const { slaves } = (await json(`${masterUrl}/slaves`)) as {
        slaves: { id: string; reserved_resources: object }[];
      };
      return slaves;
    };
    const disk = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, role: 'dev', reservation: {} };
    const mounted = { mode: 'RW', container_path: 'data' };
    const volume = { ...disk, disk: { persistence: { id: 'vol' }, volume: mounted } };
    const kept = join(workDir, 'meta/resources/resources_and_operations.state');
    const untilKept = (isIn: boolean) =>
      until(isIn ? 'record of the volume' : 'record without it', () =>
        existsSync(kept) && readFileSync(kept, 'utf8').includes('"vol"') === isIn ? true : undefined,
      );

    const first = await agent();
    const agent_id = { value: (await agents())[0]?.id ?? '' };
    const reserve = { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources: [disk] } };
    expect((await call(reserve)).status).toBe(202);
    const create = { type: 'CREATE_VOLUMES', create_volumes: { agent_id, volumes: [volume] } };
    expect((await call(create)).status).toBe(202);
    await untilKept(true);
    const data = join(workDir, 'volumes/roles/dev/vol/file');
    writeFileSync(data, 'kept');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await agent();
    expect(await agents()).toMatchObject([{ id: agent_id.value, reserved_resources: { dev: { disk: 100 } } }]);
    expect(readFileSync(data, 'utf8')).toBe('kept');
    const form = (name: string, resource: object) => ({
      method: 'POST',
      body: new URLSearchParams({ slaveId: agent_id.value, [name]: JSON.stringify([resource]) }),
    });
    expect((await fetch(`${masterUrl}/destroy-volumes`, form('volumes', volume))).status).toBe(202);
    expect((await fetch(`${masterUrl}/unreserve`, form('resources', disk))).status).toBe(202);
    await untilKept(false);
    await until('end of the data', () => (existsSync(data) ? undefined : true));
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    await agent();
    expect(await agents()).toMatchObject([{ id: agent_id.value, reserved_resources: {} }]);
  });

  it('speak protobuf, of which the code is loaded by the first call', async () => {
    const masterUrl = await master().url();
    const headers = { 'Content-Type': 'application/x-protobuf', Accept: 'application/x-protobuf' };
    // GET_HEALTH, and what a real master answers to it.
    const bytes = await until('health in protobuf', async () => {
      const answer = await fetch(`${masterUrl}/api/v1`, { method: 'POST', headers, body: Uint8Array.of(8, 1) });
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    });
    expect([...bytes]).toEqual([8, 1, 18, 2, 8, 1]);
  });

  it('make a cluster that runs and serves an app, started alone from variables and flags, without ZooKeeper', async () => {
    const masterUrl = await master({ MESOS_UNKNOWN: 'x' }, ['--cluster=loop', '--allocation_interval=50ms']).url();
    const masterAt = masterUrl.replace('http://', '');
    const firstTaskPort = await freePort();
    start('mesos-agent', {
      MESOS_IP: '127.0.0.1',
      MESOS_PORT: '0',
      MESOS_HOSTNAME: '127.0.0.1',
      MESOS_MASTER: masterAt,
      MESOS_WORK_DIR: join(folder, 'agent'),
      MESOS_RESOURCES: `cpus:2;mem:256;disk:64;ports:[${firstTaskPort}-${firstTaskPort}]`,
      MESOS_ATTRIBUTES: 'rack:abc',
      MESOS_REGISTRATION_BACKOFF_FACTOR: '10ms',
    });
    const marathon = await start('marathon', {
      MARATHON_MASTER: masterAt,
      MARATHON_HTTP_ADDRESS: '127.0.0.1',
      MARATHON_HTTP_PORT: '0',
      MARATHON_HOSTNAME: '127.0.0.1',
      MARATHON_INTERNAL_STORE_BACKEND: 'mem',
      MARATHON_DISABLE_HA: '',
      MARATHON_APP_ID: '/another-marathon',
    }).url();
    const [statistics, servicePort] = [await freePort(), await freePort()];
    const words = ['sse', '--marathon', marathon, '--group', 'external', '--health-check'];
    start('marathon-lb', { PORTS: String(statistics) }, words);

    const server = `require("http").createServer((_, answer) => answer.end("hello")).listen(process.env.PORT0, "127.0.0.1")`;
    const app = {
      id: '/hello',
      cmd: `${process.execPath} -e '${server}'`,
      cpus: 0.1,
      mem: 32,
      constraints: [['rack', 'CLUSTER', 'abc']],
      labels: { HAPROXY_GROUP: 'external' },
      portDefinitions: [{ port: servicePort }],
    };
    const headers = { 'content-type': 'application/json' };
    await until('deployment', async () => {
      const answer = await fetch(`${marathon}/v2/apps`, { method: 'POST', headers, body: JSON.stringify(app) });
      return answer.ok ? true : undefined;
    });
    const page = await until('answer of the app through the load balancer', async () => {
      const answer = await fetch(`http://127.0.0.1:${servicePort}/`);
      return answer.ok ? answer.text() : undefined;
    });
    expect(page).toBe('hello');
    // As shell probes and HAProxy's checks ask: without a Host.
    const listeners = running.flatMap(({ child }) => listeningPorts(child.pid ?? 0));
    expect(listeners.map(({ port }) => port)).toEqual(expect.arrayContaining([statistics, servicePort]));
    expect(listeners.length).toBeGreaterThanOrEqual(5);
    // By name only, as HAProxy's: of no name there is no server.
    const byName = new Set([80, 9091]);
    // 443 speaks TLS alone.
    for (const { host, port } of listeners.filter((each) => each.port !== 443)) {
      const answer = await rawAnswer(host, port, 'GET / HTTP/1.0\r\n\r\n');
      expect(answer).toMatch(byName.has(port) ? /^HTTP\/1\.1 503 / : /^HTTP\/1\.1 (200|30\d|404) /);
    }
    expect(await json(`${masterUrl}/flags`)).toMatchObject({ flags: { cluster: 'loop', allocation_interval: '50ms' } });
    const frameworks = await json(`${masterUrl}/frameworks`);
    expect(frameworks).toMatchObject({ frameworks: [{ name: 'marathon', active: true }] });

    // As Docker stops a container: SIGTERM to the program alone.
    for (const { child } of running) child.kill('SIGTERM');
    expect(await Promise.all(running.map(endOf))).toEqual([0, 0, 0, 0]);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'have an agent whose commands outlive %s, and end as they end',
    async (signal) => {
      const masterUrl = await master({}, ['--allocation_interval=50ms']).url();
      const masterAt = masterUrl.replace('http://', '');
      const port = String(await freePort());
      const agent = async () => {
        const started = start('mesos-agent', {
          MESOS_IP: '127.0.0.1',
          MESOS_PORT: port,
          MESOS_HOSTNAME: '127.0.0.1',
          MESOS_MASTER: masterAt,
          MESOS_WORK_DIR: join(folder, 'agent'),
          MESOS_CONTAINERIZERS: 'mesos',
          MESOS_RESOURCES: 'cpus:2;mem:256;disk:64',
          MESOS_REGISTRATION_BACKOFF_FACTOR: '10ms',
        });
        await until('agent', () => (started.log().includes('Registered as agent') ? true : undefined));
        return started;
      };
      const first = await agent();
      const marathon = await start('marathon', {
        MARATHON_MASTER: masterAt,
        MARATHON_HTTP_ADDRESS: '127.0.0.1',
        MARATHON_HTTP_PORT: '0',
        MARATHON_HOSTNAME: '127.0.0.1',
        MARATHON_INTERNAL_STORE_BACKEND: 'mem',
        MARATHON_DISABLE_HA: '',
      }).url();
      const notes = (name: string) => join(folder, name);
      const loop = (name: string) =>
        `echo $$ >> ${notes(`${name}.pid`)}; until [ -e ${notes(name)} ]; do sleep 0.05; done`;
      // The first ends while there is no agent, the second while there is one again; the third is killed by the next one.
      const apps = [
        { id: '/meanwhile', cmd: `${loop('meanwhile')}; exit 7` },
        { id: '/later', cmd: `${loop('later')}; kill -SEGV $$` },
        { id: '/killed', cmd: loop('never') },
      ].map((app) => ({ ...app, cpus: 0.1, mem: 32, backoffSeconds: 600 }));
      const headers = { 'content-type': 'application/json' };
      for (const app of apps) {
        await until(`app ${app.id}`, async () => {
          const answer = await fetch(`${marathon}/v2/apps`, { method: 'POST', headers, body: JSON.stringify(app) });
          return answer.ok ? true : undefined;
        });
      }
      interface Task {
        readonly id: string;
        readonly state: string;
      }
      const tasks = async () => ((await json(`${masterUrl}/tasks`)) as { readonly tasks: readonly Task[] }).tasks;
      const before = await until('three tasks', async () => {
        const running = (await tasks()).filter(({ state }) => state === 'TASK_RUNNING');
        return running.length === 3 ? running : undefined;
      });
      const idOf = (app: string) => before.find(({ id }) => id.startsWith(`${app}.`))?.id ?? '';
      const pidOf = (name: string) =>
        until(`process of ${name}`, () => {
          const file = notes(`${name}.pid`);
          return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
        });
      const pids = await Promise.all(['meanwhile', 'later', 'never'].map(pidOf));
      const runs = (pid: number) => existsSync(`/proc/${pid}`);
      onTestFinished(() => {
        for (const pid of pids.filter(runs)) process.kill(pid, 'SIGKILL');
      });

      first.child.kill(signal);
      await once(first.child, 'exit');
      expect(pids.filter(runs)).toEqual(pids);
      writeFileSync(notes('meanwhile'), '');
      await until('end of the first', () => (pids.filter(runs).length === 2 ? true : undefined));
      const second = await agent();

      const statusOf = async (app: string) => {
        const call = { type: 'GET_TASKS' };
        const answer = await fetch(`${masterUrl}/api/v1`, { method: 'POST', headers, body: JSON.stringify(call) });
        const { get_tasks: all } = (await answer.json()) as {
          get_tasks: { tasks?: readonly Ended[]; completed_tasks?: readonly Ended[] };
        };
        const found = [...(all.tasks ?? []), ...(all.completed_tasks ?? [])];
        return found.find(({ task_id: id }) => id.value === idOf(app))?.statuses?.at(-1);
      };
      interface Ended {
        readonly task_id: { readonly value: string };
        readonly statuses?: readonly { readonly state: string; readonly message?: string }[];
      }
      const ended = (app: string) =>
        until(`end of ${app}`, async () => {
          const status = await statusOf(app);
          return ['TASK_RUNNING', 'TASK_KILLING'].includes(status?.state ?? 'TASK_RUNNING') ? undefined : status;
        });
      expect(await ended('meanwhile')).toMatchObject({ state: 'TASK_FAILED', message: 'Command exited with status 7' });
      expect(await statusOf('later')).toMatchObject({ state: 'TASK_RUNNING' });
      expect(pids.slice(1).filter(runs)).toEqual(pids.slice(1));
      writeFileSync(notes('later'), '');
      expect(await ended('later')).toMatchObject({
        state: 'TASK_FAILED',
        message: 'Command terminated with signal Segmentation fault',
      });
      await fetch(`${marathon}/v2/apps//killed`, { method: 'DELETE' });
      expect(await ended('killed')).toMatchObject({ state: 'TASK_KILLED' });
      expect(pids.filter(runs)).toEqual([]);
      // Each started once, and nothing is kept of what is over.
      for (const name of ['meanwhile', 'later', 'never']) {
        expect(
          readFileSync(notes(`${name}.pid`), 'utf8')
            .trim()
            .split('\n'),
        ).toHaveLength(1);
      }
      await until('end of the records', () =>
        readdirSync(join(folder, 'agent/meta/processes')).length === 0 ? true : undefined,
      );
      second.child.kill('SIGTERM');
      expect(await endOf(second)).toBe(0);
    },
  );

  it('say why they cannot go on, once, and end', async () => {
    const first = master();
    const port = new URL(await first.url()).port;
    const second = master({ MESOS_PORT: port });
    expect(await endOf(second)).toBe(1);
    expect(second.log()).toContain(`Failed to bind on 127.0.0.1:${port}: Address already in use`);

    const wrong = start('mesos-agent', { MESOS_WORK_DIR: folder }, ['--foo']);
    expect(await endOf(wrong)).toBe(1);
    expect(wrong.log()).toMatch(/^Failed to load unknown flag 'foo'\n/);

    const unknown = start('mesos-slave', {});
    expect(await endOf(unknown)).toBe(2);
  });

  it('end within two seconds while they still wait for their ZooKeeper', async () => {
    const zk = `zk://127.0.0.1:${await freePort()}/mesos`;
    const logs = join(folder, 'logs');
    const waiting = master({ MESOS_ZK: zk, MESOS_QUORUM: '1', MESOS_LOG_DIR: logs });
    await waiting.url();
    const before = Date.now();
    waiting.child.kill('SIGINT');
    expect(await endOf(waiting)).toBe(0);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(readFileSync(join(logs, 'mesos-master.INFO'), 'utf8')).toContain('Told to end');
  });
});
