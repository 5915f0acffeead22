import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { request, type RequestOptions } from 'node:https';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../engine/load-balancer/tls/self-signed.ts';
import {
  ask,
  balancer,
  freePort,
  namedTask,
  startFakeTask,
  startFakeTcpTask,
  type Answer,
} from './balancer-support.ts';
import { fakeApp } from './fake-marathon.ts';

const shop = (more: Readonly<Record<string, string>> = {}) => ({
  HAPROXY_GROUP: 'external',
  HAPROXY_0_VHOST: 'Shop.example.com,www.example.com',
  ...more,
});

/** Apps by their labels, behind the ports of virtual hosts. */
async function serve(
  apps: Readonly<Record<string, { labels: Readonly<Record<string, string>>; task: number }>>,
  certificates: readonly string[] = [],
) {
  const [virtualHosts, secureVirtualHosts] = [await freePort(), await freePort()];
  const { marathon, log } = await balancer({ frontPorts: { virtualHosts, secureVirtualHosts, certificates } });
  const all = [];
  for (const [id, { labels, task }] of Object.entries(apps)) {
    all.push(fakeApp({ id, servicePort: await freePort(), tasks: [task], labels }));
  }
  marathon.set(all);
  for (const id of Object.keys(apps)) await expect.poll(log).toContain(`http for ${id}`);
  const plain = (path: string, host: string) =>
    ask(`http://127.0.0.1:${virtualHosts}${path}`, { headers: { Host: host } });
  const secure = (path: string, servername: string, options: RequestOptions = {}) =>
    askSecurely(secureVirtualHosts, path, { servername, headers: { Host: servername }, ...options });
  return { plain, secure, virtualHosts, secureVirtualHosts, log };
}

function askSecurely(port: number, path: string, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false };
    const outgoing = request({ ...to, ...options }, (incoming) => {
      let text = '';
      incoming.on('data', (part: Buffer) => (text += part.toString()));
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.once('error', reject).end();
  });
}

function shownAt(port: number, servername: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** As openssl makes it, for a name; the key before the certificate, as some do. */
function madeByOpenssl(name: string): string {
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-days', '2', '-keyout', '-'];
  return execFileSync('openssl', [...words, '-out', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('HTTPS at the load balancer', () => {
  it('serves virtual hosts by the name in TLS, and tells the task so', async () => {
    const task = await startFakeTask((incoming, response) => response.end(JSON.stringify(incoming.headers)));
    const { secure, secureVirtualHosts, plain, virtualHosts } = await serve({ '/web': { labels: shop(), task } });
    const answer = await secure('/', 'www.example.com');
    expect(JSON.parse(answer.text)).toMatchObject({
      host: 'www.example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(secureVirtualHosts),
      'x-forwarded-proto': 'https',
    });
    expect(JSON.parse((await plain('/', 'shop.example.com')).text)).toMatchObject({
      'x-forwarded-port': String(virtualHosts),
      'x-forwarded-proto': 'http',
    });
    const other = { headers: { Host: 'shop.example.com' } };
    expect((await secure('/', 'other.example.com', other)).status).toBe(503);
    expect((await askSecurely(secureVirtualHosts, '/', { ...other, servername: '' })).status).toBe(503);
  });

  it('sends clients to HTTPS with 301, for the paths of the app that wants it (REDIRECT_TO_HTTPS)', async () => {
    const { plain, secure, secureVirtualHosts } = await serve({
      '/web': { labels: shop(), task: await namedTask('web') },
      '/pay': {
        labels: shop({ HAPROXY_0_PATH: '/pay', HAPROXY_0_REDIRECT_TO_HTTPS: 'true' }),
        task: await namedTask('pay'),
      },
      '/old': {
        labels: { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'old.example.com', HAPROXY_0_REDIRECT_TO_HTTPS: 'T' },
        task: await namedTask('old'),
      },
    });
    const moved = await plain('/pay/now?x=1', 'shop.example.com:8000');
    expect([moved.status, moved.headers.location]).toEqual([
      301,
      `https://shop.example.com:${secureVirtualHosts}/pay/now?x=1`,
    ]);
    expect((await plain('/', 'shop.example.com')).text).toBe('web');
    expect((await plain('/', 'old.example.com')).status).toBe(301);
    expect((await secure('/pay/now', 'shop.example.com')).text).toBe('pay');
    expect((await secure('/', 'old.example.com')).text).toBe('old');
  });

  it('shows a certificate that it made for any name when none was given', async () => {
    const { secureVirtualHosts } = await serve({ '/web': { labels: shop(), task: await namedTask('web') } });
    const { subject, raw } = await shownAt(secureVirtualHosts, 'shop.example.com');
    const certificate = new X509Certificate(raw);
    expect(subject.CN).toBe('*');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  });

  it('shows of several certificates the one that has the name, else the first', async () => {
    const certificates = [madeByOpenssl('first.example.com'), madeByOpenssl('*.example.org')];
    const { secureVirtualHosts } = await serve(
      { '/web': { labels: shop(), task: await namedTask('web') } },
      certificates,
    );
    const name = async (host: string) => (await shownAt(secureVirtualHosts, host)).subject.CN;
    expect(await name('shop.example.org')).toBe('*.example.org');
    expect(await name('first.example.com')).toBe('first.example.com');
    expect(await name('shop.example.com')).toBe('first.example.com');
  });

  it('is only logged when its certificate is none', async () => {
    const { plain, log } = await serve({ '/web': { labels: shop(), task: await namedTask('web') } }, [
      'no certificate',
    ]);
    expect(log()).toMatch(/port \d+ \(virtual hosts over TLS\) is not served: /);
    expect((await plain('/', 'shop.example.com')).text).toBe('web');
  });

  it('passes WebSockets', async () => {
    const task = await startFakeTcpTask((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        socket.on('data', (frame: Buffer) => socket.write(`<${frame.toString()}>`));
      });
    });
    const { secureVirtualHosts } = await serve({ '/web': { labels: shop(), task } });
    const socket = connect({
      ...{ host: '127.0.0.1', port: secureVirtualHosts, servername: 'shop.example.com', rejectUnauthorized: false },
    });
    const parts: string[] = [];
    socket.on('data', (part: Buffer) => parts.push(part.toString()));
    socket.write('GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await expect.poll(() => parts.join('')).toContain('101 Switching');
    socket.write('frame');
    await expect.poll(() => parts.join('')).toContain('<frame>');
    socket.destroy();
  });
});

describe('a certificate of our own', () => {
  it('is one by openssl’s reading', () => {
    const pem = selfSigned(Date.now());
    const text = execFileSync('openssl', ['x509', '-noout', '-subject', '-text'], { input: pem, encoding: 'utf8' });
    expect(text).toMatch(/subject=CN = \*/);
    expect(text).toContain('Version: 1 (0x0)');
  });
});
