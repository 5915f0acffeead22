import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { commandTask, sandboxOf, startTestAgent, stateOf, waitFor } from '../running-agent.ts';
import { tar } from './archives.ts';
import { runFetching } from './fetch-task.ts';
import { stall, startFileServer } from './file-server.ts';

const gets = (requests: readonly string[]) => requests.filter((each) => each.startsWith('GET '));

test('a cached file is downloaded once, and comes from the cache then', async () => {
  const server = await startFileServer({ '/tool': 'content' });
  const agent = await startTestAgent();
  const uri = { value: `${server.url}/tool`, cache: true, executable: true };
  const first = await runFetching(agent, 'first', [uri]);
  const second = await runFetching(agent, 'second', [uri]);
  expect([first.read('tool'), second.read('tool')]).toEqual(['content', 'content']);
  expect(server.requests).toEqual(['HEAD /tool', 'GET /tool']);
  expect(first.read('stderr')).toContain('"action":"DOWNLOAD_AND_CACHE","cache_filename":"c1-tool"');
  expect(second.read('stderr')).toContain('"action":"RETRIEVE_FROM_CACHE","cache_filename":"c1-tool"');
  expect(second.read('stderr')).toContain(`fetcher.cpp:349] Fetching URI '${uri.value}' from cache`);
  // Only the copies are executable.
  expect(statSync(`${second.sandbox}/tool`).mode & 0o777).toBe(0o755);
  expect(statSync(`${agent.options.workDir}/fetch/c1-tool`).mode & 0o111).toBe(0);
});

test('an archive from the cache leaves only its content in the sandbox', async () => {
  const server = await startFileServer({ '/a.tgz': gzipSync(tar([{ path: 'x', content: 'content' }])) });
  const { sandbox, read } = await runFetching(await startTestAgent(), 'task', [
    { value: `${server.url}/a.tgz`, cache: true },
  ]);
  expect([read('x'), existsSync(`${sandbox}/a.tgz`)]).toEqual(['content', false]);
});

test('users share no cached file', async () => {
  const server = await startFileServer({ '/tool': 'content' });
  const { master } = await startTestAgent();
  const uris = [{ value: `${server.url}/tool`, cache: true }];
  for (const user of ['ann', 'bob', 'ann']) {
    const id = `${user}-${server.requests.length}`;
    master.run(commandTask(id, '', { command: { shell: true, value: 'true', user, uris } }));
    // They are none of this machine, which is found after the fetching.
    expect((await stateOf(master, id, 'TASK_FAILED')).message).toMatch(/^Failed to launch command: .*user/);
  }
  expect(gets(server.requests)).toHaveLength(2);
});

test('a URI that comes twice in a task is downloaded once', async () => {
  const server = await startFileServer({ '/tool': 'content' });
  const uri = { value: `${server.url}/tool`, cache: true };
  const { read } = await runFetching(await startTestAgent(), 'task', [uri, { ...uri, output_file: 'copy' }]);
  expect([read('tool'), read('copy'), gets(server.requests).length]).toEqual(['content', 'content', 1]);
});

test('who comes while a file is on its way waits for it, and fetches it directly when it does not come', async () => {
  let isFirst = true;
  const server = await startFileServer({
    '/slow': (request, response) => {
      if (request.method === 'HEAD' || !isFirst) {
        response.writeHead(200, { 'Content-Length': 7 }).end(request.method === 'HEAD' ? undefined : 'content');
        return;
      }
      isFirst = false;
      stall(request, response);
    },
  });
  const agent = await startTestAgent();
  const uris = [{ value: `${server.url}/slow`, cache: true }];
  agent.master.run(commandTask('first', 'true', { command: { shell: true, value: 'true', uris } }));
  await waitFor(() => {
    expect(gets(server.requests)).toHaveLength(1);
  });
  const second = runFetching(agent, 'second', uris);
  await waitFor(async () => {
    expect(existsSync(`${await sandboxOf(agent.agent.url, 'second')}/stdout`)).toBe(true);
  });
  agent.master.kill('first');
  const { status, read } = await second;
  expect([status.state, read('slow')]).toEqual(['TASK_FINISHED', 'content']);
  expect(readdirSync(`${agent.options.workDir}/fetch`)).not.toContain('c1-slow');
});

test('the least recently used file goes when there is no room, and what is too large is not cached', async () => {
  const server = await startFileServer({
    '/a': 'a'.repeat(40),
    '/b': 'b'.repeat(40),
    '/c': 'c'.repeat(40),
    '/big': 'x'.repeat(200),
  });
  const agent = await startTestAgent({ fetch: { cacheBytes: 100 } });
  for (const [index, name] of ['a', 'b', 'a', 'c', 'a', 'b', 'big'].entries()) {
    const { read } = await runFetching(agent, `task${index}`, [{ value: `${server.url}/${name}`, cache: true }]);
    expect(read(name)).toHaveLength(name === 'big' ? 200 : 40);
  }
  expect(gets(server.requests)).toEqual(['GET /a', 'GET /b', 'GET /c', 'GET /b', 'GET /big']);
  expect(
    readdirSync(`${agent.options.workDir}/fetch`)
      .map((name) => name.slice(-1))
      .sort(),
  ).toEqual(['a', 'b']);
});

test('a file whose size is not said bypasses the cache, and one that vanished is fetched again', async () => {
  const server = await startFileServer({
    '/unsaid': (_, response) => {
      response.writeHead(200).end('content');
    },
    '/tool': 'content',
  });
  const agent = await startTestAgent();
  const unsaid = await runFetching(agent, 'unsaid', [{ value: `${server.url}/unsaid`, cache: true }]);
  expect(unsaid.read('unsaid')).toBe('content');
  expect(unsaid.read('stderr')).toContain('"action":"BYPASS_CACHE"');
  const uris = [{ value: `${server.url}/tool`, cache: true }];
  await runFetching(agent, 'before', uris);
  rmSync(`${agent.options.workDir}/fetch`, { recursive: true });
  expect((await runFetching(agent, 'after', uris)).read('tool')).toBe('content');
});
