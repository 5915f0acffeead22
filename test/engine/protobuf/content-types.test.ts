import { beforeEach, describe, expect, test } from 'vitest';
import { encodeMessage } from '../../../protocol/protobuf/encode-message.ts';
import { startTestAgent } from '../agent/running-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { openAnswer, post, protobuf, type BytesAnswer } from './bytes-over-http.ts';

/* Requests whose answers were recorded from a real Mesos 1.12; those of streams, from the texts of src/slave/http.cpp. */

const health = '{"type":"GET_HEALTH"}';
const json = 'application/json';
const recordIo = 'application/recordio';
const contentType = "Expecting 'Content-Type' of application/json or application/x-protobuf";
const accept = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";
const noType = "Expecting 'Content-Type' to be present";

const said = ({ status, body }: BytesAnswer) => [status, body.toString()];

describe('a master', () => {
  let url: string;
  const send = (
    headers: Readonly<Record<string, string | string[]>>,
    body: string | Uint8Array = health,
    path = '/api/v1',
  ) => post(`${url}${path}`, { body, headers });

  beforeEach(async () => {
    ({ url } = await startLeader());
  });

  test.each([
    [400, noType, {}],
    ...[
      'application/json; charset=utf-8',
      'Application/JSON',
      'text/json',
      'application/x-www-form-urlencoded',
      recordIo,
    ].map((type) => [415, contentType, { 'Content-Type': type }] as const),
    [400, 'Failed to parse body into Call protobuf', { 'Content-Type': protobuf }],
  ] as const)('answers %i, %s to headers %j', async (status, text, headers) => {
    for (const path of ['/api/v1', '/master/api/v1', '/api/v1/scheduler']) {
      expect(said(await send({ ...headers, Accept: json }, health, path)), path).toEqual([status, text]);
    }
  });

  test.each([
    undefined,
    ...['*/*', 'application/*', 'text/html, */*;q=0.1', 'application/x-protobuf, application/json'],
    ...['application/json;q=0.5, application/x-protobuf', 'application/json; charset=utf-8'],
  ])('answers in JSON to Accept: %s', async (value) => {
    const answer = await send({ 'Content-Type': json, ...(value !== undefined && { Accept: value }) });
    expect(answer).toMatchObject({ status: 200, type: json });
    expect(answer.body.toString()).toBe('{"type":"GET_HEALTH","get_health":{"healthy":true}}');
  });

  test.each([
    'application/x-protobuf',
    'application/x-protobuf;q=0.1',
    'Application/X-Protobuf, text/html',
    'application/json;q=0, */*',
  ])('answers in protobuf to Accept: %s', async (value) => {
    const answer = await send({ 'Content-Type': json, Accept: value });
    expect(answer).toMatchObject({ status: 200, type: protobuf });
    expect([...answer.body]).toEqual([8, 1, 18, 2, 8, 1]);
  });

  test('takes the last of several lines of a header, as libprocess does', async () => {
    for (const [last, first] of [
      [protobuf, json],
      [json, protobuf],
    ] as const) {
      expect(await send({ 'Content-Type': json, Accept: [first, last] })).toMatchObject({ status: 200, type: last });
    }
    expect(said(await send({ 'Content-Type': json, Accept: [json, 'text/html'] }))).toEqual([406, accept]);
  });

  test.each(['text/html', 'application/recordio', 'nonsense', '', 'application/json;q=0'])(
    'answers 406 to Accept: %s',
    async (value) => {
      expect(said(await send({ 'Content-Type': json, Accept: value }))).toEqual([406, accept]);
      const subscribe = JSON.stringify({
        type: 'SUBSCRIBE',
        subscribe: { framework_info: { user: 'root', name: 'x' } },
      });
      expect(said(await send({ 'Content-Type': json, Accept: value }, subscribe, '/api/v1/scheduler'))).toEqual([
        406,
        accept,
      ]);
    },
  );

  test('takes a call in protobuf, and answers it in JSON where that is asked for', async () => {
    const call = encodeMessage('master.Call', { type: 'GET_HEALTH' });
    expect(said(await send({ 'Content-Type': protobuf }, call))).toEqual([
      200,
      '{"type":"GET_HEALTH","get_health":{"healthy":true}}',
    ]);
  });

  test('gives a framework its events in the form that it accepts, whatever that of its call was', async () => {
    const call = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'x' } } };
    const forms = { [json]: JSON.stringify(call), [protobuf]: encodeMessage('scheduler.Call', call) };
    for (const [sent, body] of Object.entries(forms)) {
      for (const wanted of [json, protobuf]) {
        const answer = await openAnswer(`${url}/api/v1/scheduler`, {
          body,
          headers: { 'Content-Type': sent, Accept: wanted },
        });
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, wanted]);
        answer.destroy();
      }
    }
  });

  test('says what a call in protobuf lacks as it does of one in JSON', async () => {
    const headers = { 'Content-Type': protobuf, Accept: protobuf };
    const prefix = 'Failed to validate scheduler::Call: ';
    for (const [call, text] of [
      [{}, "Expecting 'type' to be present"],
      [{ type: 'KILL' }, "Expecting 'framework_id' to be present"],
      [{ type: 'SUBSCRIBE' }, "Expecting 'subscribe' to be present"],
    ] as const) {
      const answer = await send(headers, encodeMessage('scheduler.Call', call), '/api/v1/scheduler');
      expect(said(answer)).toEqual([400, `${prefix}${text}`]);
    }
    const unnamed = encodeMessage('scheduler.Call', {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: { user: 'root' } },
    });
    const answer = await send(headers, unnamed, '/api/v1/scheduler');
    expect(said(answer)).toEqual([400, 'Failed to parse body into Call protobuf']);
  });
});

