import { onTestFinished } from 'vitest';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import { mesosDnsDefaults, type MesosDnsConfig } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { startMesosDns } from '../../../engine/mesos-dns/start-mesos-dns.ts';
import { eventually } from '../master/master-for-test.ts';
import { fetchJson } from '../scheduler-client.ts';
import { ask, type AskOptions } from './ask-dns.ts';
import { startFakeMaster, type FakeState } from './fake-master.ts';

export interface Started {
  readonly config?: Partial<MesosDnsConfig>;
  readonly discovery?: Discovery;
  readonly patienceMs?: number;
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
}

/** A Mesos-DNS that ends with the test. */
export async function startTestDns({ config = {}, discovery, patienceMs, hosts = {} }: Started) {
  const log: string[] = [];
  const dns = await startMesosDns(
    {
      config: {
        ...{ ...mesosDnsDefaults, listener: '127.0.0.1', httpListener: '127.0.0.1', port: 0, httpPort: 0 },
        ...{ externalOn: false, zkDetectionTimeout: 0, refreshSeconds: 1, ttl: 10, soaMinttl: 5 },
        ...config,
      },
      discovery,
      version: 'v0.6.0',
      ...(patienceMs === undefined ? {} : { patienceMs }),
    },
    {
      log: (line) => log.push(line),
      resolve: (host) => Promise.resolve(hosts[host] ?? []),
      now: Date.now,
      random: Math.random,
    },
  );
  onTestFinished(() => dns.stop());
  const askIt = (name: string, type = 'A', options: AskOptions = {}) => ask(dns.dnsPort, name, type, options);
  return {
    dns,
    log,
    port: dns.dnsPort,
    ask: askIt,
    /** Resolves when a name has these answers. */
    until: (name: string, type: string, isRight: (answers: readonly string[]) => boolean) =>
      eventually(async () => isRight((await askIt(name, type)).answers)),
    get: (path: string) => fetchJson(`${dns.url}${path}`),
  };
}

/** A Mesos-DNS and a master with this state, which it knows already. */
export async function startKnowing(state: FakeState, started: Started = {}) {
  const master = await startFakeMaster(state);
  onTestFinished(() => master.stop());
  const dns = await startTestDns({ ...started, config: { masters: [master.authority], ...started.config } });
  await dns.until('leader.mesos', 'A', (answers) => answers.length === 1);
  return { ...dns, master };
}
