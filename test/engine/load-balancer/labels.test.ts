import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, balancer, freePort, namedTask, startFakeTask } from './balancer-support.ts';
import { fakeApp } from './fake-marathon.ts';

type Labels = Readonly<Record<string, string>>;

/** An app with these labels on a service port and on a port of virtual hosts. */
async function serve(labels: Labels, tasks: readonly number[], mode: 'http' | 'tcp' = 'http') {
  const virtualHosts = await freePort();
  const { marathon, log, component } = await balancer({ frontPorts: { virtualHosts } });
  const port = await freePort();
  const set = (more: Labels) => {
    marathon.set([
      fakeApp({ id: '/web', servicePort: port, tasks, mode, labels: { HAPROXY_GROUP: 'external', ...more } }),
    ]);
  };
  set(labels);
  await expect.poll(log).toContain(`${mode} for /web`);
  const at = (path: string, headers: Labels = {}, through = port) =>
    ask(`http://127.0.0.1:${through}${path}`, { headers: { Host: 'shop.example.com', ...headers } });
  return { at, log, port, virtualHosts, set, component };
}

/** Says what it was asked. */
const echo = () =>
  startFakeTask((incoming, response) => {
    response.end(JSON.stringify({ url: incoming.url, ...incoming.headers }));
  });
const seen = (text: string) => JSON.parse(text) as Labels;
const cookieOf = (port: number) => createHash('sha1').update(`127_0_0_1_${port}`).digest('hex').slice(0, 10);

