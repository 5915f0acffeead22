import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, askUntil, balancer, freePort, namedTask, startFakeTask } from './balancer-support.ts';
import { fakeApp } from './fake-marathon.ts';

const blueGreen = (colour: string, port: number, tasks: readonly number[], day: number) => ({
  ...fakeApp({
    id: `/shop-${colour}`,
    servicePort: port,
    tasks,
    labels: {
      HAPROXY_GROUP: 'external',
      HAPROXY_DEPLOYMENT_GROUP: 'shop',
      HAPROXY_DEPLOYMENT_STARTED_AT: `2026-01-0${day}T00:00:00`,
      HAPROXY_DEPLOYMENT_TARGET_INSTANCES: '1',
      HAPROXY_0_PORT: String(port),
    },
  }),
  instances: tasks.length,
});

/** Rows of the servers, as zdd.py takes them apart. */
async function serversOf(url: string): Promise<Record<string, string>[]> {
  const [header = '', ...rows] = (await ask(`${url}/haproxy?stats;csv`)).text.trim().split('\n');
  const names = header.replace(/^# /, '').split(',');
  return rows
    .map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])))
    .filter(({ svname }) => svname !== 'FRONTEND' && svname !== 'BACKEND');
}

describe('what marathon-lb has beside the statistics of HAProxy', () => {
  it('says one process, and both maps', async () => {
    const { marathon, component } = await balancer();
    const [port, other] = [await freePort(), await freePort()];
    const task = await namedTask('a');
    const labels = { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'Shop.example.com,www.example.com' };
    marathon.set([
      fakeApp({ id: '/shop/web', servicePort: port, tasks: [task], labels }),
      fakeApp({ id: '/raw', servicePort: other, tasks: [task], mode: 'tcp' }),
    ]);
    await askUntil(`http://127.0.0.1:${port}/`, ({ status }) => status === 200);
    expect((await ask(`${component.url}/_haproxy_getpids`)).text).toBe(String(process.pid));
    expect((await ask(`${component.url}/_haproxy_getvhostmap`)).text).toBe(
      `shop.example.com shop_web_${port}\nwww.example.com shop_web_${port}\n`,
    );
    expect((await ask(`${component.url}/_haproxy_getappmap`)).text).toBe(`/shop/web shop_web_${port}\n`);
  });

  it('has empty maps where there are none, and leaves out of them what is for certain paths or people', async () => {
    const { component: without } = await balancer({ hasMaps: false });
    expect((await ask(`${without.url}/_haproxy_getvhostmap`)).text).toBe('');
    expect((await ask(`${without.url}/_haproxy_getappmap`)).text).toBe('');
    const { marathon, component } = await balancer();
    const [port, other] = [await freePort(), await freePort()];
    const labels = { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'shop.example.com' };
    const task = await namedTask('a');
    marathon.set([
      fakeApp({ id: '/a', servicePort: port, tasks: [task], labels: { ...labels, HAPROXY_0_AUTH: 'r:u:p' } }),
      fakeApp({ id: '/b', servicePort: other, tasks: [task], labels: { ...labels, HAPROXY_0_PATH: '/b' } }),
    ]);
    await askUntil(`http://127.0.0.1:${other}/`, ({ status }) => status === 200);
    expect((await ask(`${component.url}/_haproxy_getvhostmap`)).text).toBe('');
    expect((await ask(`${component.url}/_haproxy_getappmap`)).text).toBe(`/a a_${port}\n/b b_${other}\n`);
  });

  it('counts for Prometheus, under the names of HAProxy', async () => {
    const { marathon, component } = await balancer();
    const [port, other] = [await freePort(), await freePort()];
    const task = await namedTask('a');
    marathon.set([
      fakeApp({ id: '/shop/web', servicePort: port, tasks: [task] }),
      fakeApp({ id: '/raw', servicePort: other, tasks: [], mode: 'tcp' }),
    ]);
    await askUntil(`http://127.0.0.1:${port}/`, ({ status }) => status === 200);
    await ask(`http://127.0.0.1:${port}/`);
    const { headers, text } = await ask(`${component.url}/metrics`);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4');
    const web = `proxy="shop_web_${port}"`;
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE haproxy_server_http_responses_total counter',
        `haproxy_server_http_responses_total{${web},server="127_0_0_1_${task}",code="2xx"} 2`,
        `haproxy_server_status{${web},server="127_0_0_1_${task}"} 1`,
        `haproxy_frontend_sessions_total{${web}} 2`,
        `haproxy_backend_status{${web}} 1`,
        `haproxy_backend_status{proxy="raw_${other}"} 0`,
      ]),
    );
    expect(text).not.toContain(`haproxy_backend_http_responses_total{proxy="raw_${other}"`);
    const types = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(types).size).toBe(types.length);
  });

  it('reads Marathon again for HUP, and tries taken ports again for USR1', async () => {
    const { marathon, component, log } = await balancer({
      timing: { debounceMs: 1, backoffMs: [10, 20], rereadMs: 3_600_000 },
    });
    const port = await freePort();
    marathon.set([fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('a')] })]);
    await askUntil(`http://127.0.0.1:${port}/`, ({ status }) => status === 200);
    const before = marathon.readings();
    const answer = await ask(`${component.url}/_mlb_signal/hup`);
    expect([answer.status, answer.text]).toEqual([200, 'Sent SIGHUP signal to marathon-lb']);
    await expect.poll(() => marathon.readings()).toBeGreaterThan(before);
    const taken = createServer();
    const takenPort = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        resolve((taken.address() as AddressInfo).port);
      });
    });
    marathon.set([fakeApp({ id: '/late', servicePort: takenPort, tasks: [await namedTask('late')] })]);
    await expect.poll(log).toContain(`service port ${takenPort} of /late is not served`);
    await new Promise((resolve) => taken.close(resolve));
    expect((await ask(`${component.url}/_mlb_signal/usr1`)).text).toBe('Sent SIGUSR1 signal to marathon-lb');
    expect((await askUntil(`http://127.0.0.1:${takenPort}/`, ({ status }) => status === 200)).text).toBe('late');
    expect((await ask(`${component.url}/_mlb_signal/reload`)).status).toBe(404);
  });

  it('sends nothing new to an old task that drains, and counts what still runs there', async () => {
    const { marathon, component } = await balancer();
    const port = await freePort();
    let finish: (() => void) | undefined;
    const old = await startFakeTask((_, response) => {
      response.write('old');
      finish = () => response.end();
    });
    const young = await namedTask('new');
    const url = `http://127.0.0.1:${port}/`;
    marathon.set([blueGreen('blue', port, [old], 1)]);
    await expect.poll(async () => (await serversOf(component.url)).length).toBe(1);
    const row = async () => {
      const found = (await serversOf(component.url)).find(({ svname }) => svname === `127_0_0_1_${old}`);
      return [found?.['pxname'], found?.['status'], found?.['scur']];
    };
    const running = ask(url);
    await expect.poll(() => finish !== undefined).toBe(true);
    marathon.set([blueGreen('blue', port, [old], 1), blueGreen('green', port, [young], 2)]);
    await expect.poll(async () => (await row())[1]).toBe('MAINT');
    for (let request = 0; request < 3; request++) expect((await ask(url)).text).toBe('new');
    expect(await row()).toEqual([`shop_${port}`, 'MAINT', '1']);
    finish?.();
    expect((await running).text).toBe('old');
    await expect.poll(row).toEqual([`shop_${port}`, 'MAINT', '0']);
  });
});

