import { request } from 'node:http';
import { expect, test } from 'vitest';
import { hostileCluster } from './hostile-cluster.ts';

/** As it is written: fetch would resolve `..` before it asks. */
const ask = (origin: string, path: string, method = 'GET', headers: Readonly<Record<string, string>> = {}) =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const asked = request({ hostname, port, path, method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
      asked.destroy();
    });
    asked.on('error', reject);
    asked.end();
  });

test('the page may run nothing but its own files, and every answer says so, also a refusal and what a component answers', async () => {
  const { origin } = await hostileCluster();
  const own = ['/', '/page/page.js', '/page/page.css', '/page/changes', '/page/tasks'];
  for (const path of [...own, '/page/files', '/page/file?task=x&file=y', '/page/marathon/v2/html']) {
    const { headers, body } = await fetch(`${origin}${path}`);
    await body?.cancel();
    const policy = (headers.get('content-security-policy') ?? '').split('; ').sort();
    expect([path, ...policy]).toEqual([
      path,
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
    ]);
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer']);
    expect([path, headers.get('cache-control')]).toEqual([path, expect.stringMatching(/^no-(store|cache)$/)]);
  }
});

test('the document has neither scripts nor styles nor handlers in itself, and nothing of other origins', async () => {
  const { origin } = await hostileCluster();
  const text = await (await fetch(origin)).text();
  // The icon is a picture in the document: its namespace is a name.
  const html = text.replaceAll("xmlns='http://www.w3.org/2000/svg'", '');
  expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/page/page.js">']);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|https?:|\/\/(?!\/)[a-z]/i);
  for (const file of ['page.js', 'page.css']) {
    expect(await (await fetch(`${origin}/page/${file}`)).text()).not.toMatch(
      /innerHTML\s*=\s*[^=]*known|insertAdjacentHTML|document\.write|\beval\(|new Function|@import|url\(\s*['"]?https?:/,
    );
  }
});

test('the document says what it is of, in its title too, and no name ends what it stands in', async () => {
  const { origin } = await hostileCluster();
  const html = await (await fetch(origin)).text();
  const name = '&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;$&#38; \u2028';
  expect(html).toContain(`<html lang="en" data-kind="lab" data-name="${name}">`);
  expect(html).toContain(`<title>${name} · Cluster</title>`);
});

test('what Marathon answers is data, also when it says that it is a page', async () => {
  const { origin } = await hostileCluster();
  const { headers } = await fetch(`${origin}/page/marathon/v2/html`);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
});

test.each([
  '/page/marathon/v2/../metrics',
  '/page/marathon/v2/%2e%2e/metrics',
  '/page/marathon/v2/%2E%2E%2fmetrics',
  '/page/marathon/v2/apps/../../metrics',
  '/page/marathon/v2/./..//evil.example/',
  '/page/marathon//evil.example/v2/apps',
  '/page/marathon@evil.example/v2/apps',
  '/page/marathon/http://evil.example/v2/apps',
  '/page/marathon/metrics',
])('nothing but what is below /v2 is asked of Marathon: %s', async (path) => {
  const { origin, asked } = await hostileCluster();
  expect(await ask(origin, path)).toBeOneOf([400, 404]);
  expect(asked.filter((line) => !line.startsWith('GET /v2/'))).toEqual([]);
});

test('what is escaped in a path stays it: no query and no fragment comes of it', async () => {
  const { origin, asked } = await hostileCluster();
  expect(await ask(origin, '/page/marathon/v2/apps/x%3Fforce=true%23y%26?embed=a%26b')).toBe(200);
  expect(await ask(origin, '/page/marathon/v2/pods/p::status')).toBe(200);
  expect(asked).toEqual(expect.arrayContaining(['GET /v2/apps/x?force=true#y&?embed=a%26b', 'GET /v2/pods/p::status']));
});

test.each(['../secret', 'a/../../secret', '/..', '..'])('nobody leaves a sandbox by %s', async (path) => {
  const { origin } = await hostileCluster();
  const search = new URLSearchParams({ task: '__proto__', folder: path, file: path }).toString();
  expect(await ask(origin, `/page/files?${search}`)).toBeOneOf([400, 404]);
  expect(await ask(origin, `/page/file?${search}`)).toBeOneOf([400, 404]);
});

test('a change needs the token and JSON, in its headers and not in its URL, and no refusal tells the token', async () => {
  const { origin, token, asked, log } = await hostileCluster();
  const change = (headers: Readonly<Record<string, string>>, query = '') =>
    fetch(`${origin}/page/marathon/v2/apps${query}`, { method: 'POST', headers, body: new Blob(['{"id":"/x"}']) });
  const json = { 'Content-Type': 'application/json' };
  for (const [headers, query, status] of [
    [json, '', 403],
    [json, `?token=${token}`, 403],
    [{ ...json, 'X-Page-Token': `${token}x` }, '', 403],
    [{ ...json, 'X-Page-Token': token.slice(0, -1) }, '', 403],
    [{ ...json, 'X-Page-Token': token, Origin: 'http://evil.example' }, '', 403],
    [{ ...json, 'X-Page-Token': token, Origin: 'null' }, '', 403],
    [{ 'X-Page-Token': token }, '', 415],
    [{ 'X-Page-Token': token, 'Content-Type': 'text/plain' }, '', 415],
    [{ 'X-Page-Token': token, 'Content-Type': 'application/x-www-form-urlencoded' }, '', 415],
    [{ ...json, 'X-Page-Token': token }, '', 200],
  ] as const) {
    const answer = await change(headers, query);
    expect([headers, answer.status]).toEqual([headers, status]);
    expect(await answer.text()).not.toContain(token);
  }
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual(['POST /v2/apps']);
  expect(log.join('\n')).not.toContain(token);
  expect(await ask(origin, '/', 'GET', { Host: 'evil.example' })).toBe(403);
});
