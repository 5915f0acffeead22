import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  commandTask,
  getJson,
  sandboxOf,
  startTestAgent,
  stateOf,
  temporaryFolder,
  waitFor,
} from '../running-agent.ts';
import { fetchAlone, runFetching } from './fetch-task.ts';
import { redirectTo, stall, startFileServer } from './file-server.ts';

const script = '#!/bin/sh\necho "fetched $1"\n';

test('a fetched script is executable and runs, and stderr has the log of the fetcher', async () => {
  const server = await startFileServer({ '/tools/hello.sh': script });
  const uri = `${server.url}/tools/hello.sh`;
  const { status, sandbox, read } = await fetchAlone([{ value: uri, executable: true }], './hello.sh once');
  expect(status.state).toBe('TASK_FINISHED');
  expect(read('stdout')).toBe('fetched once\n');
  expect(statSync(`${sandbox}/hello.sh`).mode & 0o7777).toBe(0o755);
  const lines = read('stderr').trimEnd().split('\n');
  const texts = lines.map((line) => {
    const [, place, text] = /^I\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ (fetcher\.cpp:\d+)\] (.*)$/.exec(line) ?? [];
    return `${place} ${text}`;
  });
  expect(texts[0]).toMatch(/^fetcher\.cpp:562 Fetcher Info: \{"cache_directory":"\\\//);
  expect(texts[0]).toContain(
    '"items":[{"action":"BYPASS_CACHE","uri":{"executable":true,"extract":true,"value":"http:',
  );
  expect(texts.slice(1)).toEqual([
    `fetcher.cpp:459 Fetching URI '${uri}'`,
    `fetcher.cpp:290 Fetching '${uri}' directly into the sandbox directory`,
    `fetcher.cpp:175 Downloading resource from '${uri}' to '${sandbox}/hello.sh'`,
    `fetcher.cpp:618 Fetched '${uri}' to '${sandbox}/hello.sh'`,
    `fetcher.cpp:623 Successfully fetched all URIs into '${sandbox}'`,
  ]);
});

test('output_file names the file and its folder, and redirects are followed', async () => {
  const server = await startFileServer({ '/old?x=1': redirectTo('/new'), '/new': 'content' });
  const { status, sandbox, read } = await fetchAlone([
    { value: `${server.url}/old?x=1`, output_file: 'etc/app/settings' },
  ]);
  expect(status.state).toBe('TASK_FINISHED');
  expect(read('etc/app/settings')).toBe('content');
  expect(statSync(`${sandbox}/etc/app/settings`).mode & 0o111).toBe(0);
});

test.each([
  [(url: string) => `${url}/none`, 'Error downloading resource, received HTTP return code 404'],
  [() => 'http://127.0.0.1:1/none', "Error downloading resource: Couldn't connect to server"],
  [() => 'ftp://127.0.0.1:1/none', 'Error downloading resource: Unsupported protocol'],
  [() => 'hdfs://127.0.0.1:1/none', 'Failed to create HDFS client: this agent has no Hadoop client'],
  [(url: string) => `${url}/loop`, 'Error downloading resource: Number of redirects hit maximum amount'],
  [
    (url: string) => `${url}/cloud`,
    "Error downloading resource: Refused to connect to '169.254.169.254': its address 169.254.169.254 is link-local",
  ],
  [(url: string) => `${url}/local`, 'Error downloading resource: Unsupported protocol'],
  [(url: string) => `${url}/part`, 'Error downloading resource: Transferred a partial file'],
  [(url: string) => `${url}/stall`, 'Error downloading resource: Timeout was reached'],
  [() => 'file:///no/such/file', 'cp failed with status: 256'],
  [
    () => 'relative/path',
    'A relative path was passed for the resource but the Mesos framework home was not specified.',
  ],
])('what cannot be fetched fails in the words of Mesos (%#)', async (uriOf, reason) => {
  const server = await startFileServer({
    '/loop': redirectTo('/loop'),
    '/cloud': redirectTo('http://169.254.169.254/latest/meta-data'),
    '/local': redirectTo('file:///etc/passwd'),
    '/part': (_, response) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('begun', () => response.destroy());
    },
    '/stall': stall,
  });
  const uri = uriOf(server.url);
  const options = uri.endsWith('/stall') ? { fetch: { stallTimeoutMs: 100 } } : {};
  const { status, read } = await fetchAlone([{ value: uri }], 'touch it-ran', options);
  expect(status).toMatchObject({
    state: 'TASK_FAILED',
    source: 'SOURCE_AGENT',
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    message: expect.stringMatching(
      /^Failed to launch container: Failed to fetch all URIs for container '[\da-f-]{36}': exited with status 1$/,
    ),
  });
  const last = read('stderr').trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^E\d{4} .* fetcher\.cpp:615\] EXIT with status 1: /);
  expect(last).toContain(`Failed to fetch '${uri}': ${reason}`);
  expect(() => read('it-ran')).toThrow('ENOENT');
});

test.each([
  [{ value: 'http://host' }, 'Malformed URI (missing path): http://host'],
  [{ value: "http://host/it's" }, 'Illegal characters in URI'],
  [{ value: 'http://host/x', output_file: '/etc/x' }, 'URI output file must be within the sandbox directory'],
])('a URI that is none fails before anything is fetched: %j', async (uri, reason) => {
  const { status } = await fetchAlone([uri]);
  expect(status.message).toBe(`Failed to launch container: Could not fetch: ${reason}`);
});

