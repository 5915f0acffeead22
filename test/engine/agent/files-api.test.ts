import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandTask, getJson, sandboxOf, startTestAgent, stateOf, type Loose } from './running-agent.ts';

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
  expect(await getJson(url('read', { path, offset: '99' }))).toEqual({ data: '', offset: 99 });
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
  expect(await statuses(`${sandbox}/inside`)).toEqual([200, 200, 200]);
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

async function startWithCalls() {
  const files = await startWithFiles();
  const call = async (type: string, content?: object) => {
    const body = JSON.stringify({ type, ...(content === undefined ? {} : { [type.toLowerCase()]: content }) });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${files.agent.url}/api/v1`, { method: 'POST', headers, body });
    return [answer.status, await answer.text()] as const;
  };
  const answer = async (type: string, content: object): Promise<Loose> => {
    const [status, text] = await call(type, content);
    expect(status, text).toBe(200);
    return JSON.parse(text);
  };
  return { ...files, call, answer };
}

test('LIST_FILES has what is in a folder, with the mode in bits', async () => {
  const { sandbox, answer, call } = await startWithCalls();
  const { list_files: listed } = await answer('LIST_FILES', { path: sandbox });
  expect(listed.file_infos[1]).toEqual({
    ...{ path: `${sandbox}/stdout`, nlink: 1, size: 4, mode: 0o100644, uid: expect.any(String) },
    ...{ gid: expect.any(String), mtime: { nanoseconds: expect.any(Number) } },
  });
  expect(listed.file_infos[2].mode).toBe(0o40755);
  for (const name of ['sub', 'stdout']) {
    expect(await answer('LIST_FILES', { path: `${sandbox}/${name}` })).toEqual({ type: 'LIST_FILES', list_files: {} });
  }
  expect(await call('LIST_FILES', { path: `${sandbox}/nope` })).toEqual([404, '']);
  expect(await call('LIST_FILES', { path: '/etc' })).toEqual([404, '']);
  expect(await call('LIST_FILES', { path: `${sandbox}/../../..` })).toEqual([
    400,
    `'${sandbox}/../../..' is inaccessible.\n`,
  ]);
  const invalid = "Failed to validate agent::Call: Expecting 'list_files' to be present";
  expect(await call('LIST_FILES')).toEqual([400, invalid]);
});

test('READ_FILE has a part of a file, and how long all of it is', async () => {
  const { sandbox, answer, call } = await startWithCalls();
  writeFileSync(`${sandbox}/f`, '0123456789\n');
  const read = async (fields: object) =>
    (await answer('READ_FILE', { path: `${sandbox}/f`, ...fields })).read_file as object;
  expect(await read({ offset: 0 })).toEqual({ size: 11, data: 'MDEyMzQ1Njc4OQo=' });
  expect(await read({ offset: 3, length: 4 })).toEqual({ size: 11, data: 'MzQ1Ng==' });
  for (const fields of [{ offset: 100 }, { offset: 0, length: 0 }, { offset: -1 }]) {
    expect(await read(fields), JSON.stringify(fields)).toEqual({ size: 11, data: '' });
  }
  expect(await call('READ_FILE', { path: `${sandbox}/f` })).toEqual([400, 'Missing required fields: read_file.offset']);
  expect(await call('READ_FILE', { path: `${sandbox}/sub`, offset: 0 })).toEqual([400, 'Cannot read a directory.\n']);
  expect(await call('READ_FILE', { path: `${sandbox}/nope`, offset: 0 })).toEqual([404, '']);
});
