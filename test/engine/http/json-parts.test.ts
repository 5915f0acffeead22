import fc from 'fast-check';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { listen, type HttpServer } from '../../../engine/http/http-server.ts';
import { jsonPartsAnswer, listOf, objectOf } from '../../../engine/http/json-parts.ts';
import { fetchRaw } from '../scheduler-client.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

async function serve(value: () => unknown): Promise<string> {
  const handler = () => jsonPartsAnswer(200, value());
  const server = await listen({ host: '127.0.0.1', port: 0, handler, log: () => undefined });
  servers.push(server);
  return server.url;
}

/** The same value in parts. */
function inParts(value: unknown): unknown {
  if (Array.isArray(value)) return listOf(value, inParts);
  return typeof value === 'object' && value !== null ? objectOf(value as Readonly<Record<string, unknown>>) : value;
}

function bodyOf(value: unknown): unknown {
  const answer = jsonPartsAnswer(200, value);
  return 'body' in answer ? answer.body : undefined;
}

test('what is made in parts is, byte for byte, what JSON.stringify makes of the whole', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(bodyOf(inParts(value))).toBe(JSON.stringify(value));
    }),
  );
  expect(bodyOf(objectOf({ a: undefined, b: listOf([undefined, 1], (each) => each) }))).toBe('{"b":[null,1]}');
});

test('a small answer is sent at once, with its length', async () => {
  const url = await serve(() => objectOf({ list: listOf([1, 2], (each) => ({ each })) }));
  const { headers, body } = await fetchRaw(url);
  expect(headers['content-length']).toBe(String(body.length));
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual({ list: [{ each: 1 }, { each: 2 }] });
});

test('a large one is made while it is sent, and others are answered meanwhile', async () => {
  let made = 0;
  const items = Array.from({ length: 20_000 }, (_, index) => index);
  const large = objectOf({
    list: listOf(items, (index) => {
      made += 1;
      return { index, text: 'x'.repeat(100) };
    }),
  });
  const madeAt: number[] = [];
  const server = await listen({
    ...{ host: '127.0.0.1', port: 0, log: () => undefined },
    handler: ({ path }) => {
      if (path === '/large') return jsonPartsAnswer(200, large);
      madeAt.push(made);
      return { status: 200 };
    },
  });
  servers.push(server);
  const whole = fetchRaw(`${server.url}/large`);
  while (made < items.length) await fetchRaw(`${server.url}/other`);
  expect(JSON.parse((await whole).body).list).toHaveLength(items.length);
  expect(madeAt.some((count) => count > 0 && count < items.length)).toBe(true);
});

test('no more is made than a slow client takes, and it gets all of it in the end', async () => {
  let made = 0;
  const items = Array.from({ length: 40_000 }, (_, index) => index);
  const url = await serve(() =>
    listOf(items, () => {
      made += 1;
      return 'x'.repeat(1000);
    }),
  );
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false }, resolve).on('error', reject).end();
  });
  response.pause();
  let before = -1;
  // Until nothing more fits into what is between here and there.
  while (before < made) {
    before = made;
    for (let count = 0; count < 10; count += 1) await fetchRaw(url, { headers: { Host: 'foreign' } });
  }
  expect(made).toBeLessThan(items.length);
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  expect(JSON.parse(Buffer.concat(parts).toString())).toHaveLength(items.length);
});
