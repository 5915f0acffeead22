import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { endOrphans, recordProcess } from '../../../engine/agent/recovery/orphans.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { isAlive, temporaryFolder, world } from './running-agent.ts';

async function startTask(workDir: string, name: string, script = 'sleep 1000 & wait') {
  const directory = `${workDir}/slaves/S0/frameworks/fw/executors/${name}/runs/${name}-container`;
  mkdirSync(directory, { recursive: true });
  const started = await nodeProcesses.start({
    program: '/bin/sh',
    arguments: ['-c', script],
    cwd: directory,
    environment: { PATH: process.env['PATH'] ?? '', CREATE_MESOS_CLUSTER_TASK: directory },
    stdoutFile: `${directory}/stdout`,
    stderrFile: `${directory}/stderr`,
    maxOutputBytes: 1_000_000,
  });
  onTestFinished(() => {
    nodeProcesses.signalGroup(started.id, 'SIGKILL');
  });
  return { ...started, directory };
}

test('tasks that an agent left behind are ended, with what they started', async () => {
  const workDir = temporaryFolder();
  const recorded = await startTask(workDir, 'recorded');
  await recordProcess(workDir, recorded.directory, recorded.id, world);
  const unrecorded = await startTask(workDir, 'unrecorded', "trap '' TERM; sleep 1000 & wait; sleep 1000");
  expect(await endOrphans(workDir, world)).toBe(process.platform === 'linux' ? 2 : 1);
  await recorded.ended;
  if (process.platform === 'linux') await unrecorded.ended;
  expect(await endOrphans(workDir, world)).toBe(0);
});

test("nobody else's process is ended: neither one that has got an id again, nor a task of another agent", async () => {
  const [workDir, other] = [temporaryFolder(), temporaryFolder()];
  const stranger = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  const neighbour = await startTask(other, 'neighbour');
  const records = `${workDir}/meta/processes`;
  mkdirSync(records, { recursive: true });
  const id = stranger.pid ?? 0;
  const directory = `${workDir}/slaves/S0/x`;
  for (const [name, record] of Object.entries({
    reused: { id, startTime: 'another/1', directory },
    own: { id: process.pid, startTime: 'another/1', directory },
    init: { id: 1, startTime: 'another/1', directory },
    negative: { id: -1, startTime: 'another/1', directory },
    broken: 'no record',
  })) {
    writeFileSync(`${records}/${name}.json`, JSON.stringify(record));
  }
  writeFileSync(`${records}/torn.json`, '{"id":');
  expect(await endOrphans(workDir, world)).toBe(0);
  expect([isAlive(id), isAlive(neighbour.id)]).toEqual([true, true]);
  stranger.kill('SIGKILL');
});

test('there is nothing to do for a folder that does not exist', async () => {
  expect(await endOrphans('/no/such/folder', world)).toBe(0);
});

test('a task that ended is forgotten', async () => {
  const workDir = temporaryFolder();
  const task = await startTask(workDir, 't1', 'exit 0');
  const forget = await recordProcess(workDir, task.directory, process.pid, world);
  expect(readdirSync(`${workDir}/meta/processes`)).toEqual(['t1-container.json']);
  await forget();
  expect(readdirSync(`${workDir}/meta/processes`)).toEqual([]);
});
