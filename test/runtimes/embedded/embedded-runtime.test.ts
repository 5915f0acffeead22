import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import type { DaemonMessage, DaemonOptions } from '../../../platform/processes/daemon.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import { componentLog } from '../../../runtimes/embedded/component-log.ts';
import { embeddedRuntime, type EmbeddedDependencies } from '../../../runtimes/embedded/embedded-runtime.ts';
import { labRegistry, registryFolder } from '../../../runtimes/embedded/lab-registry.ts';
import { runFolder } from '../../../runtimes/embedded/run-folder.ts';
import { readRunRecord, writeRunRecord } from '../../../runtimes/embedded/run-record.ts';
import { startOptions } from '../start-options.ts';
import { planOf } from './plan-of.ts';

const { signal } = new AbortController();

interface FakeWorld {
  /** Ours, where it is not said. */
  readonly isOurs?: boolean;
  readonly freeBytes?: number;
  readonly says?: DaemonMessage;
  readonly taken?: ReadonlyMap<number, string>;
  readonly containers?: ReadonlyMap<number, string>;
}

/** A runtime whose daemons say one thing and do nothing. */
function fakeRuntime({
  isOurs = true,
  freeBytes = 1e9,
  says,
  taken = new Map(),
  containers = new Map(),
}: FakeWorld = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'runtime-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const asked: DaemonOptions[] = [];
  const done: string[] = [];
  const world: EmbeddedDependencies = {
    files: nodeFileSystem,
    clock: systemClock,
    startDaemon: (options) => {
      asked.push(options);
      return {
        pid: 4711,
        firstMessage: Promise.resolve(says),
        letGo: () => Promise.resolve(void done.push('let go')),
        abandon: () => Promise.resolve(void done.push('abandoned')),
      };
    },
    tryPort: (_host, port) => Promise.resolve(taken.has(port) ? 'EADDRINUSE' : undefined),
    findPortHolder: (port) => ({ pid: 99, command: taken.get(port) ?? '', words: (taken.get(port) ?? '').split(' ') }),
    containerOn: (port) => Promise.resolve(containers.get(port)),
    registry: labRegistry(nodeFileSystem, join(directory, 'registry')),
    endOrphans: (folder) => Promise.resolve(done.push(`orphans below ${folder}`)),
    maySignal: () => isOurs,
    freeSpace: () => freeBytes,
    memory: () => ({ availableBytes: 8e9, heapBytes: 4e9 }),
    script: '/dist/create-mesos-cluster.cjs',
  };
  return { runtime: embeddedRuntime(world), directory, asked, done, world };
}

const options = async () => startOptions(await planOf({ preset: 'single' }));

