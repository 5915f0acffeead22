import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpError, jsonAnswer, type HttpAnswer, type Sink } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { listen, type HttpServer } from '../../../engine/http/http-server.ts';
import { rawAnswer } from '../../support/raw-answer.ts';
import { fetchRaw } from '../scheduler-client.ts';

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

async function serve(
  handler: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer,
  log: (line: string) => void = () => undefined,
): Promise<HttpServer> {
  const server = await listen({ host: '127.0.0.1', port: 0, handler, log, names: ['node1'], maxBodyBytes: 1000 });
  servers.push(server);
  return server;
}

const echo = async (request: HttpRequest) => jsonAnswer(200, await request.json());
const fine = () => ({ status: 200, body: 'fine' });

describe('requests of foreign pages', () => {
  const host = (value: string) => ({ headers: { Host: value } });

  test.each(['127.0.0.1:80', 'localhost', '[::1]:5050', 'node1:5050', 'NODE1'])('Host %s is ours', async (value) => {
    const { url } = await serve(fine);
    expect((await fetchRaw(url, host(value))).status).toBe(200);
  });

  test.each(['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test:80', '10.0.0.1'])(
    'Host %j is foreign',
    async (value) => {
      const { url } = await serve(fine);
      expect((await fetchRaw(url, host(value))).status).toBe(403);
    },
  );

  test.each(['http://evil.test', 'null', 'http://127.0.0.1:1', 'http://localhost:3000'])(
    'Origin %s is foreign',
    async (origin) => {
      const { url } = await serve(fine);
      expect((await fetchRaw(url, { headers: { Origin: origin } })).status).toBe(403);
    },
  );

  const raw = async (head: string) => {
    const { port } = await serve(fine);
    return (await rawAnswer('127.0.0.1', port, head)).split('\r\n', 1)[0];
  };

  // As recorded from a real master.
  test.each(['HTTP/1.0', 'HTTP/1.1'])(
    'a request of %s without Host is answered: no browser sends one',
    async (version) => {
      expect(await raw(`GET / ${version}\r\nConnection: close\r\n\r\n`)).toBe('HTTP/1.1 200 OK');
    },
  );

  test.each(['Host: \r\n', 'Host: evil.test\r\n', 'Origin: http://evil.test\r\n'])(
    'HTTP/1.0 is no way around: %j',
    async (header) => {
      expect(await raw(`GET / HTTP/1.0\r\n${header}\r\n`)).toBe('HTTP/1.1 403 Forbidden');
    },
  );

  test('pages that the server gave out itself may call it', async () => {
    const { url } = await serve(fine);
    expect((await fetchRaw(url, { headers: { Origin: url } })).status).toBe(200);
  });
});

describe('bodies', () => {
  test('are JSON', async () => {
    const { url } = await serve(echo);
    expect(await fetchRaw(url, { body: { a: [1] } })).toMatchObject({ status: 200, body: '{"a":[1]}' });
  });

  test('that do not parse are refused', async () => {
    const { url } = await serve(echo);
    expect((await fetchRaw(url, { body: '{a' })).status).toBe(400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', ''])('of type %j are refused', async (type) => {
    const { url } = await serve(echo);
    const answer = await fetchRaw(url, { body: '{}', headers: { 'Content-Type': type } });
    expect(answer).toMatchObject({ status: 415, body: "Expecting 'Content-Type' of application/json" });
  });

  test('larger than the bound are refused, announced or not', async () => {
    const { url } = await serve(echo);
    const body = JSON.stringify('x'.repeat(2000));
    expect((await fetchRaw(url, { body })).status).toBe(413);
    expect((await fetchRaw(url, { body, headers: { 'Transfer-Encoding': 'chunked' } })).status).toBe(413);
  });
});

describe('errors', () => {
  test('that a handler throws on purpose are its answer', async () => {
    const { url } = await serve(() => {
      throw new HttpError(409, 'locked', { 'X-Why': 'test' });
    });
    const answer = await fetchRaw(url);
    expect(answer).toMatchObject({ status: 409, body: 'locked' });
    expect(answer.headers['x-why']).toBe('test');
  });

  test('that it did not expect are logged, and not told', async () => {
    const log: string[] = [];
    const { url } = await serve(
      () => {
        throw new Error('secret');
      },
      (line) => log.push(line),
    );
    expect(await fetchRaw(url)).toMatchObject({ status: 500, body: 'Internal server error' });
    expect(log.join()).toContain('secret');
  });

  test('in the path are refused', async () => {
    const { url } = await serve(fine);
    expect((await fetchRaw(`${url}/%zz`)).status).toBe(400);
    expect((await fetchRaw(`${url}/%00`)).status).toBe(400);
  });

  test('a taken port is the error of the system', async () => {
    const { port } = await serve(fine);
    const second = listen({ host: '127.0.0.1', port, handler: fine, log: () => undefined });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('streams', () => {
  test('go on until they are ended', async () => {
    const { url } = await serve(() => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain' },
      stream: (sink) => {
        sink.write('one ');
        setImmediate(() => {
          sink.write('two');
          sink.end();
        });
      },
    }));
    expect((await fetchRaw(url)).body).toBe('one two');
  });

  test('a client that reads nothing loses its connection, once too much waits for it', async () => {
    let sink: Sink | undefined;
    const { port } = await serve(() => ({
      status: 200,
      headers: {},
      maxBufferedBytes: 100_000,
      stream: (opened) => {
        sink = opened;
      },
    }));
    const client = connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    client.pause();
    while (sink === undefined) await new Promise(setImmediate);
    const closed = new Promise<void>((resolve) => sink?.onClose(resolve));
    for (let round = 0; sink.write('x'.repeat(10_000)); round += 1) {
      expect(round).toBeLessThan(100_000);
      await new Promise(setImmediate);
    }
    await closed;
    expect(sink.write('more')).toBe(false);
    client.destroy();
  });

  test('end when the server closes, which may be told twice', async () => {
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const server = await serve(() => ({
      status: 200,
      headers: {},
      stream: (sink) => {
        sink.write('begun');
        begin();
      },
    }));
    const answer = fetchRaw(server.url);
    await begun;
    await Promise.all([server.close(), server.close()]);
    await expect(answer).rejects.toThrow();
  });

  test('tell a handler that its client went', async () => {
    let aborted: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (aborted = resolve));
    const { port } = await serve(async ({ signal }) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
        client.destroy();
      });
      aborted?.();
      return { status: 200 };
    });
    const client = connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await gone;
  });
});
