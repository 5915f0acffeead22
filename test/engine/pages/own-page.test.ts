import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../../pages/picture/tables.ts';
import { SseDecoder } from '../../../protocol/server-sent-events.ts';
import { startLeader, startLeaderAndNext } from '../master/master-for-test.ts';
import { fetchJson, fetchRaw, subscribe } from '../scheduler-client.ts';

/** Somebody has the page open, until the test ends or this is ended; it has heard of the master that leads. */
async function look(url: string): Promise<() => void> {
  const ending = new AbortController();
  onTestFinished(() => {
    ending.abort();
  });
  const { body } = await fetch(`${url}/page/changes`, { signal: ending.signal });
  const decoder = new SseDecoder();
  const isFollowing = (data: string) =>
    (JSON.parse(data) as Partial<Message>).changes?.sources?.['master']?.state === 'following';
  const reader = (body ?? new ReadableStream()).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) throw new Error('the page has ended');
    if (decoder.push(value).some(({ data }) => isFollowing(data))) break;
  }
  return () => {
    ending.abort();
  };
}

const subscribers = async (url: string) =>
  (await fetchJson(`${url}/metrics/snapshot`))['master/operator_event_stream_subscribers'] as number;

test('at the root of a leading master is a page that may run nothing but its own files', async () => {
  const { url } = await startLeader();
  const { status, headers, body } = await fetchRaw(`${url}/`);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('<script type="module" src="/page/page.js">');
  const policy = headers['content-security-policy'];
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  for (const path of ['/page/page.js', '/page/page.css']) {
    expect((await fetchRaw(`${url}${path}`)).status).toBe(200);
  }
});

test('a standby master leads to the one that leads', async () => {
  const [leader, standby] = await startLeaderAndNext();
  const { port } = new URL(leader.url);
  const answer = await fetch(`${standby.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([307, `//127.0.0.1:${port}/`]);
  expect((await fetch(`${standby.url}/`)).url).toBe(`${leader.url}/`);
});

test('nothing is changed through the page of a master', async () => {
  const { url } = await startLeader();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await fetch(`${url}/page/marathon/v2/apps`, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Page-Token': 'x' },
      body: '{}',
    });
    expect([method, answer.status]).toEqual([method, 403]);
  }
  for (const path of ['roles', 'offers', 'master', 'agent', 'task', 'files', 'file', 'download', 'tasks']) {
    const answer = await fetch(`${url}/page/${path}`, { method: 'POST' });
    expect([path, answer.status]).toEqual([path, 405]);
  }
});

test('pages of others learn nothing: a foreign Origin or Host is refused', async () => {
  const { url } = await startLeader();
  for (const path of ['/', '/page/page.js', '/page/changes', '/page/roles', '/page/file?log=master']) {
    for (const headers of [{ Origin: 'http://evil.example' }, { Origin: 'null' }, { Host: 'evil.example' }]) {
      expect([path, headers, (await fetchRaw(`${url}${path}`, { headers })).status]).toEqual([path, headers, 403]);
    }
  }
});

test('the page costs a master nothing while nobody looks', async () => {
  const { url } = await startLeader();
  await fetchRaw(`${url}/`);
  await fetchRaw(`${url}/page/page.js`);
  // What is not told by events is only asked by who looks.
  expect(await fetchJson(`${url}/page/roles`)).toEqual({ trouble: 'No leading master is known.' });
  expect(await subscribers(url)).toBe(0);
  const leave = await look(url);
  const leaveToo = await look(url);
  expect(await subscribers(url)).toBe(1);
  leave();
  leaveToo();
  await expect.poll(() => subscribers(url), { timeout: 30_000 }).toBe(0);
}, 60_000);

test('whoever looks can ask for roles, offers, and the master itself', async () => {
  const { url } = await startLeader();
  const framework = await subscribe(url, { roles: ['dev'], capabilities: [{ type: 'MULTI_ROLE' }], principal: 'me' });
  await look(url);
  expect(await fetchJson(`${url}/page/roles`)).toMatchObject([
    { name: 'dev', frameworks: [framework.frameworkId], offered: {} },
  ]);
  expect(await fetchJson(`${url}/page/offers`)).toEqual({ count: 0, offers: [] });
  expect(await fetchJson(`${url}/page/framework?id=${framework.frameworkId}`)).toMatchObject({
    principal: 'me',
    capabilities: ['MULTI_ROLE'],
  });
  const master = await fetchJson(`${url}/page/master`);
  expect(master).toMatchObject({ cluster: 'test', flags: { quorum: '1' }, hasLog: false });
  expect(master.metrics).toMatchObject({ 'master/elected': 1, 'master/frameworks_active': 1 });
  expect(Object.keys(master.metrics as object).filter((name) => name.startsWith('master/frameworks/'))).toEqual([]);
  expect(await fetchJson(`${url}/page/agent?id=nobody`)).toEqual({
    trouble: 'The agent nobody is not in the cluster (any more).',
  });
  expect((await fetchRaw(`${url}/page/task`)).status).toBe(400);
});
