import { beforeEach, describe, expect, test } from 'vitest';
import { fetchRaw } from '../../scheduler-client.ts';
import { startFakeAgent } from '../fake-agent.ts';
import { startLeader } from '../master-for-test.ts';

/* What the HTTP layer of a real master (1.12) lets pass. */

let url: string;
beforeEach(async () => {
  ({ url } = await startLeader());
});

describe('?jsonp= makes a script of what is read', () => {
  test.each(['/state', '/master/state', '/version', '/metrics/snapshot', '/master/slaves', '/state-summary', '/flags'])(
    '%s',
    async (path) => {
      const plain = await fetchRaw(`${url}${path}`);
      const script = await fetchRaw(`${url}${path}?jsonp=angular.callbacks._0`);
      expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript' } });
      const json = /^angular\.callbacks\._0\((.*)\)$/s.exec(script.body)?.[1] ?? '';
      expect(Object.keys(JSON.parse(json) as object)).toEqual(Object.keys(JSON.parse(plain.body) as object));
    },
  );

  test('also of an answer that is sent in parts', async () => {
    await Promise.all(Array.from({ length: 300 }, () => startFakeAgent(url)));
    const { body, headers } = await fetchRaw(`${url}/slaves?jsonp=cb`);
    expect(headers['content-length']).toBeUndefined();
    expect(body.startsWith('cb({"slaves":[')).toBe(true);
    const { slaves } = JSON.parse(body.slice('cb('.length, -1)) as { readonly slaves: readonly unknown[] };
    expect(slaves).toHaveLength(300);
  });

  test('with any name, also an empty one; but no other text', async () => {
    expect((await fetchRaw(`${url}/version?jsonp=`)).body).toMatch(/^\({.*}\)$/s);
    expect((await fetchRaw(`${url}/version?jsonp=a;alert(1)`)).status).toBe(400);
  });

  test('but not of what has no JSON, and not of a call', async () => {
    expect(await fetchRaw(`${url}/health?jsonp=cb`)).toMatchObject({ status: 200, body: '' });
    const call = await fetchRaw(`${url}/api/v1?jsonp=cb`, { body: { type: 'GET_HEALTH' } });
    expect(call.body).toBe('{"type":"GET_HEALTH","get_health":{"healthy":true}}');
  });

  test.each<[number, Readonly<Record<string, string>>]>([
    [200, { 'Sec-Fetch-Site': 'same-origin' }],
    [200, { 'Sec-Fetch-Site': 'cross-site', Referer: 'http://localhost:5050/' }],
    [403, { 'Sec-Fetch-Site': 'cross-site', Referer: 'https://evil.example/' }],
    [403, { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%i for a page that says %j: another site must not read the state by it', async (status, headers) => {
    expect((await fetchRaw(`${url}/state?jsonp=cb`, { headers })).status).toBe(status);
  });
});

test.each([
  ['/master/state/x', 200],
  ['/master/state/', 200],
  ['/master//state', 200],
  ['/metrics/snapshot/', 200],
  ['/state/x/y', 200],
  ['/%76ersion', 200],
  ['/version/', 200],
  ['/version/x', 404],
  ['/master/nope', 404],
  ['/nope', 404],
  ['//master/state', 404],
  ['/MASTER/state', 404],
  ['/master/State', 404],
  ['/slave(1)/state', 404],
])('%s is answered %i', async (path, status) => {
  expect((await fetchRaw(`${url}${path}`)).status).toBe(status);
});

test.each([
  ['/api/v1/operator', 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
  ['/api/v1/', 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
  ['/master/api/v1', 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
  ['/api/v1/scheduler/x', 400, "Failed to validate scheduler::Call: Expecting 'type' to be present"],
])('a call to %s is answered %i', async (path, status, body) => {
  expect(await fetchRaw(`${url}${path}`, { body: { type: 'GET_HEALTH' } })).toMatchObject({ status, body });
});

test.each(['/api', '/api/v2'])('a call to %s finds nothing', async (path) => {
  expect((await fetchRaw(`${url}${path}`, { body: { type: 'GET_HEALTH' } })).status).toBe(404);
});
