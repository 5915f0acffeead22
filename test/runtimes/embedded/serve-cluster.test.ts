import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import type { DaemonMessage } from '../../../platform/processes/daemon.ts';
import { openLogFile } from '../../../platform/files/log-file.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import { embeddedCluster } from '../../../runtimes/embedded/embedded-cluster.ts';
import { runFolder } from '../../../runtimes/embedded/run-folder.ts';
import { readRunRecord } from '../../../runtimes/embedded/run-record.ts';
import { serveCluster, type StartCluster } from '../../../runtimes/embedded/serve-cluster.ts';
import { planOf } from './plan-of.ts';

const changeAgents = () => Promise.reject(new Error('its agents stay as they are'));

/** A process of a lab, with components that do nothing but log, and a parent that remembers what it was told. */
async function fakeProcess(startCluster?: StartCluster) {
  const directory = mkdtempSync(join(tmpdir(), 'serve-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const folder = runFolder(directory);
  const plan = await planOf({ preset: 'single' });
  mkdirSync(folder.path, { recursive: true });
  const cluster = embeddedCluster(plan, { ownAddresses: false });
  writeFileSync(folder.cluster, JSON.stringify({ plan, cluster, asked: 'this' }));
  const told: DaemonMessage[] = [];
  const logged: string[] = [];
  const ends: { asked: () => void; abandoned: () => void; uncaught: (error: unknown, isFatal: boolean) => void } = {
    asked: () => undefined,
    abandoned: () => undefined,
    uncaught: () => undefined,
  };
  const controller = new AbortController();
  let stopped = 0;
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const ended = serveCluster(directory, {
    files: nodeFileSystem,
    openLog: openLogFile,
    parent: {
      tell: (message) => {
        told.push(message);
        start();
      },
      onAsked: (callback) => (ends.asked = callback),
      onAbandoned: (callback) => (ends.abandoned = callback),
      onUncaught: (callback) => (ends.uncaught = callback),
    },
    startCluster:
      startCluster ??
      ((_cluster, { logOf }) => {
        logOf('master1')('elected');
        const stop = () => {
          stopped += 1;
          return Promise.resolve();
        };
        return Promise.resolve({ stop, parts: new Map(), changeAgents });
      }),
    clock: { now: systemClock.now, sleep: (_ms, signal) => systemClock.sleep(2, signal) },
    identity: ownIdentity(),
    version: '1.2.3',
    wallClock: () => 7,
    signal: controller.signal,
    log: (line) => logged.push(line),
  });
  await started;
  return { directory, folder, told, logged, ends, controller, ended, stops: () => stopped };
}

describe('the process of a lab', () => {
  it('leaves a record by which it is found, then says that it has started', async () => {
    const { directory, told, controller, ended, folder } = await fakeProcess();
    expect(told).toEqual([{ kind: 'started' }]);
    expect(readRunRecord(nodeFileSystem, directory)).toMatchObject({
      kind: 'record',
      record: { process: ownIdentity(), version: '1.2.3', startedAt: 7, plan: { name: 'lab' } },
    });
    expect(readFileSync(folder.logOf('master1'), 'utf8')).toMatch(/Z elected\n$/);
    controller.abort('SIGTERM');
    await ended;
  });

  it('ends its components when it gets a signal, and leaves its folder to whoever sent it', async () => {
    const { controller, ended, stops, folder } = await fakeProcess();
    controller.abort('SIGTERM');
    await ended;
    expect([stops(), existsSync(folder.path)]).toEqual([1, true]);
  });

  it('does what it is asked to, answers who asked, and says what its parts are in', async () => {
    const done: string[] = [];
    let isFailing = false;
    const does = (what: string) => () => {
      done.push(what);
      return isFailing ? Promise.reject(new Error('no such port')) : Promise.resolve();
    };
    const part = { start: does('start'), stop: does('stop'), kill: does('kill'), pause: does('pause') };
    const { controller, ended, ends, folder } = await fakeProcess(() =>
      Promise.resolve({
        stop: () => Promise.resolve(),
        changeAgents,
        parts: new Map([['master1', { ...part, state: 'killed', isCutOff: false } as const]]),
      }),
    );
    const { parts } = JSON.parse(readFileSync(folder.parts, 'utf8'));
    expect(parts).toEqual({ master1: 'killed' });
    const answered = async (request: object) => {
      writeFileSync(folder.request, JSON.stringify(request));
      ends.asked();
      return vi.waitFor((): unknown => {
        const said = JSON.parse(readFileSync(folder.parts, 'utf8'));
        expect(said.answered).toMatchObject({ id: (request as { id: string }).id });
        return said.answered;
      });
    };
    expect(await answered({ id: '1', action: 'kill', names: ['master1'] })).toEqual({ id: '1' });
    isFailing = true;
    expect(await answered({ id: '2', action: 'start', names: ['master1'] })).toMatchObject({
      error: expect.stringContaining('no such port'),
    });
    expect(done).toEqual(['kill', 'start']);
    controller.abort('SIGTERM');
    await ended;
  });

  it('changes its agents to those that are wanted now, and says so in its record; what fails leaves that as it was', async () => {
    const wanted: number[] = [];
    const fails = (cluster: { readonly agents: readonly unknown[] }) => {
      wanted.push(cluster.agents.length);
      return cluster.agents.length > 2 ? Promise.reject(new Error('no more ports')) : Promise.resolve();
    };
    const { directory, folder, ends, controller, ended } = await fakeProcess(() =>
      Promise.resolve({ stop: () => Promise.resolve(), parts: new Map(), changeAgents: fails }),
    );
    const become = async (agents: number) => {
      const plan = await planOf({ preset: 'single', counts: { agents } });
      const cluster = embeddedCluster(plan, { ownAddresses: false });
      writeFileSync(folder.cluster, JSON.stringify({ plan, cluster, asked: `${agents}`, settings: [] }));
      writeFileSync(folder.request, JSON.stringify({ id: `${agents}`, action: 'change-agents', names: [] }));
      ends.asked();
      const error = await vi.waitFor((): unknown => {
        const { answered } = JSON.parse(readFileSync(folder.parts, 'utf8'));
        expect(answered).toMatchObject({ id: `${agents}` });
        return answered.error;
      });
      return [error, readRunRecord(nodeFileSystem, directory)];
    };
    const kept = { kind: 'record', record: { asked: '2', startedAt: 7, plan: { agents: [{ id: 'agent1' }, {}] } } };
    expect(await become(2)).toMatchObject([undefined, kept]);
    expect(await become(3)).toMatchObject([expect.stringContaining('no more ports'), kept]);
    expect(wanted).toEqual([2, 3]);
    controller.abort('SIGTERM');
    await ended;
  });

  it('leaves nothing when the command that started it goes away', async () => {
    const { ends, ended, stops, folder } = await fakeProcess();
    ends.abandoned();
    await ended;
    expect([stops(), existsSync(folder.path)]).toEqual([1, false]);
  });

  it('ends when its folder was deleted, and leaves nothing of what was written there since', async () => {
    const { directory, folder, ended, stops } = await fakeProcess();
    rmSync(directory, { recursive: true });
    mkdirSync(folder.workFolder, { recursive: true });
    await ended;
    expect([stops(), existsSync(directory)]).toEqual([1, false]);
  });

  it('ends when its folder was moved', async () => {
    const { directory, ended, stops } = await fakeProcess();
    renameSync(directory, `${directory}-moved`);
    onTestFinished(() => {
      rmSync(`${directory}-moved`, { recursive: true, force: true });
    });
    await ended;
    expect([stops(), existsSync(directory)]).toEqual([1, false]);
  });

  it('ends when another run has taken its place, and leaves that one alone', async () => {
    const { directory, folder, ended, stops } = await fakeProcess();
    const record = JSON.parse(readFileSync(folder.record, 'utf8'));
    writeFileSync(folder.record, JSON.stringify({ ...record, process: { pid: 1, started: 'then' } }));
    await ended;
    expect([stops(), readRunRecord(nodeFileSystem, directory)]).toMatchObject([1, { kind: 'record' }]);
  });

  it('goes on after a promise that nobody caught, and ends after an error that nobody caught', async () => {
    const { ends, ended, stops, logged } = await fakeProcess();
    ends.uncaught(new Error('first'), false);
    expect(stops()).toBe(0);
    ends.uncaught(new Error('second'), true);
    await ended;
    expect(stops()).toBe(1);
    expect(logged.join('\n')).toMatch(/first[\s\S]*second/);
  });

  it('tells which port it could not have', async () => {
    const failure = Object.assign(new Error('taken'), { code: 'EADDRINUSE', port: 5050, address: '127.0.0.1' });
    const { told, ended } = await fakeProcess(() => Promise.reject(failure));
    expect(told).toEqual([{ kind: 'cannot-listen', code: 'EADDRINUSE', port: 5050, host: '127.0.0.1' }]);
    await ended;
  });

  it('tells what else went wrong', async () => {
    const { told, ended, logged } = await fakeProcess(() => Promise.reject(new Error('bad resources')));
    expect(told).toEqual([{ kind: 'failed', message: 'bad resources' }]);
    await ended;
    expect(logged.join()).toContain('bad resources');
  });
});