describe('the embedded runtime', () => {
  it('starts one process for the lab, which finds in its folder what to run', async () => {
    const { runtime, directory, asked } = fakeRuntime({ says: { kind: 'started' } });
    const lab = await runtime.start({ directory }, await options());
    expect(asked).toMatchObject([
      {
        script: '/dist/create-mesos-cluster.cjs',
        arguments: ['__daemon', '--lab', directory],
        cwd: directory,
      },
    ]);
    expect(lab).toMatchObject({ processId: 4711, target: { masters: ['http://127.0.0.1:5050'], zookeepers: [] } });
    expect(existsSync(runFolder(directory).cluster)).toBe(true);
  });

  it('names who holds the ports, once for each, and the ways to move them', async () => {
    const taken = new Map([
      [5050, 'nginx -g'],
      [5051, 'nginx -g'],
      [5052, 'nginx -g'],
    ]);
    const { runtime, directory, asked } = fakeRuntime({ taken });
    await expect(runtime.start({ directory }, await options())).rejects.toMatchObject({
      problems: [
        {
          code: 'MACHINE_PORT_TAKEN',
          message: 'ports that the lab needs are taken: 5050 (master1), 5051 (agent1), 5052 (agent2)',
          found: 'process 99 (nginx -g)',
          fix: expect.stringMatching(
            /--port-offset 100.*--port mesos-master=5150 --port mesos-agent=5151;.*mesos-cluster\.yaml/,
          ),
        },
      ],
    });
    expect([asked, readdirSync(directory)]).toEqual([[], []]);
  });

  it('names the lab whose container has a port, and not the process of Docker', async () => {
    const { runtime, directory } = fakeRuntime({
      taken: new Map([[5050, '/usr/bin/docker-proxy -proto tcp -host-port 5050']]),
      containers: new Map([[5050, 'the lab one in /labs/one (create-mesos-cluster down one ends it)']]),
    });
    await expect(runtime.start({ directory }, await options())).rejects.toMatchObject({
      problems: [{ found: 'the lab one in /labs/one (create-mesos-cluster down one ends it)' }],
    });
  });

  it('advises an offset alone for a port that no flag moves', async () => {
    const { runtime, directory } = fakeRuntime({ taken: new Map([[8081, 'nginx']]) });
    const plan = await planOf({ ports: { 'virtual-hosts': 8081 } });
    await expect(runtime.start({ directory }, { ...(await options()), plan })).rejects.toMatchObject({
      problems: [
        {
          message: 'a port that the lab needs is taken: 8081 (marathon-lb)',
          fix: 'end that; or move all ports: npm run up -- --port-offset 100; ports in mesos-cluster.yaml moves them for good',
        },
      ],
    });
  });

  it('says which lab holds a service port, and advises an offset that is free', async () => {
    const { runtime, directory } = fakeRuntime({
      taken: new Map([
        [10_000, 'node tool.cjs __daemon --lab /home/ann/labs/one'],
        [5150, 'nginx'],
      ]),
    });
    await expect(runtime.start({ directory }, await options())).rejects.toMatchObject({
      problems: [
        {
          message: 'a port that the lab needs is taken: 10000 (service port of marathon-lb)',
          found: 'the lab in /home/ann/labs/one (process 99); end it: npm run down there',
          fix: 'end that; or move all ports: npm run up -- --port-offset 200; or move this part: npm run up -- --service-ports 10100-10120; ports in mesos-cluster.yaml moves them for good',
        },
      ],
    });
  });

  it.each([
    [{ kind: 'failed', message: 'bad resources' }, 'COMMAND_FAILED', /bad resources/],
    [
      { kind: 'cannot-listen', code: 'EADDRINUSE', host: '127.0.0.1', port: 8080 },
      'MACHINE_PORT_TAKEN',
      /8080 \(marathon/,
    ],
    [undefined, 'COMMAND_FAILED', /ended at once/],
  ])('leaves nothing when the process says %j', async (says, code, message) => {
    const { runtime, directory, done } = fakeRuntime(says === undefined ? {} : { says });
    await expect(runtime.start({ directory }, await options())).rejects.toMatchObject({
      problems: [{ code, message: expect.stringMatching(message) }],
    });
    expect(done).toContain('abandoned');
    expect(existsSync(runFolder(directory).path)).toBe(false);
  });

  it('finds what runs, with what it was told to run', async () => {
    const { runtime, directory } = fakeRuntime({ says: { kind: 'started' } });
    expect(await runtime.find({ directory })).toEqual({ kind: 'nothing' });
    const { plan } = await runtime.start({ directory }, await options());
    expect(await runtime.find({ directory })).toEqual({ kind: 'remains' });
    const cluster = JSON.parse(nodeFileSystem.readText(runFolder(directory).cluster)).cluster;
    const record = { format: 1, version: '1', startedAt: 5, asked: 'this', plan, cluster } as const;
    writeRunRecord(nodeFileSystem, directory, { ...record, process: ownIdentity() });
    expect(await runtime.find({ directory })).toMatchObject({
      kind: 'running',
      lab: {
        runtime: 'embedded',
        processId: process.pid,
        parts: [{ id: 'master1', state: 'running' }, {}, {}, {}, {}],
      },
    });
    writeRunRecord(nodeFileSystem, directory, { ...record, process: { pid: process.pid, started: 'another time' } });
    expect(await runtime.find({ directory })).toEqual({ kind: 'remains' });
  });

  it('never ends a process that only has the id of the one it started', async () => {
    const { runtime, directory, done } = fakeRuntime({ says: { kind: 'started' } });
    const { plan } = await runtime.start({ directory }, await options());
    const cluster = JSON.parse(nodeFileSystem.readText(runFolder(directory).cluster)).cluster;
    const process_ = { pid: process.pid, started: 'another time' };
    writeRunRecord(nodeFileSystem, directory, {
      format: 1,
      version: '1',
      startedAt: 5,
      asked: 'this',
      plan,
      cluster,
      process: process_,
    });
    expect(await runtime.remove({ directory })).toMatchObject({ kept: [] });
    expect(done).toContain(`orphans below ${runFolder(directory).workFolder}`);
    expect(existsSync(runFolder(directory).path)).toBe(false);
    expect(await runtime.remove({ directory })).toBeUndefined();
  });

  const recordOf = async (directory: string, process: ReturnType<typeof ownIdentity>, more = {}) => {
    const { plan } = await options();
    mkdirSync(runFolder(directory).path, { recursive: true });
    const record = { format: 1, version: '1', startedAt: 5, asked: 'this', plan, process, ...more };
    writeFileSync(runFolder(directory).record, JSON.stringify({ ...record, cluster: { agents: [] } }));
  };

  it('names the disk of its folder when that is full', async () => {
    const { runtime, directory } = fakeRuntime({ freeBytes: 4096 });
    await recordOf(directory, ownIdentity());
    const found = await runtime.find({ directory });
    const problem = await ('lab' in found ? found.lab.fullDisk?.(signal) : undefined);
    expect(problem).toMatchObject({
      code: 'MACHINE_DISK_FULL',
      message: expect.stringContaining(`the disk of ${directory} is full`),
    });
  });

  it('names that disk of a lab that it has just started, too, and says what that can become', async () => {
    const { runtime, directory } = fakeRuntime({ freeBytes: 4096, says: { kind: 'started' } });
    const lab = await runtime.start({ directory }, await options());
    expect(await lab.fullDisk?.(signal)).toMatchObject({ code: 'MACHINE_DISK_FULL' });
    expect(await lab.changesTo?.(await options())).toBe(false);
  });

  it.each(['up', 'down', 'stop', 'start'] as const)(
    'says to another user whose lab it is at %s, and that it runs',
    async (verb) => {
      const { runtime, directory, done } = fakeRuntime({ isOurs: false });
      await recordOf(directory, ownIdentity());
      const message = expect.stringMatching(
        /^this lab is .+'s, and still runs \(process \d+\); nothing was done$/,
      ) as string;
      expect(await runtime.refusal({ directory }, verb, signal)).toMatchObject({ code: 'LAB_OTHER_USER', message });
      await expect(runtime.remove({ directory })).rejects.toMatchObject({ problems: [{ code: 'LAB_OTHER_USER' }] });
      expect([done, existsSync(runFolder(directory).record)]).toEqual([[], true]);
    },
  );

  it('knows a lab whose folder was moved while it ran, and ends what is left of it', async () => {
    const { runtime, directory, done } = fakeRuntime();
    await recordOf(directory, { pid: process.pid, started: 'another time' }, { directory: '/before' });
    expect(await runtime.find({ directory })).toEqual({
      kind: 'remains',
      former: { folder: '/before', isCopy: false },
    });
    await runtime.remove({ directory });
    expect(done).toEqual([`orphans below ${runFolder(directory).workFolder}`]);
  });

  it('ends nothing of the lab that a folder is a copy of', async () => {
    const { runtime, directory, done } = fakeRuntime();
    const origin = join(directory, 'origin');
    mkdirSync(origin);
    writeFileSync(join(origin, 'mesos-cluster.yaml'), '');
    // To end this process would end the test.
    await recordOf(directory, ownIdentity(), { directory: origin });
    expect(await runtime.find({ directory })).toEqual({ kind: 'remains', former: { folder: origin, isCopy: true } });
    expect(await runtime.remove({ directory })).toMatchObject({ removed: expect.stringContaining('copied') });
    expect([done, existsSync(runFolder(directory).path)]).toEqual([[], false]);
  });

  it('takes a damaged record for what is left of a run', async () => {
    const { runtime, directory } = fakeRuntime();
    mkdirSync(runFolder(directory).path, { recursive: true });
    expect(readRunRecord(nodeFileSystem, directory)).toEqual({ kind: 'remains' });
    writeFileSync(runFolder(directory).record, '{"format":1');
    expect(await runtime.find({ directory })).toEqual({ kind: 'remains' });
  });

  it.each(['../daemon', '..', 'absent', ''])('has no log called %j', async (name) => {
    const { runtime, directory } = fakeRuntime();
    mkdirSync(runFolder(directory).logs, { recursive: true });
    writeFileSync(join(runFolder(directory).path, 'daemon.log'), 'secret');
    const lines: string[] = [];
    const request = { ids: [name], tail: 10, follow: false, signal };
    expect(await runtime.logs({ directory }, request, (_, line) => lines.push(line))).toBe(false);
    expect(lines).toEqual([]);
  });

  it('reads a log on from where it was, also when it was turned over', async () => {
    const { directory } = fakeRuntime();
    const file = runFolder(directory).logOf('master1');
    mkdirSync(runFolder(directory).logs, { recursive: true });
    writeFileSync(`${file}.1`, 'oldest\n');
    writeFileSync(file, 'one\n');
    const log = componentLog(nodeFileSystem, runFolder(directory), 'master1');
    expect(await log?.readFrom(0)).toEqual({ text: 'oldest\none\n', next: 4 });
    writeFileSync(file, 'one\ntwo\n');
    expect(await log?.readFrom(4)).toEqual({ text: 'two\n', next: 8 });
    // A line that is being written waits for its end, and what came before the turn is shown, too.
    writeFileSync(file, 'one\ntwo\nthr');
    expect(await log?.readFrom(8)).toEqual({ text: '', next: 8 });
    writeFileSync(`${file}.1`, 'one\ntwo\nthree\n');
    writeFileSync(file, 'new\n');
    expect(await log?.readFrom(8)).toEqual({ text: 'three\nnew\n', next: 4 });
  });
});

describe('the registry of labs', () => {
  it('knows the labs that run, and forgets the others', async () => {
    const { runtime, directory, world } = fakeRuntime({ says: { kind: 'started' } });
    const { plan } = await runtime.start({ directory }, await options());
    expect(world.registry.running()).toEqual([]);
    world.registry.add(directory);
    const cluster = JSON.parse(nodeFileSystem.readText(runFolder(directory).cluster)).cluster;
    writeRunRecord(nodeFileSystem, directory, {
      format: 1,
      version: '1',
      startedAt: 5,
      asked: 'this',
      plan,
      cluster,
      process: ownIdentity(),
    });
    expect(world.registry.running()).toMatchObject([{ directory, record: { plan: { name: 'lab' } } }]);
    world.registry.remove(directory);
    expect(world.registry.running()).toEqual([]);
  });

  it('is in the home that the system names when the environment names none', () => {
    expect(registryFolder({})).toBe(`${homedir()}/.local/state/create-mesos-cluster`);
    expect(registryFolder({ HOME: '/home/ann' })).toBe('/home/ann/.local/state/create-mesos-cluster');
    expect(registryFolder({ HOME: '/home/ann', XDG_STATE_HOME: '/state' })).toBe('/state/create-mesos-cluster');
  });

  it('does without a home', () => {
    const registry = labRegistry(nodeFileSystem, undefined);
    registry.add('/lab');
    registry.remove('/lab');
    expect(registry.running()).toEqual([]);
  });

  it('does without one that cannot be written, or that is damaged', () => {
    const { directory } = fakeRuntime();
    writeFileSync(join(directory, 'file'), '');
    const blocked = labRegistry(nodeFileSystem, join(directory, 'file'));
    blocked.add('/lab');
    expect(blocked.running()).toEqual([]);
    const damaged = labRegistry(nodeFileSystem, directory);
    writeFileSync(join(directory, 'x.json'), '{');
    expect(damaged.running()).toEqual([]);
  });
});
