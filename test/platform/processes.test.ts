import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ProcessRequest } from '../../platform/processes/process-request.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';

function shell(script: string, more: Partial<ProcessRequest> = {}): ProcessRequest {
  const folder = mkdtempSync(join(tmpdir(), 'processes-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    program: '/bin/sh',
    arguments: ['-c', script],
    cwd: folder,
    environment: { PATH: process.env['PATH'] ?? '' },
    stdoutFile: join(folder, 'stdout'),
    stderrFile: join(folder, 'stderr'),
    maxOutputBytes: 10_000_000,
    ...more,
  };
}

test('output goes into files, which the process can open again by the names of its streams', async () => {
  const request = shell('echo one; echo two > /dev/stderr; echo three >&2');
  const { ended } = await nodeProcesses.start(request);
  expect(await ended).toEqual({ kind: 'exited', status: 0 });
  expect(readFileSync(request.stdoutFile, 'utf8')).toBe('one\n');
  expect(readFileSync(request.stderrFile, 'utf8')).toContain('three\n');
});

test('it is told how a process ended', async () => {
  const failing = await nodeProcesses.start(shell('exit 7'));
  expect(await failing.ended).toEqual({ kind: 'exited', status: 7 });
  const killed = await nodeProcesses.start(shell('kill -SEGV $$'));
  expect(await killed.ended).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
});

test('a program that is not there rejects', async () => {
  await expect(nodeProcesses.start(shell('', { program: '/no/such' }))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(nodeProcesses.start(shell('', { cwd: '/no/such' }))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what the leader of a group leaves behind ends with it', async () => {
  const request = shell('sleep 1000 & echo $!');
  const { ended, id } = await nodeProcesses.start(request);
  await ended;
  await vi.waitFor(
    async () => {
      expect((await nodeProcesses.list()).filter(({ groupId }) => groupId === id)).toEqual([]);
    },
    { timeout: 10_000 },
  );
});

test('a process is found in the list, with its environment and what it uses', async () => {
  const { id, ended } = await nodeProcesses.start(
    shell('sleep 1000; true', { environment: { MARK: 'a=b', PATH: '/bin:/usr/bin' } }),
  );
  const row = (await nodeProcesses.list()).find((each) => each.id === id);
  expect(row).toMatchObject({ id, groupId: id });
  expect((await nodeProcesses.describe(id))?.startTime).toBe(row?.startTime);
  if (process.platform === 'linux') expect((await nodeProcesses.environmentOf(id))?.['MARK']).toBe('a=b');
  expect((await nodeProcesses.usageOf(new Set([id]))).get(id)?.residentBytes).toBeGreaterThan(0);
  expect(nodeProcesses.signalGroup(id, 'SIGTERM')).toBe(true);
  await ended;
  expect(await nodeProcesses.describe(id)).toBeUndefined();
});

test.each([0, 1, -1, 1.5, Number.NaN])('a signal to group %d is never sent', (id) => {
  expect(nodeProcesses.signalGroup(id, 'SIGKILL')).toBe(false);
  expect(nodeProcesses.signalProcess(id, 'SIGKILL')).toBe(false);
});

test('the output of a chatty process is cut, and its last part kept', async () => {
  const maxOutputBytes = 200_000;
  const request = shell(
    'i=0; while [ $i -lt 60 ]; do head -c 20000 /dev/zero; i=$((i+1)); sleep 0.02; done; echo end',
    {
      maxOutputBytes,
    },
  );
  const { ended } = await nodeProcesses.start(request);
  await ended;
  expect(statSync(request.stdoutFile).size).toBeLessThanOrEqual(maxOutputBytes);
  expect(statSync(`${request.stdoutFile}.1`).size).toBeLessThanOrEqual(maxOutputBytes);
  // The last part is in the file, or was the last to be moved out of it.
  const kept = [`${request.stdoutFile}.1`, request.stdoutFile].map((file) => readFileSync(file, 'utf8'));
  expect(kept.join('')).toMatch(/end\n$/);
});

test('of the environment tasks inherit no more than four variables', () => {
  const names = Object.keys(nodeProcesses.inheritedEnvironment);
  expect(['PATH', 'HOME', 'LANG', 'TMPDIR']).toEqual(expect.arrayContaining(names));
});