describe('an agent', () => {
  const record = (text: string) => `${Buffer.byteLength(text)}\n${text}`;
  const streamed = { 'Content-Type': recordIo, 'Message-Content-Type': json };
  const attach = { type: 'CONTAINER_ID', container_id: { value: 'c' } };
  const attachInput = JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: attach });
  const wantsStream = { 'Content-Type': json, Accept: recordIo };

  test('speaks protobuf, too', async () => {
    const { agent } = await startTestAgent();
    const call = encodeMessage('agent.Call', { type: 'GET_HEALTH' });
    for (const path of ['/api/v1', '/slave(1)/api/v1']) {
      const answer = await post(`${agent.url}${path}`, {
        body: call,
        headers: { 'Content-Type': protobuf, Accept: protobuf },
      });
      expect(answer).toMatchObject({ status: 200, type: protobuf });
      expect([...answer.body]).toEqual([8, 1, 18, 2, 8, 1]);
    }
  });

  test('reads the last of two lines Accept: mesos-go adds that of a stream to its first one', async () => {
    const { agent } = await startTestAgent();
    const headers = { 'Content-Type': json, Accept: [protobuf, recordIo], 'Message-Accept': protobuf };
    expect(said(await post(`${agent.url}/api/v1`, { body: health, headers }))).toEqual([
      406,
      'Streaming response is not supported for GET_HEALTH call',
    ]);
  });

  test('refuses what it cannot read or write', async () => {
    const { agent } = await startTestAgent();
    const types = `${contentType} or application/recordio`;
    for (const [status, text, headers, body] of [
      [400, noType, {}, health],
      [415, types, { 'Content-Type': 'text/plain' }, health],
      [415, types, { 'Content-Type': 'application/json; charset=utf-8' }, health],
      [
        406,
        "Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio",
        { 'Content-Type': json, Accept: 'text/html' },
        health,
      ],
      [400, 'Failed to parse body into a protobuf object', { 'Content-Type': protobuf }, health],
      [
        415,
        "Expecting 'Message-Content-Type' to be not set for non-streaming requests",
        { 'Content-Type': json, 'Message-Content-Type': json },
        health,
      ],
      [
        406,
        "Expecting 'Message-Accept' to be not set for non-streaming responses",
        { 'Content-Type': json, 'Message-Accept': json },
        health,
      ],
      [
        400,
        "Expecting 'Message-Content-Type' to be set for streaming requests",
        { 'Content-Type': recordIo },
        record(health),
      ],
      [
        415,
        "Expecting 'Message-Content-Type' of application/json or application/x-protobuf",
        { ...streamed, 'Message-Content-Type': 'text/plain' },
        record(health),
      ],
      [400, 'Received EOF while reading request body', streamed, ''],
      [400, 'Received EOF while reading request body', streamed, record(health).slice(0, -1)],
      [
        400,
        'Failed to parse body into a protobuf object',
        { ...streamed, 'Message-Content-Type': protobuf },
        record(health),
      ],
      [
        415,
        "Streaming 'Content-Type' application/recordio is not supported for GET_HEALTH call",
        streamed,
        record(health),
      ],
      [
        415,
        "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
        { 'Content-Type': json },
        attachInput,
      ],
      [
        406,
        "Expecting 'Message-Accept' to allow application/json or application/x-protobuf",
        { ...wantsStream, 'Message-Accept': 'text/html' },
        health,
      ],
      [406, 'Streaming response is not supported for GET_HEALTH call', wantsStream, health],
    ] as const) {
      expect(said(await post(`${agent.url}/api/v1`, { body, headers }))).toEqual([status, text]);
    }
    const { status, body } = await post(`${agent.url}/api/v1`, { body: `x\n${health}`, headers: streamed });
    expect([status, body.toString()]).toEqual([400, expect.stringMatching(/^Decoder failure: /)]);
  });
});
