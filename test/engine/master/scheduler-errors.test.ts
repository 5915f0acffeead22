import { beforeEach, describe, expect, test } from 'vitest';
import { fetchRaw, openStream, schedulerUrl, subscribe } from '../scheduler-client.ts';
import { startLeader } from './master-for-test.ts';

/* Status codes and texts of a real master (1.12), which was asked the same. */

let url: string;
beforeEach(async () => {
  url = schedulerUrl((await startLeader()).url);
});

const frameworkInfo = { user: 'root', name: 'x' };
const subscription = { type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } };
const conversion = (text: string) => `Failed to convert JSON into Call protobuf: ${text}`;
const validation = (text: string) => `Failed to validate scheduler::Call: ${text}`;
const ofUnknown = { framework_id: { value: 'nope' } };

describe('a call that is not well-formed is refused', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{bad json', 'Failed to parse body into JSON: syntax error at line 1 near: bad json'],
    ['an array', '[]', conversion('Expecting a JSON object')],
    ['no subscription', { type: 'SUBSCRIBE' }, validation("Expecting 'subscribe' to be present")],
    [
      'no user',
      { type: 'SUBSCRIBE', subscribe: { framework_info: { name: 'x' } } },
      conversion('Missing required fields: subscribe.framework_info.user'),
    ],
    ['an unknown type', { type: 'NOPE' }, validation("Expecting 'type' to be present")],
    ['no type', {}, validation("Expecting 'type' to be present")],
    ['no framework', { type: 'REVIVE' }, validation("Expecting 'framework_id' to be present")],
    ['no details', { ...ofUnknown, type: 'KILL' }, validation("Expecting 'kill' to be present")],
    [
      'a wrong type',
      { ...ofUnknown, type: 'KILL', kill: { task_id: 7 } },
      conversion("Not expecting a JSON number for field 'task_id'"),
    ],
    [
      'two ids',
      { ...subscription, ...ofUnknown },
      validation("'framework_id' differs from 'subscribe.framework_info.id'"),
    ],
    [
      'one item for a list, which is none',
      { ...ofUnknown, type: 'ACCEPT', accept: { offer_ids: {} } },
      conversion('Missing required fields: accept.offer_ids[0].value'),
    ],
    ['an unknown framework', { ...ofUnknown, type: 'ACCEPT', accept: { offer_ids: [] } }, 'Framework cannot be found'],
  ])('%s', async (_, body, text) => {
    expect(await fetchRaw(url, { body })).toMatchObject({ status: 400, body: text });
  });

  test('another media type', async () => {
    const answer = await fetchRaw(url, { body: subscription, headers: { 'Content-Type': 'text/plain' } });
    expect(answer.status).toBe(415);
    expect(answer.body).toBe("Expecting 'Content-Type' of application/json or application/x-protobuf");
  });

  test('an Accept without JSON', async () => {
    const answer = await fetchRaw(url, { body: subscription, headers: { Accept: 'text/html' } });
    expect(answer.status).toBe(406);
    expect(answer.body).toBe("Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  });

  test('another method', async () => {
    const answer = await fetchRaw(url);
    expect(answer).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });

  test('a subscription with a stream id', async () => {
    const answer = await fetchRaw(url, { body: subscription, headers: { 'Mesos-Stream-Id': 'x' } });
    expect(answer.status).toBe(400);
    expect(answer.body).toBe("Subscribe calls should not include the 'Mesos-Stream-Id' header");
  });
});

describe('a subscribed framework must prove that a call is its own', () => {
  test('with the id of its stream', async () => {
    const framework = await subscribe(url.replace('/api/v1/scheduler', ''));
    const body = { framework_id: { value: framework.frameworkId }, type: 'REVIVE' };
    expect(await fetchRaw(url, { body })).toMatchObject({
      status: 400,
      body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    });
    const wrong = '00000000-0000-0000-0000-000000000000';
    expect(await fetchRaw(url, { body, headers: { 'Mesos-Stream-Id': wrong } })).toMatchObject({
      status: 400,
      body: `The stream ID '${wrong}' included in this request didn't match the stream ID currently associated with framework ID ${framework.frameworkId}`,
    });
    const right = await framework.call('REVIVE');
    expect(right).toMatchObject({ status: 202, body: '' });
    expect(right.headers['content-length']).toBe('0');
  });

  test('and not while it is away', async () => {
    const framework = await subscribe(url.replace('/api/v1/scheduler', ''), { failover_timeout: 60 });
    framework.close();
    await expect
      .poll(() => framework.call('REVIVE'))
      .toMatchObject({ status: 403, body: 'Framework is not subscribed' });
  });
});

test('a framework that was torn down may not come back', async () => {
  const master = url.replace('/api/v1/scheduler', '');
  const framework = await subscribe(master);
  expect((await framework.call('TEARDOWN')).status).toBe(202);
  await framework.ended;
  expect(await framework.call('REVIVE')).toMatchObject({ status: 400, body: 'Framework cannot be found' });
  const id = { value: framework.frameworkId };
  const again = await openStream(url, {
    framework_id: id,
    type: 'SUBSCRIBE',
    subscribe: { framework_info: { ...frameworkInfo, id } },
  });
  expect((await again.take('ERROR')).error).toEqual({ message: 'Framework has been removed' });
  await again.ended;
});

test('calls about what this master does not have are accepted, and do nothing', async () => {
  const framework = await subscribe(url.replace('/api/v1/scheduler', ''));
  expect((await framework.call('REQUEST', { request: { requests: [] } })).status).toBe(202);
  expect((await framework.call('ACCEPT_INVERSE_OFFERS', { accept_inverse_offers: {} })).status).toBe(202);
});