describe('labels of marathon-lb in the load balancer', () => {
  it('keep a client at its server by a cookie that the task never sees (STICKY)', async () => {
    const tasks = [await echo(), await echo(), await echo()];
    const { at } = await serve({ HAPROXY_0_STICKY: 'true' }, tasks);
    const first = await at('/');
    const [set = ''] = first.headers['set-cookie'] ?? [];
    const value = /^mesosphere_server_id=([\da-f]{10}); path=\/$/.exec(set)?.[1] ?? '';
    expect(tasks.map(cookieOf)).toContain(value);
    expect(first.headers['cache-control']).toBe('private');
    for (let request = 0; request < 4; request++) {
      const again = await at('/', { Cookie: `a=1; mesosphere_server_id=${value}; b=2` });
      expect(again.headers['set-cookie']).toBeUndefined();
      expect(again.headers['cache-control']).toBeUndefined();
      expect(seen(again.text)).toMatchObject({ cookie: 'a=1; b=2' });
    }
    const strange = await at('/', { Cookie: 'mesosphere_server_id=0000000000' });
    expect(strange.headers['set-cookie']).toHaveLength(1);
    expect(seen(strange.text)).not.toHaveProperty('cookie');
  });

  it('leave an answer that no cache keeps as it is (STICKY)', async () => {
    const task = await startFakeTask((_, response) => {
      response.setHeader('Cache-Control', 'no-store');
      response.end();
    });
    const { at } = await serve({ HAPROXY_0_STICKY: 'true' }, [task]);
    const { headers } = await at('/');
    expect([headers['set-cookie']?.length, headers['cache-control']]).toEqual([1, 'no-store']);
  });

  it('set the cookie anew when the server is gone', async () => {
    const [gone, there] = [await freePort(), await echo()];
    const { at } = await serve({ HAPROXY_0_STICKY: 'yes' }, [gone, there]);
    const answer = await at('/', { Cookie: `mesosphere_server_id=${cookieOf(gone)}` });
    expect(answer.headers['set-cookie']).toEqual([`mesosphere_server_id=${cookieOf(there)}; path=/`]);
  });

  it('take servers by BALANCE: the first, the same for an address, the least busy', async () => {
    const tasks = [await namedTask('a'), await namedTask('b'), await namedTask('c')] as const;
    const many = async (balance: string) => {
      const { at } = await serve({ HAPROXY_0_BALANCE: balance }, tasks);
      return new Set([(await at('/')).text, (await at('/')).text, (await at('/')).text]).size;
    };
    expect(await many('first')).toBe(1);
    expect(await many('source')).toBe(1);
    expect(await many('static-rr')).toBe(3);
    let finish: (() => void) | undefined;
    const busy = await startFakeTask((_, response) => {
      response.write('busy');
      finish = () => response.end();
    });
    const { at } = await serve({ HAPROXY_0_BALANCE: 'leastconn' }, [busy, tasks[0]]);
    const texts: Promise<unknown>[] = [];
    while (finish === undefined) {
      texts.push(at('/'));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let request = 0; request < 4; request++) expect((await at('/')).text).toBe('a');
    finish();
    await Promise.all(texts);
  });

  it('tell browsers to come by HTTPS (USE_HSTS)', async () => {
    const { at } = await serve({ HAPROXY_0_USE_HSTS: 'true' }, [await namedTask('a')]);
    expect((await at('/')).headers['strict-transport-security']).toBe('max-age=15768000');
  });

  it('let in only the networks that are listed, in HTTP and TCP', async () => {
    const acl = 'HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL';
    const task = await namedTask('a');
    const { at, set } = await serve({ [acl]: '10.1.40.0/24 127.0.0.0/8' }, [task]);
    expect((await at('/')).text).toBe('a');
    set({ [acl]: '10.1.40.0/24 10.1.55.43' });
    await expect.poll(async () => (await at('/')).status).toBe(403);
    const { at: byTcp } = await serve({ [acl]: '10.1.40.0/24' }, [task], 'tcp');
    await expect(byTcp('/')).rejects.toThrow();
  });

  it('ask for a password at virtual hosts, as marathon-lb does: not at the service port (AUTH)', async () => {
    // Of the password `geheim`.
    const hash = '$5$x$fdwVDAMXlk8zh6tXcbhm3zDCYL9mXaYJTLY3mzmn0W0';
    const vhost = { HAPROXY_0_VHOST: 'shop.example.com' };
    const { at, virtualHosts, set, log } = await serve({ ...vhost, HAPROXY_0_AUTH: `The shop:me:${hash}` }, [
      await namedTask('a'),
    ]);
    const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const front = async (headers: Labels = {}) => at('/', headers, virtualHosts);
    const refused = await front();
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="The shop"']);
    expect((await front(basic('me:wrong'))).status).toBe(401);
    expect((await front(basic('you:geheim'))).status).toBe(401);
    for (let request = 0; request < 2; request++) expect((await front(basic('me:geheim'))).text).toBe('a');
    expect((await at('/')).text).toBe('a');
    set({ ...vhost, HAPROXY_0_AUTH: 'The shop:me:geheim' });
    await expect.poll(log).toContain('labels of /web that are not honoured: HAPROXY_0_AUTH (');
    await expect.poll(async () => (await front(basic('me:geheim'))).status).toBe(401);
  });

  it('rewrite paths, the Host and where answers lead (PROXYPASS, REVPROXY, REDIR)', async () => {
    const task = await startFakeTask((incoming, response) => {
      const { url = '', headers } = incoming;
      response.setHeader(
        'Location',
        url.startsWith('/away') ? 'http://other.example.com/' : 'http://shop.example.com:81/x',
      );
      response.end(`${headers.host ?? ''} ${url}`);
    });
    const labels = {
      HAPROXY_0_VHOST: 'shop.example.com,www.example.com',
      HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH: '/old/path',
      HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH: '/my/content',
    };
    const { at, set } = await serve(labels, [task]);
    const answer = await at('/Old/path/cart?x=1', { Host: 'www.example.com' });
    expect([answer.text, answer.headers.location]).toEqual(['shop.example.com /cart?x=1', '/my/content']);
    expect((await at('/away')).headers.location).toBe('http://other.example.com/');
    set({ HAPROXY_0_VHOST: 'shop.example.com', HAPROXY_0_HTTP_BACKEND_REDIR: '/my/content' });
    await expect.poll(async () => (await at('/')).status).toBe(301);
    expect((await at('/?x=1')).headers.location).toBe('/my/content');
    expect((await at('/', { Host: 'other.example.com' })).text).toBe('other.example.com /');
    expect((await at('/cart')).text).toBe('shop.example.com /cart');
  });

  it('may hold what no header of Node holds, and the load balancer serves on', async () => {
    const task = await startFakeTask((_, response) => {
      response.setHeader('Location', '/x');
      response.end('a');
    });
    const vhost = { HAPROXY_0_VHOST: 'shop.example.com' };
    const { at, set, virtualHosts } = await serve({ ...vhost, HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH: '/€' }, [task]);
    expect((await at('/')).headers.location).toBe('/%e2%82%ac');
    set({ ...vhost, HAPROXY_0_HTTP_BACKEND_REDIR: '/€\r\nX: y' });
    await expect.poll(async () => (await at('/')).status).toBe(301);
    expect((await at('/')).headers.location).toBe('/%e2%82%ac%0d%0aX: y');
    set({ ...vhost, HAPROXY_0_AUTH: '日本 "x":me:$5$x$fdwVDAMXlk8zh6tXcbhm3zDCYL9mXaYJTLY3mzmn0W0' });
    const front = () => at('/', {}, virtualHosts);
    await expect.poll(async () => (await front()).status).toBe(401);
    expect((await front()).headers['www-authenticate']).toBe('Basic realm=" x"');
  });

  it('are named in the log when they are not honoured: once, and only of apps that are served', async () => {
    const labels = { HAPROXY_0_SSL_CERT: '/etc/ssl/cert.pem', HAPROXY_0_BALANCE: 'uri' };
    const { log, set, at } = await serve(labels, [await namedTask('a')]);
    const said = () => log().match(/labels of \/web that are not honoured: [^\n]*/g) ?? [];
    expect(said()).toEqual([
      'labels of /web that are not honoured: HAPROXY_0_BALANCE (allowed is roundrobin, static-rr, leastconn, first, ' +
        'source), HAPROXY_0_SSL_CERT (service ports speak no TLS)',
    ]);
    set({ ...labels, owner: 'me' });
    set({ HAPROXY_GROUP: 'internal', HAPROXY_0_BIND_ADDR: '10.0.0.42' });
    await expect
      .poll(async () =>
        at('/').then(
          () => 'served',
          () => 'closed',
        ),
      )
      .toBe('closed');
    expect(said()).toHaveLength(1);
    expect(log()).not.toContain('BIND_ADDR');
  });
});
