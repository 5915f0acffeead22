import { describe, expect, test } from 'vitest';
import { taskHash } from '../../../engine/mesos-dns/records/task-hash.ts';
import { taskOf } from './fake-master.ts';
import { startKnowing } from './mesos-dns-for-test.ts';

const own = `web-${taskHash('t1')}-s0.marathon`;
const tasks = [taskOf({ id: 't1', ports: [31_000, 31_000] })];

// docs/http.md of Mesos-DNS, and resolver/resolver_test.go.
describe('by HTTP', () => {
  test('hosts have their addresses; one that there is not an empty entry', async () => {
    const { get } = await startKnowing({ tasks });
    const expected = [{ host: 'web.marathon.mesos.', ip: '10.0.0.1' }];
    for (const host of ['web.marathon.mesos', 'WEB.marathon.mesos.', 'web.*.marathon.mesos']) {
      expect(await get(`/v1/hosts/${host}`)).toEqual(expected);
    }
    expect(await get('/v1/hosts/none.mesos')).toEqual([{ host: '', ip: '' }]);
  });

  test('services have hosts, addresses and ports', async () => {
    const { get } = await startKnowing({ tasks });
    expect(await get('/v1/services/_web._tcp.marathon.mesos.')).toEqual([
      { service: '_web._tcp.marathon.mesos.', host: `${own}.slave.mesos.`, ip: '10.0.0.1', port: '31000' },
    ]);
    expect(await get('/v1/services/_none._tcp.mesos')).toEqual([{ service: '', host: '', ip: '', port: '' }]);
  });

  test('all records are listed by framework and task, each once', async () => {
    const { get } = await startKnowing({
      tasks: [...tasks, taskOf({ id: 't2', state: 'TASK_STAGING' }), taskOf({ id: 't3' })],
    });
    const twin = `web-${taskHash('t3')}-s0.marathon`;
    const a = (name: string) => ({ name: `${name}.mesos.`, host: '10.0.0.1', rtype: 'A' });
    const srv = (name: string) => ({ name: `${name}.mesos.`, host: `${own}.slave.mesos.:31000`, rtype: 'SRV' });
    expect(await get('/v1/enumerate')).toEqual({
      frameworks: [
        {
          name: 'marathon',
          tasks: [
            {
              ...{ name: 'web', id: 't1' },
              records: [
                ...[a('web.marathon'), a(own), a('web.marathon.slave'), a(`${own}.slave`)],
                ...[srv('_web._tcp.marathon.slave'), srv('_web._udp.marathon.slave')],
                ...[srv('_web._tcp.marathon'), srv('_web._udp.marathon')],
              ],
            },
            { name: 'web', id: 't3', records: [a(twin), a(`${twin}.slave`)] },
          ],
        },
      ],
    });
  });

  test('the zone can be had as a whole', async () => {
    const { get } = await startKnowing({ tasks });
    expect(await get('/v1/axfr')).toMatchObject({
      ...{ TTL: 10, RefreshSeconds: 1, Mname: 'ns1.mesos.', Rname: 'root.ns1.mesos.', Domain: 'mesos' },
      Records: {
        As: { 'web.marathon.mesos.': ['10.0.0.1'], 'leader.mesos.': ['127.0.0.1'] },
        AAAAs: {},
        SRVs: { '_slave._tcp.mesos.': ['slave.mesos.:5051'] },
      },
    });
  });

  test('version and configuration are told, without the secret', async () => {
    const { get, dns } = await startKnowing({}, { config: { mesosCredentials: { principal: 'p', secret: 'geheim' } } });
    expect(await get('/v1/version')).toEqual({
      Service: 'Mesos-DNS',
      Version: 'v0.6.0',
      URL: 'https://github.com/mesosphere/mesos-dns',
    });
    const config = await (await fetch(`${dns.url}/v1/config`)).text();
    expect(JSON.parse(config)).toMatchObject({
      Domain: 'mesos',
      TTL: 10,
      DnsOn: true,
      IPSources: ['netinfo', 'mesos', 'host'],
    });
    expect(config).not.toContain('geheim');
  });

  test('what there is not is 404, other methods 405, ports of a host 501', async () => {
    const { dns } = await startKnowing({});
    const status = async (path: string, method = 'GET') => (await fetch(`${dns.url}${path}`, { method })).status;
    expect(await status('/metrics')).toBe(404);
    expect(await status('/v1/version', 'POST')).toBe(405);
    expect(await status('/v1/hosts/a.mesos/ports')).toBe(501);
    expect(await status('/v1/hosts/%zz')).toBe(400);
  });

  test('nothing is listed where the configuration forbids it', async () => {
    const { dns } = await startKnowing({}, { config: { enumerationOn: false } });
    for (const path of ['/v1/enumerate', '/v1/axfr']) expect((await fetch(`${dns.url}${path}`)).status).toBe(404);
  });
});
