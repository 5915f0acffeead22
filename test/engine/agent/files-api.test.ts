import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandTask, getJson, sandboxOf, startTestAgent, stateOf } from './running-agent.ts';

async function startWithFiles() {
  const { master, agent, options } = await startTestAgent();
  master.run(commandTask('t1', 'echo out; echo error >&2; mkdir sub'));
  await stateOf(master, 't1', 'TASK_FINISHED');
  const sandbox = await sandboxOf(agent.url, 't1');
  const url = (endpoint: string, query: Record<string, string>) =>
    `${agent.url}/files/${endpoint}?${new URLSearchParams(query).toString()}`;
  return { sandbox, url, agent, options };
}

test('a sandbox is listed as Mesos lists it', async () => {
  const { sandbox, url } = await startWithFiles();
  const entries = await getJson(url('browse', { path: sandbox }));
  expect(entries).toEqual([
    expect.objectContaining({ path: `${sandbox}/stderr`, size: 6 }),
    {
      gid: expect.any(String),
      mode: expect.stringMatching(/^-rw-/),
      mtime: expect.any(Number),
      nlink: 1,
      path: `${sandbox}/stdout`,
      size: 4,
      uid: expect.any(String),
    },
    expect.objectContaining({ path: `${sandbox}/sub`, mode: expect.stringMatching(/^drwx/) }),
  ]);
  const virtual = '/frameworks/fw-0/executors/t1/runs/latest';
  expect((await getJson(url('browse', { path: virtual })))[1].path).toBe(`${virtual}/stdout`);
  expect((await getJson(url('debug', {})))[virtual]).toBe(sandbox);
});

test('a file is read in parts, and never in the middle of a character', async () => {
  const { sandbox, url } = await startWithFiles();
  writeFileSync(`${sandbox}/text`, 'aé€😀z');
  const path = `${sandbox}/text`;
  expect(await getJson(url('read', { path }))).toEqual({ data: '', offset: 11 });
  expect(await getJson(url('read', { path, offset: '0' }))).toEqual({ data: 'aé€😀z', offset: 0 });
  expect(await getJson(url('read', { path, offset: '1', length: '4' }))).toEqual({ data: 'é', offset: 1 });
  expect(await getJson(url('read', { path, offset: '99' }))).toEqual({ data: '', offset: 11 });
  writeFileSync(path, 'x'.repeat(100_000));
  expect((await getJson(url('read', { path, offset: '0', length: '99999' }))).data).toHaveLength(65_536);
});

test('a file is downloaded byte by byte', async () => {
  const { sandbox, url } = await startWithFiles();
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  writeFileSync(`${sandbox}/binary.dat`, bytes);
  const answer = await fetch(url('download', { path: `${sandbox}/binary.dat` }));
  expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename=binary.dat');
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test('no path leaves the sandbox', async () => {
  const { sandbox, url, options } = await startWithFiles();
  writeFileSync(`${options.workDir}/secret`, 'secret');
  symlinkSync(`${options.workDir}/secret`, `${sandbox}/leak`);
  symlinkSync('/', `${sandbox}/root`);
  symlinkSync('stdout', `${sandbox}/inside`);
  const statuses = async (path: string) =>
    Promise.all(
      ['browse', 'read', 'download'].map(async (name) => (await fetch(url(name, { path, offset: '0' }))).status),
    );
  for (const path of [
    '/etc/passwd',
    options.workDir,
    `${options.workDir}/secret`,
    `${sandbox}\0`,
    `${sandbox}/nothing`,
    `${sandbox}/../nothing`,
    `/frameworks/../${sandbox}`,
  ]) {
    expect(await statuses(path), path).toEqual([404, 404, 404]);
  }
  for (const path of [
    `${sandbox}/leak`,
    `${sandbox}/root`,
    `${sandbox}/root/etc/passwd`,
    `${sandbox}/..`,
    `${sandbox}/../../../../../../../../secret`,
  ]) {
    expect(await statuses(path), path).toEqual([400, 400, 400]);
  }
  expect(await statuses(`${sandbox}/inside`)).toEqual([404, 200, 200]);
  expect(readFileSync(`${options.workDir}/secret`, 'utf8')).toBe('secret');
});

test.each([
  ['read', {}, "Expecting 'path=value' in query.\n"],
  ['read', { offset: 'x' }, "Failed to parse offset: Failed to convert 'x' to number.\n"],
  ['read', { offset: '0', length: '-2' }, 'Negative length provided: -2.\n'],
  ['browse', {}, "Expecting 'path=value' in query.\n"],
])('%s with %o is refused', async (endpoint, query, message) => {
  const { agent } = await startTestAgent();
  const answer = await fetch(`${agent.url}/files/${endpoint}?${new URLSearchParams(query).toString()}`);
  expect([answer.status, await answer.text()]).toEqual([400, message]);
});

test('a folder can be neither read nor downloaded', async () => {
  const { sandbox, url } = await startWithFiles();
  expect(await (await fetch(url('read', { path: `${sandbox}/sub` }))).text()).toBe('Cannot read a directory.\n');
  expect((await fetch(url('download', { path: sandbox }))).status).toBe(400);
});
