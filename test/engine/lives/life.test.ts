import { createServer, get, request, Agent, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Life } from '../../../engine/lives/life.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { textAnswer } from '../../../engine/http/http-answer.ts';

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 10_000, interval: 5 });

function newLife(): Life {
  const life = new Life();
  onTestFinished(() => life.kill());
  return life;
}

const answering = (life: Life) =>
  life.run(() =>
    listen({ host: '127.0.0.1', port: 0, log: () => undefined, handler: ({ path }) => textAnswer(200, path) }),
  );

/** A server of nobody's, and what was asked of it. */
async function outsider() {
  const asked: string[] = [];
  const closed: string[] = [];
  let say: (text: string) => void = () => undefined;
  const server = createServer((message, response) => {
    asked.push(message.url ?? '');
    message.socket.once('close', () => closed.push(message.url ?? ''));
    if (message.url !== '/stream') {
      response.end('yes');
      return;
    }
    response.writeHead(200).write('first');
    say = (text) => response.write(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    asked,
    closed,
    say: (text: string) => {
      say(text);
    },
    port: (server.address() as AddressInfo).port,
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

const ask = (port: number, path: string, agent: Agent | false = false) =>
  new Promise<string>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (message) => void textOf(message).then(resolve, reject)).on(
      'error',
      reject,
    );
  });

/** What has come of a promise so far. */
function watched<T>(promise: Promise<T>): { readonly outcome: () => T | 'nothing' | 'failed' } {
  let outcome: T | 'nothing' | 'failed' = 'nothing';
  promise.then(
    (value) => (outcome = value),
    () => (outcome = 'failed'),
  );
  return { outcome: () => outcome };
}

test('a paused life answers nothing on connections old and new, and all of it when it goes on', async () => {
  const life = newLife();
  const server = await answering(life);
  const lasting = new Agent({ keepAlive: true });
  onTestFinished(() => {
    lasting.destroy();
  });
  expect(await ask(server.port, '/before', lasting)).toBe('/before');
  life.pause();
  const answers = [ask(server.port, '/old', lasting), ask(server.port, '/new')].map(watched);
  // Whatever is asked later of somebody else is answered before.
  const other = await answering(newLife());
  for (let turn = 0; turn < 20; turn++) await ask(other.port, '/');
  expect(answers.map(({ outcome }) => outcome())).toEqual(['nothing', 'nothing']);
  life.resume();
  await waitFor(() => {
    expect(answers.map(({ outcome }) => outcome())).toEqual(['/old', '/new']);
  });
});

test('what comes to a paused life is read when it goes on, and its timers stand still', async () => {
  const { port } = await outsider();
  const life = newLife();
  const heard: string[] = [];
  life.run(() => {
    setInterval(() => heard.push('tick'), 1);
    setTimeout(() => heard.push('late'), 2);
    const cleared = setTimeout(() => heard.push('never'), 4);
    setTimeout(() => {
      heard.push('clears');
      clearTimeout(cleared);
    }, 3);
    get({ host: '127.0.0.1', port, path: '/' }, (message) => void textOf(message).then((text) => heard.push(text)));
  });
  life.pause();
  for (let turn = 0; turn < 20; turn++) await ask(port, '/other');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard).toEqual([]);
  life.resume();
  expect(heard.slice(0, 3).toSorted()).toEqual(['clears', 'late', 'tick']);
  await waitFor(() => {
    expect(heard).toContain('yes');
  });
  expect(heard).not.toContain('never');
});

test('a killed life says nothing: its connections are reset, its port is free, its timers are gone', async () => {
  const { port, asked, closed } = await outsider();
  const life = new Life();
  const server = await answering(life);
  const heard: string[] = [];
  life.run(() => {
    setTimeout(() => heard.push('timer'), 1);
    get({ host: '127.0.0.1', port, path: '/stream' }, (message) => {
      message.on('error', () => undefined).on('data', (part: Buffer) => heard.push(part.toString()));
    });
  });
  await waitFor(() => {
    expect(heard).toContain('first');
  });
  heard.length = 0;
  await life.kill();
  life.run(() => {
    request({ host: '127.0.0.1', port, path: '/after' })
      .on('error', () => undefined)
      .end();
    setTimeout(() => heard.push('timer after'), 1);
  });
  await expect(ask(server.port, '/')).rejects.toThrow('ECONNREFUSED');
  await waitFor(() => {
    expect(closed).toEqual(['/stream']);
  });
  expect(heard).toEqual([]);
  expect(asked).toEqual(['/stream']);
});

test('a cut holds old and new connections to where it is made, and mending it lets everything through', async () => {
  const [near, far] = [await outsider(), await outsider()];
  const life = newLife();
  const lasting = new Agent({ keepAlive: true });
  onTestFinished(() => {
    lasting.destroy();
  });
  const askInLife = (port: number, path: string) => life.run(() => ask(port, path, lasting));
  expect(await askInLife(far.port, '/before')).toBe('yes');
  life.cutOff(({ port }) => port === far.port);
  const answers = [watched(askInLife(far.port, '/old')), watched(askInLife(far.port, '/new'))];
  expect(await askInLife(near.port, '/near')).toBe('yes');
  expect(await ask(far.port, '/of-others')).toBe('yes');
  expect(answers.map(({ outcome }) => outcome())).toEqual(['nothing', 'nothing']);
  life.cutOff(undefined);
  await waitFor(() => {
    expect(answers.map(({ outcome }) => outcome())).toEqual(['yes', 'yes']);
  });
});

test('the other end of a cut connection does not hear that it was given up before the cut is mended', async () => {
  const far = await outsider();
  const life = newLife();
  let isClosed: boolean | undefined;
  const asking = life.run(() =>
    get({ host: '127.0.0.1', port: far.port, path: '/stream', agent: false }, (message) => {
      isClosed = false;
      message.on('error', () => undefined).on('close', () => (isClosed = true));
    }),
  );
  await waitFor(() => {
    expect(isClosed).toBe(false);
  });
  life.cutOff(({ port }) => port === far.port);
  asking.destroy();
  await waitFor(() => {
    expect(isClosed).toBe(true);
  });
  // Nor does what it says meanwhile reach anybody.
  far.say('more');
  for (let turn = 0; turn < 20; turn++) await ask(far.port, '/of-others');
  expect(far.closed).not.toContain('/stream');
  life.cutOff(undefined);
  await waitFor(() => {
    expect(far.closed).toContain('/stream');
  });
});
