import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, askUntil, balancer, freePort, startFakeTask, startFakeTcpTask } from './balancer-support.ts';
import { fakeApp } from './fake-marathon.ts';

async function serve(task: number, mode: 'http' | 'tcp' = 'http') {
  const { marathon, component, lines } = await balancer();
  const port = await freePort();
  marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [task], mode })]);
  for (let attempt = 0; attempt < 300 && !lines.some((line) => line.includes(`${mode} for /web`)); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { marathon, component, port, url: `http://127.0.0.1:${port}` };
}

function open(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

const read = (socket: Socket) =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.once('end', () => {
      resolve(text);
    });
    socket.once('error', reject);
  });

describe('HTTP through the load balancer', () => {
  it('tells the task who asked, and does not believe what the client says of itself', async () => {
    const task = await startFakeTask((incoming, response) => response.end(JSON.stringify(incoming.rawHeaders)));
    const { url, port } = await serve(task);
    const { text } = await ask(url, {
      headers: {
        'X-Forwarded-For': '9.9.9.9',
        'X-Forwarded-Host': 'lie',
        Host: 'shop.example.com',
        Connection: 'close, X-Hop',
        'X-Hop': '1',
        'x-UPPER': 'Kept',
      },
    });
    const raw = JSON.parse(text) as string[];
    const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1] ?? ''}`] : []));
    expect(pairs).toEqual([
      'Host: shop.example.com',
      'x-UPPER: Kept',
      'X-Forwarded-For: 9.9.9.9, 127.0.0.1',
      'X-Forwarded-Host: shop.example.com',
      `X-Forwarded-Port: ${port}`,
      'X-Forwarded-Proto: http',
      'Connection: close',
    ]);
  });

  it('passes method, target, body, status and repeated headers as they are', async () => {
    const task = await startFakeTask((incoming, response) => {
      let body = '';
      incoming.on('data', (part: Buffer) => (body += part.toString()));
      incoming.once('end', () => {
        response.writeHead(418, 'Short And Stout', [
          ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
          ...['X-Seen', `${incoming.method ?? ''} ${incoming.url ?? ''}`],
        ]);
        response.end(body);
      });
    });
    const { url } = await serve(task);
    const answer = await ask(`${url}/a%20b/?q=%2F&x`, { method: 'PATCH' }, 'the body');
    expect(answer).toMatchObject({ status: 418, text: 'the body' });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers['x-seen']).toBe('PATCH /a%20b/?q=%2F&x');
    expect((await ask(url, { method: 'DELETE', headers: { 'Transfer-Encoding': 'chunked' } }, 'gone')).text).toBe(
      'gone',
    );
    const head = await ask(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 418, text: '' });
  });

  it('streams both ways: parts arrive before the rest is sent', async () => {
    const task = await startFakeTask((incoming, response) => {
      incoming.on('data', (part: Buffer) => response.write(part.toString().toUpperCase()));
      incoming.once('end', () => response.end('!'));
    });
    const { port } = await serve(task);
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', agent: false });
    outgoing.write('one ');
    const incoming = await new Promise<import('node:http').IncomingMessage>((resolve) =>
      outgoing.once('response', resolve),
    );
    const parts = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    expect(String((await parts.next()).value)).toBe('ONE ');
    outgoing.write('two ');
    expect(String((await parts.next()).value)).toBe('TWO ');
    outgoing.end();
    expect(String((await parts.next()).value)).toBe('!');
  });

  it('passes large bodies whole', async () => {
    const body = randomBytes(4_000_000).toString('base64');
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    const task = await startFakeTask((incoming, response) => incoming.pipe(response));
    const { url } = await serve(task);
    expect(digest((await ask(url, { method: 'POST' }, body)).text)).toBe(digest(body));
  });

  it('joins a client and a task that agree on another protocol', async () => {
    const task = await startFakeTcpTask((socket) => {
      socket.once('data', (head: Buffer) => {
        const asked = /^Upgrade: websocket$/im.test(head.toString()) && /^Connection: Upgrade$/im.test(head.toString());
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n${String(asked)}`,
        );
        socket.on('data', (frame: Buffer) => socket.write(`<${frame.toString()}>`));
      });
    });
    const { port } = await serve(task);
    const socket = open(port);
    const chunks: string[] = [];
    socket.on('data', (part: Buffer) => chunks.push(part.toString()));
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await expect.poll(() => chunks.join('')).toContain('\r\n\r\ntrue');
    socket.write('frame');
    await expect.poll(() => chunks.join('')).toContain('<frame>');
  });

  it('answers 503 to an upgrade when there is no task', async () => {
    const { marathon, port, url } = await serve(await freePort());
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [] })]);
    await askUntil(url, ({ status }) => status === 503);
    const socket = open(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await read(socket)).toMatch(/^HTTP\/1.1 503 /);
  });

  it('answers 502 when the task hangs up without an answer, and breaks off when the task does', async () => {
    const mute = await startFakeTcpTask((socket) => {
      socket.once('data', () => socket.destroy());
    });
    expect((await ask((await serve(mute)).url)).status).toBe(502);
    const broken = await startFakeTcpTask((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      });
    });
    await expect(ask((await serve(broken)).url)).rejects.toThrow();
  });

  it('ends the request to the task when the client goes', async () => {
    let gone = false;
    const task = await startFakeTask((incoming, response) => {
      response.write('x');
      incoming.socket.once('close', () => (gone = true));
    });
    const { url, component } = await serve(task);
    const outgoing = request(url, { agent: false }, (incoming) => {
      incoming.on('error', () => undefined);
      outgoing.destroy();
    });
    outgoing.on('error', () => undefined);
    outgoing.end();
    await expect.poll(() => gone).toBe(true);
    await expect
      .poll(async () => (await ask(`${component.url}/haproxy?stats;csv`)).text.split('\n')[2]?.split(',')[4])
      .toBe('0');
  });

  it('serves a client of HTTP/1.0 that names no host', async () => {
    const task = await startFakeTask((incoming, response) => response.end(incoming.headers.host));
    const { port } = await serve(task);
    const socket = open(port);
    socket.write('GET / HTTP/1.0\r\n\r\n');
    expect(await read(socket)).toMatch(new RegExp(`\r\n\r\n127\\.0\\.0\\.1:${port}$`));
  });
});

describe('TCP through the load balancer', () => {
  it('passes bytes both ways and keeps half-closed connections open', async () => {
    const task = await startFakeTcpTask((socket) => {
      let text = '';
      socket.on('data', (part: Buffer) => (text += part.toString()));
      socket.once('end', () => socket.end(`after the end: ${text}`));
    });
    const { port } = await serve(task, 'tcp');
    const socket = open(port);
    socket.end('question');
    expect(await read(socket)).toBe('after the end: question');
  });

  it('takes tasks in turn, connection by connection', async () => {
    const { marathon } = await balancer();
    const port = await freePort();
    const speak = (word: string) => startFakeTcpTask((socket) => socket.end(word));
    marathon.set([fakeApp({ id: '/db', servicePort: port, tasks: [await speak('a'), await speak('b')], mode: 'tcp' })]);
    const answer = () =>
      read(open(port)).catch(async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return '';
      });
    await expect.poll(answer).not.toBe('');
    const answers = [await answer(), await answer(), await answer(), await answer()];
    expect(answers.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('closes the connection when no task takes it', async () => {
    const { port } = await serve(await freePort(), 'tcp');
    const socket = open(port);
    const text = await read(socket).catch(() => '');
    expect(text).toBe('');
  });
});
