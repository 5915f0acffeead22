import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { startTestAgent, temporaryFolder } from '../agent/running-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { fetchJson, fetchRaw } from '../scheduler-client.ts';

/* What Mesos's page reads when its log is looked at: src/webui/app/controllers.js, pailer and log_file_attached. */

const logFile = () => `${temporaryFolder()}/component.log`;

async function startMaster() {
  const path = logFile();
  const flags = { external_log_file: path };
  const { url } = await startLeader({ logFile: { path, sandboxes: nodeSandboxes }, flags });
  return { url, path, virtual: '/master/log' };
}

async function startAgent() {
  const path = logFile();
  const { agent } = await startTestAgent({ logFile: path, flags: { external_log_file: path } });
  return { url: agent.url, path, virtual: '/slave/log' };
}

test.each([
  ['master', startMaster],
  ['agent', startAgent],
])('the log of the %s is attached, and its state says so', async (_, start) => {
  const { url, path, virtual } = await start();
  // Until something is written there is no file.
  expect(await fetchRaw(`${url}/files/read?path=${virtual}&offset=0`)).toMatchObject({ status: 404, body: '' });
  appendFileSync(path, 'first\nsecond\n');
  expect(await fetchJson(`${url}/files/read?path=${virtual}`)).toEqual({ data: '', offset: 13 });
  expect(await fetchJson(`${url}/files/read?path=${virtual}&offset=6&length=6`)).toEqual({ data: 'second', offset: 6 });
  expect(await fetchRaw(`${url}/files/download?path=${virtual}`)).toMatchObject({ body: 'first\nsecond\n' });
  expect(await fetchJson(`${url}/files/debug`)).toMatchObject({ [virtual]: path });
  expect(await fetchJson(`${url}/state`)).toMatchObject({
    external_log_file: path,
    flags: { external_log_file: path },
  });
  const call = (type: string, content: object) => fetchRaw(`${url}/api/v1`, { body: { type, ...content } });
  expect((await call('READ_FILE', { read_file: { path: virtual, offset: 0 } })).body).toBe(
    JSON.stringify({ type: 'READ_FILE', read_file: { size: 13, data: 'Zmlyc3QKc2Vjb25kCg==' } }),
  );
  expect((await call('LIST_FILES', { list_files: { path: virtual } })).body).toBe(
    JSON.stringify({ type: 'LIST_FILES', list_files: {} }),
  );
  expect(await fetchRaw(`${url}/files/read?path=${virtual}/../other&offset=0`)).toMatchObject({ status: 404 });
});

test('a state that names no log has no field for one', async () => {
  const { url } = await startLeader();
  const { agent } = await startTestAgent();
  for (const state of [await fetchJson(`${url}/state`), await fetchJson(`${agent.url}/state`)]) {
    expect(state).not.toHaveProperty('external_log_file');
    expect(state).not.toHaveProperty('log_dir');
  }
});
