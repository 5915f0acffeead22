import type { MetricsTargets } from '../../engine/metrics/metrics-targets.ts';
import { systemClock } from '../../platform/clock.ts';
import { flagError, isPort, listenAddress, readOwnFlags } from './own-flags.ts';
import type { Program } from './program.ts';

const help = `Usage: mesos-metrics --listen ADDRESS:PORT --masters URL,URL [--marathons URL,URL]
                     [--load-balancers URL] [--zookeepers HOST:PORT,HOST:PORT] [--timeout SECONDS]

Metrics of a cluster for Prometheus, at /metrics: of masters, agents (found through the leading master) and their
containers, of Marathon and its apps, of load balancers (HAProxy's statistics) and ZooKeepers (the word mntr).
Each answer is waited for as long as --timeout says, by default 2 seconds; who does not answer is not up.
The last hour of the most important ones is at /v1/hour, as JSON; it asks for them by itself while nobody else does.
`;

const options = {
  listen: { type: 'string' },
  masters: { type: 'string' },
  marathons: { type: 'string', default: '' },
  'load-balancers': { type: 'string', default: '' },
  zookeepers: { type: 'string', default: '' },
  timeout: { type: 'string', default: '2' },
} as const;

const usageError = flagError('mesos-metrics');

export interface MetricsFlags {
  readonly host: string;
  readonly port: number;
  readonly targets: MetricsTargets;
  readonly timeoutMs: number;
}

/** @throws ProgramError with what is wrong, and what is allowed there */
export function readMetricsFlags(words: readonly string[]): MetricsFlags {
  const given = readOwnFlags(words, options, usageError);
  const { masters, marathons, zookeepers, timeout, 'load-balancers': balancers } = given;
  const address = listenAddress({ flag: '--listen', text: given.listen, example: '127.0.0.1:9105' }, usageError);
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 8)) throw usageError(`--timeout is '${timeout}': expected seconds, up to 8`);
  const targets = {
    masters: urls('--masters', masters ?? ''),
    marathons: urls('--marathons', marathons),
    loadBalancers: urls('--load-balancers', balancers),
    zookeepers: addresses(zookeepers),
  };
  if (targets.masters.length === 0) throw usageError('--masters is missing: expected http://HOST:PORT of each master');
  return { ...address, targets, timeoutMs: seconds * 1000 };
}

const listed = (text: string) => text.split(',').filter((each) => each !== '');

const urls = (flag: string, text: string) =>
  listed(text).map((url) => {
    if (/^http:\/\/[^/\s]+\/?$/.test(url) && URL.canParse(url)) return url.replace(/\/$/, '');
    throw usageError(`${flag} has '${url}': expected http://HOST:PORT`);
  });

const addresses = (text: string) =>
  listed(text).map((address) => {
    const [, port] = /^[^/\s]+:(\d{1,5})$/.exec(address) ?? [];
    if (isPort(port)) return address;
    throw usageError(`--zookeepers has '${address}': expected HOST:PORT`);
  });

/** `mesos-metrics`, which no image but lite has. */
export const mesosMetrics: Program = {
  logStyle: 'glog',
  version: `mesos-metrics (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words) => {
    const flags = readMetricsFlags(words);
    return {
      withoutEffect: [],
      start: async ({ log, own }) => {
        const { startMetrics } = await import('../../engine/metrics/start-metrics.ts');
        const { now: clock, sleep } = systemClock;
        return startMetrics({ ...flags, names: [own.hostname()] }, { log, clock, now: Date.now, sleep });
      },
    };
  },
};
