import { beforeEach, expect, test } from 'vitest';
import { fetchJson, fetchRaw, subscribe } from '../scheduler-client.ts';
import { startFakeAgent } from './fake-agent.ts';
import { startLeader } from './master-for-test.ts';

/* What a real master (1.12) answers to operators. */

let url: string;
beforeEach(async () => {
  ({ url } = await startLeader());
});

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const byForm = (path: string, body: string) => fetchRaw(`${url}${path}`, { method: 'POST', body, headers: form });
const byCall = (fields: object) => fetchRaw(`${url}/api/v1`, { body: { type: 'TEARDOWN', ...fields } });
const missing = { status: 400, body: 'No framework found with specified ID' };

test('a form tears a framework down', async () => {
  const framework = await subscribe(url);
  expect(await byForm('/master/teardown', `frameworkId=${framework.frameworkId}`)).toMatchObject({
    status: 200,
    body: '',
  });
  await framework.ended;
  expect(await byForm('/teardown', `frameworkId=${framework.frameworkId}`)).toMatchObject(missing);
  const { completed_frameworks: completed } = await fetchJson(`${url}/frameworks`);
  expect(completed).toMatchObject([{ id: framework.frameworkId }]);
});

test('a call tears a framework down', async () => {
  const framework = await subscribe(url);
  const teardown = { framework_id: { value: framework.frameworkId } };
  expect(await byCall({ teardown })).toMatchObject({ status: 200, body: '' });
  await framework.ended;
  expect(await byCall({ teardown })).toMatchObject(missing);
});

test('what is no framework is refused', async () => {
  expect(await byForm('/master/teardown', '')).toMatchObject({
    status: 400,
    body: "Missing 'frameworkId' query parameter in the request body",
  });
  expect(await byForm('/master/teardown', 'frameworkId=nope')).toMatchObject(missing);
  expect(await byCall({})).toMatchObject({
    status: 400,
    body: "Failed to validate master::Call: Expecting 'teardown' to be present",
  });
  expect((await fetchRaw(`${url}/master/teardown`)).status).toBe(405);
  // A page of another site may send a form, but says where it is from.
  const headers = { ...form, Origin: 'http://evil.example' };
  const foreign = await fetchRaw(`${url}/teardown`, { method: 'POST', body: 'frameworkId=x', headers });
  expect(foreign.status).toBe(403);
});

test.each([
  ['/files/browse', 400, "Expecting 'path=value' in query.\n"],
  ['/files/browse?path=/master/log', 404, ''],
  ['/files/read?path=/master/log&offset=0', 404, ''],
  ['/files/download?path=/etc/passwd', 404, ''],
  ['/files/debug', 200, '{}'],
])('%s is answered %i', async (path, status, body) => {
  expect(await fetchRaw(`${url}${path}`)).toMatchObject({ status, body });
});

test('metrics tell what a role has refused, and its share', async () => {
  await startFakeAgent(url);
  const framework = await subscribe(url, { role: 'dev' });
  const offer = await framework.takeOffer();
  const metrics = () => fetchJson(`${url}/metrics/snapshot`);
  expect(await metrics()).toMatchObject({
    'allocator/mesos/roles/dev/shares/dominant': 1,
    'allocator/mesos/offer_filters/roles/dev/active': 0,
  });
  await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters: { refuse_seconds: 1000 } } });
  expect(await metrics()).toMatchObject({
    'allocator/mesos/roles/dev/shares/dominant': 0,
    'allocator/mesos/offer_filters/roles/dev/active': 1,
    [`master/frameworks/test/${framework.frameworkId}/calls/accept_inverse_offers`]: 0,
  });
});