describe('the ports that HTTP services share', () => {
  it('are of virtual hosts with their paths, and of app ids; 503 for what nobody serves', async () => {
    const [virtualHosts, appIds] = [await freePort(), await freePort()];
    const { marathon } = await balancer({ frontPorts: { virtualHosts, appIds } });
    const [port, apiPort] = [await freePort(), await freePort()];
    const labels = { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'shop.example.com' };
    const api = { ...labels, HAPROXY_0_PATH: '-i /API /v2', HAPROXY_0_BACKEND_WEIGHT: '1' };
    marathon.set([
      fakeApp({ id: '/web', servicePort: port, tasks: [await namedTask('web')], labels }),
      fakeApp({ id: '/zapi', servicePort: apiPort, tasks: [await namedTask('api')], labels: api }),
    ]);
    await askUntil(`http://127.0.0.1:${apiPort}/`, ({ status }) => status === 200);
    const front = async (path: string, host: string) =>
      (await ask(`http://127.0.0.1:${virtualHosts}${path}`, { headers: { Host: host } })).text;
    expect(await front('/', 'SHOP.example.com:8000')).toBe('web');
    expect(await front('/api/carts?x=1', 'shop.example.com')).toBe('api');
    expect(await front('/cart', 'shop.example.com')).toBe('web');
    const unknown = await ask(`http://127.0.0.1:${virtualHosts}/`, { headers: { Host: 'other.example.com' } });
    expect(unknown.status).toBe(503);
    const byId = (id: string) => ask(`http://127.0.0.1:${appIds}/`, { headers: { 'X-Marathon-App-Id': id } });
    expect((await byId('/ZAPI')).text).toBe('api');
    expect((await byId('/none')).status).toBe(503);
  });

  it('are only logged when they cannot be had', async () => {
    const holder = await namedTask('holder');
    const { component, log } = await balancer({ frontPorts: { virtualHosts: holder } });
    expect(log()).toContain(`port ${holder} (virtual hosts) is not served: `);
    expect((await ask(`${component.url}/_haproxy_health_check`)).status).toBe(200);
  });
});
