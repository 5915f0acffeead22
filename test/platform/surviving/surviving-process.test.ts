import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { nodeSurvivors, type SurvivingRequest } from '../../../platform/processes/surviving/surviving-process.ts';

function shell(script: string, more: Partial<SurvivingRequest> = {}): SurvivingRequest {
  const folder = mkdtempSync(join(tmpdir(), 'surviving-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ program: '/bin/sh', arguments: ['-c', script], cwd: folder },
    environment: { PATH: process.env['PATH'] ?? '' },
    ...{ stdoutFile: join(folder, 'stdout'), stderrFile: join(folder, 'stderr'), endFile: join(folder, 'end') },
    maxOutputBytes: 10_000_000,
    ...more,
  };
}

test.each([
  ['exit 0', { kind: 'exited', status: 0 }],
  ['exit 7', { kind: 'exited', status: 7 }],
  ['exit 137', { kind: 'exited', status: 137 }],
  ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ['kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
  ['kill -SEGV $$', { kind: 'signalled', signal: 'SIGSEGV' }],
  ['kill -KILL 0', { kind: 'signalled', signal: 'SIGKILL' }],
])('of `%s` it is told how it ended', async (script, end) => {
  const { ended } = await nodeSurvivors.start(shell(script));
  expect(await ended).toEqual(end);
});

test('its output is its own, whatever its words, and nothing of the shell that waits for it is in it', async () => {
  const request = shell('echo "$1"; echo two >&2; kill -KILL $$');
  const words = '$(id) "; exit 3 #';
  const { ended } = await nodeSurvivors.start({ ...request, arguments: [...request.arguments, 'sh', words] });
  expect(await ended).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
  expect(readFileSync(request.stdoutFile, 'utf8')).toBe(`${words}\n`);
  expect(readFileSync(request.stderrFile, 'utf8')).toBe('two\n');
});

test('its group is told to end as that of any process, and what it still has to say is its end', async () => {
  const request = shell('trap "exit 5" TERM; echo ready; while :; do sleep 0.02; done');
  const { id, ended } = await nodeSurvivors.start(request);
  await expect.poll(() => readFileSync(request.stdoutFile, 'utf8')).toBe('ready\n');
  nodeProcesses.signalGroup(id, 'SIGTERM');
  expect(await ended).toEqual({ kind: 'exited', status: 5 });
});

test('one that was let go runs on, and whoever goes on with it is told how it ends, also afterwards', async () => {
  const request = shell('until [ -e go ]; do sleep 0.02; done; exit 9');
  const first = await nodeSurvivors.start(request);
  const startTime = (await nodeProcesses.describe(first.id))?.startTime ?? '';
  first.letGo();
  expect(await first.ended).toBeUndefined();
  const second = await nodeSurvivors.attach(first.id, startTime, request);
  expect(await nodeProcesses.describe(first.id)).toBeDefined();
  writeFileSync(join(request.cwd, 'go'), '');
  expect(await second?.ended).toEqual({ kind: 'exited', status: 9 });
  const third = await nodeSurvivors.attach(first.id, startTime, request);
  expect(await third?.ended).toEqual({ kind: 'exited', status: 9 });
});

test('another process that has its id now is not taken for it, and nobody knows how it ended', async () => {
  const request = shell('true');
  expect(existsSync(request.endFile)).toBe(false);
  expect(await nodeSurvivors.attach(process.pid, 'another time', request)).toBeUndefined();
});

test('a folder that is not there rejects', async () => {
  await expect(nodeSurvivors.start(shell('', { cwd: '/no/such' }))).rejects.toMatchObject({ code: 'ENOENT' });
});
