import { describe, expect, it, onTestFinished } from 'vitest';
import { clusterClient, describeAnswer } from '../../checks/cluster-client.ts';
import { startFakeServer } from '../support/fake-server.ts';

const { signal } = new AbortController();

describe('the client of a cluster', () => {
  it('follows a standby master to the leader, by the name that the cluster has for it, with the body', async () => {
    const leader = await startFakeServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.once('end', () => response.end(JSON.stringify({ url: request.url, method: request.method, body })));
    });
    const standby = await startFakeServer((_, response) => {
      response.writeHead(307, { Location: '//master1:5050/master/api/v1?x=1' }).end();
    });
    const client = clusterClient({ 'master1:5050': leader });
    const answer = await client.ask(`${standby}/api/v1`, signal, { method: 'POST', body: { type: 'GET_STATE' } });
    expect(answer.url).toBe(`${leader}/master/api/v1?x=1`);
    expect(answer.json).toEqual({ url: '/master/api/v1?x=1', method: 'POST', body: '{"type":"GET_STATE"}' });
    expect((await client.ask(standby, signal, { followRedirects: false })).status).toBe(307);
  });

  it('gives up a circle of redirects', async () => {
    const url = await startFakeServer((_, response) => response.writeHead(307, { Location: '/again' }).end());
    expect((await clusterClient().ask(url, signal)).status).toBe(307);
  });

  it('asks many at once without a warning of Node.js', async () => {
    const url = await startFakeServer((_, response) => response.end());
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    onTestFinished(() => void process.off('warning', hear));
    const { signal: fresh } = new AbortController();
    await Promise.all(Array.from({ length: 20 }, () => clusterClient().ask(url, fresh)));
    expect(warnings).toEqual([]);
  });

  it('uses a connection of its own for each request', async () => {
    const ports = new Set<number | undefined>();
    const url = await startFakeServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    for (let request = 0; request < 3; request++) await clusterClient().ask(url, signal);
    expect(ports.size).toBe(3);
  });

  it('knows machines by host and port, or by host', () => {
    const client = clusterClient({ 'agent1:5051': 'http://127.0.0.1:5053/', agent1: '127.0.0.1' });
    expect(client.urlFor('agent1:5051')).toBe('http://127.0.0.1:5053');
    expect(client.urlFor('agent1:31000')).toBe('http://127.0.0.1:31000');
    expect(client.urlFor('10.0.0.5:5051')).toBe('http://10.0.0.5:5051');
    expect(client.urlFor('constructor:1')).toBe('http://constructor:1');
  });

  it('says why there is no answer', async () => {
    const url = await startFakeServer(() => undefined);
    const client = clusterClient();
    await expect(client.ask(url, signal, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: `${url}: no answer within 0.05 s`,
    });
    await expect(client.ask('http://127.0.0.1:1/', signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const endless = await startFakeServer((_, response) => response.end('x'.repeat(2000)));
    await expect(client.ask(endless, signal, { maxBytes: 1000 })).rejects.toThrow(/more than 1000 bytes/);
    const broken = await startFakeServer((_, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('abc', () => response.destroy());
    });
    await expect(client.ask(broken, signal)).rejects.toThrow(broken);
  });

  it('stops at once when the signal aborts, before and during a request', async () => {
    const url = await startFakeServer(() => undefined);
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    const running = clusterClient().ask(url, controller.signal);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(clusterClient().ask(url, controller.signal)).rejects.toBe(reason);
  });

  it('shows answers on one line', async () => {
    const url = await startFakeServer((_, response) => response.writeHead(503).end(`a\n  b ${'c'.repeat(500)}`));
    const text = describeAnswer(await clusterClient().ask(url, signal));
    expect(text).toMatch(/^503 a b c+…$/);
    expect(text.length).toBeLessThan(180);
  });
});
