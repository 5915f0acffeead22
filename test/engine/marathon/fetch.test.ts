import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { tar } from '../agent/fetch/archives.ts';
import { stall, startFileServer } from '../agent/fetch/file-server.ts';
import { sandboxOf } from '../agent/running-agent.ts';
import { startTestMarathon, waitFor } from './marathon-for-test.ts';

const quiet = { log: () => undefined };

/** Marathon, a master and an agent that are the engine's. */
async function startCluster() {
  const masters = inMemoryDiscovery();
  const folder = mkdtempSync(join(tmpdir(), 'marathon-fetch-test-'));
  const address = { host: '127.0.0.1', port: 0, hostname: '127.0.0.1' };
  const master = await startMaster({ ...address, cluster: 'c', quorum: 1, discovery: masters, flags: {} }, quiet);
  const resources = 'cpus:2;mem:512;disk:100;ports:[31800-31849]';
  const agent = await startAgent(
    { ...address, masters, resources, attributes: '', workDir: folder, version: '1.12.0', dockerTasks: 'simulated' },
    { ...quiet, processes: nodeProcesses, sandboxes: nodeSandboxes },
  );
  onTestFinished(async () => {
    await agent.stop();
    await master.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { agent, ...(await startTestMarathon({ masters, hostname: '127.0.0.1' })) };
}

const script = '#!/bin/sh\ncat data/words.txt\nsleep 100\n';

test('an app whose command is fetched runs it beside what was unpacked', async () => {
  const server = await startFileServer({
    '/run.sh': script,
    '/data.tgz?v=2': gzipSync(tar([{ path: 'data/words.txt', content: 'from the archive\n' }])),
  });
  const { client, agent } = await startCluster();
  const fetched = [
    { uri: `${server.url}/run.sh`, executable: true },
    { uri: `${server.url}/data.tgz?v=2`, destPath: 'data.tgz' },
  ];
  const app = { id: 'fetches', cmd: './run.sh', cpus: 0.1, mem: 16, fetch: fetched };
  expect((await client.post('/v2/apps', app)).status).toBe(201);
  await client.settled();
  const { tasks, fetch, uris } = await client.app('/fetches');
  expect(fetch).toEqual([
    { uri: `${server.url}/run.sh`, extract: true, executable: true, cache: false },
    { uri: `${server.url}/data.tgz?v=2`, extract: true, executable: false, cache: false, destPath: 'data.tgz' },
  ]);
  expect(uris).toBeUndefined();
  const sandbox = await sandboxOf(agent.url, String(tasks[0].id));
  await waitFor(() => {
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('from the archive\n');
  });
});

test('what cannot be fetched is the last failure of the app, in the words of Mesos', async () => {
  const server = await startFileServer({});
  const { client } = await startCluster();
  await client.post('/v2/apps', { id: 'missing', cmd: 'true', cpus: 0.1, mem: 16, uris: [`${server.url}/none`] });
  await waitFor(async () => {
    expect((await client.app('/missing')).lastTaskFailure).toMatchObject({
      state: 'TASK_FAILED',
      message: expect.stringMatching(
        /^Failed to launch container: Failed to fetch all URIs for container '[\da-f-]{36}': exited with status 1$/,
      ),
    });
  });
});

test('an app that is deleted while its files come is gone', async () => {
  const server = await startFileServer({ '/slow': stall });
  const { client } = await startCluster();
  await client.post('/v2/apps', { id: 'slow', cmd: 'true', cpus: 0.1, mem: 16, uris: [`${server.url}/slow`] });
  await waitFor(() => {
    expect(server.requests).toEqual(['GET /slow']);
  });
  await client.delete('/v2/apps/slow?force=true');
  await client.settled();
  expect((await client.get('/v2/tasks')).body.tasks).toEqual([]);
});

test.each([
  ['http://h/a.tar', true],
  ['http://h/a.gz', true],
  ['http://h/a.tgz?version=1', true],
  ['file:///a.tar.xz', true],
  ['http://h/a?name=x.tgz', false],
  ['http://h/a.jar', false],
])('of the older uris, %s is unpacked: %s', async (uri, extract) => {
  const { client } = await startTestMarathon();
  const { body } = await client.post('/v2/apps', { id: 'a', cmd: 'x', uris: [uri] });
  expect(body.fetch).toEqual([{ uri, extract, executable: false, cache: false }]);
});

test.each(['http://h/with space', 'http://h/{id}', '://h', '1http:x', 'http:', 'http://h/50%', 'a#b#c'])(
  'the URI %s is refused',
  async (uri) => {
    const { client } = await startTestMarathon();
    const { status, body } = await client.post('/v2/apps', {
      id: 'a',
      cmd: 'x',
      fetch: [{ uri: 'http://h/ä' }, { uri }],
    });
    expect([status, body.details]).toEqual([422, [{ path: '/fetch(1)/uri', errors: ['URI has invalid syntax.'] }]]);
  },
);
