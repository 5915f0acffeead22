import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mesosDnsDefaults } from '../../engine/mesos-dns/mesos-dns-config.ts';
import { startMesosDns } from '../../engine/mesos-dns/start-mesos-dns.ts';
import { world } from '../engine/agent/running-agent.ts';
import { MarathonClient } from '../engine/marathon/marathon-for-test.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';

/** A cluster with a Mesos-DNS, and dig, which asks it. */
async function startDns() {
  const { master, marathon } = await startClientCluster();
  const dns = await startMesosDns(
    {
      config: {
        ...{ ...mesosDnsDefaults, listener: '127.0.0.1', httpListener: '127.0.0.1', port: 0, httpPort: 0 },
        ...{ masters: [new URL(master).host], externalOn: false, ttl: 10 },
      },
      version: 'v0.6.0',
    },
    { ...world, resolve: () => Promise.resolve([]), now: Date.now, random: Math.random },
  );
  onTestFinished(() => dns.stop());
  const dig = async (...words: readonly string[]) => {
    const server = ['@127.0.0.1', '-p', String(dns.dnsPort), '+tries=3', '+time=5'];
    return (await execa('dig', [...server, ...words])).stdout;
  };
  return { dig, client: new MarathonClient(marathon) };
}

describe.skipIf(!requireTool('dig', ['dig', '-v']))('dig', () => {
  test('understands every kind of answer, by UDP and TCP', async () => {
    const { dig, client } = await startDns();
    const app = { id: '/shop/web', cmd: 'sleep 1000', cpus: 0.01, mem: 16, instances: 40 };
    await client.post('/v2/apps', { ...app, portDefinitions: [{ port: 0, name: 'http' }] });
    await client.settled();
    const name = 'web-shop.marathon.mesos';
    const service = `_${name.replace('.', '._tcp.')}`;
    await eventually(async () => (await dig('+tcp', '+short', service, 'SRV')).split('\n').length === 40);

    expect(await dig('+short', name)).toBe('127.0.0.1');
    const whole = await dig(name);
    expect(whole).toMatch(/status: NOERROR[\s\S]*flags: qr aa rd ra;[\s\S]*EDNS: version: 0, flags:; udp: 4096/);
    expect(whole).not.toMatch(/warn|malformed|extra bytes/i);
    expect((await dig('+short', `_http.${service}`, 'SRV', '+tcp')).split('\n')[0]).toMatch(
      /^0 1 \d+ web-shop-[a-z0-9]{5}-s0\.marathon\.mesos\.$/,
    );
    // Without EDNS it does not fit: dig asks again by TCP, as it is told.
    expect(await dig('+noedns', '+ignore', service, 'SRV')).toMatch(/flags: qr aa tc rd ra;/);
    const again = await dig('+noedns', service, 'SRV');
    expect(again).toContain(';; Truncated, retrying in TCP mode.');
    expect(again).toMatch(/ANSWER: 40, AUTHORITY: 0, ADDITIONAL: 40/);
    expect(await dig('mesos', 'SOA')).toMatch(
      /mesos\.\s+10\s+IN\s+SOA\s+ns1\.mesos\. root\.ns1\.mesos\. \d+ 60 600 86400 60/,
    );
    expect(await dig('mesos', 'NS')).toMatch(/mesos\.\s+10\s+IN\s+NS\s+ns1\.mesos\./);
    expect(await dig('none.mesos', 'AAAA')).toMatch(/status: NXDOMAIN[\s\S]*AUTHORITY: 1/);
    expect(await dig('example.org')).toMatch(/status: REFUSED/);
    expect(await dig('+edns=1', '+noednsnegotiation', 'leader.mesos')).toMatch(/status: BADVERS/);
    expect(await dig('+opcode=update', 'leader.mesos')).toMatch(/status: NOTIMP/);
  });
});
