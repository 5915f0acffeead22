import { writeFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:http';
import { get as getSecurely } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { testLab } from './lab-process.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const name = 'shop.example.com';

/** Asks a load balancer on this machine by the name of a virtual host. */
function ask(port: number, options: RequestOptions & { readonly secure?: boolean } = {}) {
  const { secure = false, ...more } = options;
  const to = { host: '127.0.0.1', port, agent: false, headers: { Host: name }, ...more };
  return new Promise<{ readonly status: number; readonly location: string; readonly text: string }>(
    (resolve, reject) => {
      const request = secure ? getSecurely({ ...to, servername: name, rejectUnauthorized: false }) : get(to);
      request.once('error', reject).once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.once('end', () => {
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', text });
        });
      });
    },
  );
}

describe('virtual hosts of a lab without Docker', () => {
  it('are served where the spec publishes them, over TLS too, and status names the labels that are not honoured', async () => {
    const [plain, secure, byId] = [await freePort(), await freePort(), await freePort()];
    const lab = await testLab(`  virtual-hosts: ${plain}\n  virtual-hosts-tls: ${secure}\n  app-ids: ${byId}\n`);
    const up = await lab.run('up');
    expect(up.status).toBe(0);
    const server =
      'require("http").createServer((q, a) => a.end(q.headers["x-forwarded-proto"])).listen(process.env.PORT0, "127.0.0.1")';
    const shop = {
      id: '/shop',
      cmd: `${process.execPath} -e '${server}'`,
      cpus: 0.1,
      mem: 32,
      constraints: [['hostname', 'LIKE', '127.0.0.1']],
      portDefinitions: [{ port: lab.ports.services }],
      labels: {
        HAPROXY_GROUP: 'external',
        HAPROXY_0_VHOST: `${name},www.example.com`,
        HAPROXY_0_REDIRECT_TO_HTTPS: 'true',
        HAPROXY_0_SSL_CERT: '/etc/ssl/cert.pem',
      },
    };
    writeFileSync(join(lab.directory, 'apps/shop.json'), JSON.stringify(shop));
    expect((await lab.run('deploy', 'apps/shop.json', '--wait')).status).toBe(0);
    // The load balancer hears of it a moment after Marathon.
    await vi.waitFor(async () => {
      expect((await ask(secure, { secure: true })).text).toBe('https');
    }, 20_000);
    expect(await ask(plain, { path: '/cart?x=1' })).toMatchObject({
      status: 301,
      location: `https://${name}:${secure}/cart?x=1`,
    });
    expect(await ask(byId, { headers: { 'X-Marathon-App-Id': '/shop' } })).toMatchObject({ status: 200, text: 'http' });
    expect((await lab.run('status')).stdout).toContain('not honoured: HAPROXY_0_SSL_CERT (service ports speak no TLS)');
    expect((await lab.run('logs', 'marathon-lb')).stdout).toContain('labels of /shop that are not honoured');
  });
});