test.each(['../outside', 'a/../../outside'])('a file named %s is not written outside the sandbox', async (name) => {
  const server = await startFileServer({ '/x': 'content' });
  const { status, sandbox, read } = await fetchAlone([{ value: `${server.url}/x`, output_file: name }]);
  expect(status.state).toBe('TASK_FAILED');
  expect(read('stderr')).toContain("Path contains '..'");
  expect(existsSync(`${sandbox}/../outside`)).toBe(false);
});

test('a file of this machine is copied, but none of the agent and of the system', async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/own.txt`, 'mine');
  const agent = await startTestAgent();
  mkdirSync(`${agent.options.workDir}/meta`, { recursive: true });
  writeFileSync(`${agent.options.workDir}/meta/record`, 'secret');
  symlinkSync(`${agent.options.workDir}/meta/record`, `${folder}/link`);
  const copied = await runFetching(agent, 'copies', [{ value: `file://${folder}/own.txt` }]);
  expect([copied.status.state, copied.read('own.txt')]).toEqual(['TASK_FINISHED', 'mine']);
  for (const path of [`${folder}/link`, '/proc/self/environ', '/dev/zero']) {
    const { status, read } = await runFetching(agent, path.replaceAll('/', '-'), [{ value: `file://${path}` }]);
    expect(status.state).toBe('TASK_FAILED');
    expect(read('stderr')).toContain(`Refused to copy '${path}': nothing below /`);
  }
});

test('a kill while fetching ends the request and the task', async () => {
  let closed = false;
  const server = await startFileServer({
    '/slow': (request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      stall(request, response);
    },
  });
  const { master, agent } = await startTestAgent();
  const uris = [{ value: `${server.url}/slow` }];
  master.run(commandTask('slow', '', { command: { shell: true, value: 'touch it-ran', uris } }));
  await waitFor(() => {
    expect(server.requests).toEqual(['GET /slow']);
  });
  master.kill('slow');
  expect(await stateOf(master, 'slow', 'TASK_KILLED')).toMatchObject({ reason: 'REASON_TASK_KILLED_DURING_LAUNCH' });
  await waitFor(() => {
    expect(closed).toBe(true);
  });
  expect(existsSync(`${await sandboxOf(agent.url, 'slow')}/it-ran`)).toBe(false);
});

test('all files must be there in the time that is given, however busy the server looks', async () => {
  const server = await startFileServer({
    '/drip': (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 5);
      response.on('close', () => {
        clearInterval(timer);
      });
    },
  });
  const { status } = await fetchAlone([{ value: `${server.url}/drip` }], 'true', { fetch: { timeoutMs: 300 } });
  expect(status).toMatchObject({
    state: 'TASK_FAILED',
    reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    message: 'Executor did not register within 300ms',
  });
});

test('a download that is larger than the limit is broken off', async () => {
  const server = await startFileServer({ '/big': Buffer.alloc(3 * 1024 ** 2) });
  const limits = { maxBytes: 1024 ** 2, maxEntries: 10, reserveBytes: 0 };
  const { status, sandbox, read } = await fetchAlone([{ value: `${server.url}/big` }], 'true', { fetch: { limits } });
  expect(status.state).toBe('TASK_FAILED');
  expect(read('stderr')).toContain('Maximum file size exceeded: a task may fetch 1 MB');
  expect(statSync(`${sandbox}/big`).size).toBeLessThanOrEqual(1024 ** 2);
});

test('fetching leaves some of the disk free', async () => {
  const server = await startFileServer({ '/small': 'content' });
  const limits = { maxBytes: 1024 ** 2, maxEntries: 10, reserveBytes: Number.MAX_SAFE_INTEGER };
  const { read } = await fetchAlone([{ value: `${server.url}/small` }], 'true', { fetch: { limits } });
  expect(read('stderr')).toContain('No space left on device');
});

test('a simulated container has the files in its sandbox, too', async () => {
  const server = await startFileServer({ '/x.txt': 'content' });
  const { master, agent } = await startTestAgent();
  const command = { shell: true, value: 'true', uris: [{ value: `${server.url}/x.txt` }] };
  master.run(commandTask('docker', '', { command, container: { type: 'DOCKER', docker: { image: 'nginx' } } }));
  await stateOf(master, 'docker', 'TASK_RUNNING');
  expect(readFileSync(`${await sandboxOf(agent.url, 'docker')}/x.txt`, 'utf8')).toBe('content');
});

test('the metrics count fetches, and the flags say what the fetcher was given', async () => {
  const server = await startFileServer({ '/x': 'content' });
  const agent = await startTestAgent();
  await runFetching(agent, 'good', [{ value: `${server.url}/x`, cache: true }]);
  await runFetching(agent, 'bad', [{ value: `${server.url}/none` }]);
  expect(await getJson(`${agent.agent.url}/metrics/snapshot`)).toMatchObject({
    'containerizer/fetcher/cache_size_total_bytes': 2147483648,
    'containerizer/fetcher/cache_size_used_bytes': 7,
    'containerizer/fetcher/task_fetches_failed': 1,
    'containerizer/fetcher/task_fetches_succeeded': 1,
  });
  const flags = { fetcher_cache_size: '2GB', fetcher_stall_timeout: '60secs' };
  expect(await getJson(`${agent.agent.url}/flags`)).toMatchObject({ flags });
});
