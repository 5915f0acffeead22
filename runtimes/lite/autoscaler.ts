import type { AutoscalerOptions } from '../../autoscaling/program/start-autoscaler.ts';
import { systemClock } from '../../platform/clock.ts';
import { defaultAgentCooldown } from '../../planning/components/autoscaler.ts';
import { durationMs } from '../../protocol/duration-units.ts';
import { argumentError, readArguments, type Arity } from './read-arguments.ts';
import type { Program } from './program.ts';

const help = `Usage: autoscaler --marathon-url URL [URL…] [--load-balancer-url URL…] [--master-url URL…] [--prometheus-url URL]
                  [--agents MIN-MAX [--agents-cooldown DURATION]] [--interval DURATION] [--http-address ADDRESS]
                  [--http-port PORT]

Scales the apps of a Marathon that ask for it by their labels AUTOSCALE_MIN, _MAX, _METRIC, _TARGET, _COOLDOWN and
_SCHEDULE, by the rule of Kubernetes's Horizontal Pod Autoscaler. Its decisions are at /v1/decisions, and at /metrics
for Prometheus.

  --marathon-url       any of them is asked, the next one when it does not answer
  --load-balancer-url  their statistics count requests per second and sessions; several are added up
  --master-url         they say where the agents are, which know what tasks use of cpu and memory
  --prometheus-url     is asked the queries of apps
  --agents             decides how many agents there should be, too; whoever can make them follows that
  --agents-cooldown    between two changes of their number, such as 2mins (default)
  --interval           between two looks, such as 15secs (default)
  --http-address, --http-port   what it listens on; default 0.0.0.0, 8091
`;

const name = 'autoscaler';
const usageError = argumentError(name);
const arities: Readonly<Record<string, Arity>> = {
  ...{
    '--marathon-url': 'several',
    '--load-balancer-url': 'several',
    '--master-url': 'several',
    '--prometheus-url': 'one',
  },
  ...{ '--agents': 'one', '--agents-cooldown': 'one' },
  ...{ '--interval': 'one', '--http-address': 'one', '--http-port': 'one' },
};
const usual = { interval: '15secs', 'http-address': '0.0.0.0', 'http-port': '8091' };

/** `autoscaler` of the lite image: a program of our own. */
export const autoscaler: Program = {
  logStyle: 'marathon',
  version: `autoscaler ${__VERSION__} (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words) => {
    const options = optionsOf(words);
    return {
      withoutEffect: [],
      start: async ({ log, own }) => {
        const { startAutoscaler } = await import('../../autoscaling/program/start-autoscaler.ts');
        const { sleep } = systemClock;
        return startAutoscaler({ ...options, names: [own.hostname()] }, { log, now: Date.now, sleep });
      },
    };
  },
};

/** @throws ProgramError in the words of argparse */
function optionsOf(words: readonly string[]): AutoscalerOptions {
  const given = readArguments(words, { program: name, arities });
  const last = (flag: keyof typeof usual) => given.get(`--${flag}`)?.at(-1) ?? usual[flag];
  const marathons = urlsOf(given, '--marathon-url');
  if (marathons.length === 0) throw usageError('argument --marathon-url is required');
  const intervalMs = durationMs(last('interval'));
  if (intervalMs === undefined || intervalMs < 1000) {
    throw usageError(`argument --interval: invalid duration: '${last('interval')}', such as 15secs, at least 1secs`);
  }
  const port = Number(last('http-port'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw usageError(`argument --http-port: invalid port: '${last('http-port')}'`);
  }
  const urls = {
    marathons,
    masters: urlsOf(given, '--master-url'),
    loadBalancers: urlsOf(given, '--load-balancer-url'),
    prometheus: urlsOf(given, '--prometheus-url').at(-1),
  };
  return { host: last('http-address'), port, intervalMs, urls, agents: agentsOf(given) };
}

/** Undefined when their number is not its business. */
function agentsOf(given: ReadonlyMap<string, readonly string[]>): AutoscalerOptions['agents'] {
  const range = given.get('--agents')?.at(-1);
  const cooldown = given.get('--agents-cooldown')?.at(-1);
  if (range === undefined) {
    if (cooldown !== undefined) throw usageError('argument --agents-cooldown: not allowed without argument --agents');
    return undefined;
  }
  const [, min, max] = (/^([1-9]\d{0,4})-([1-9]\d{0,4})$/.exec(range) ?? []).map(Number);
  if (min === undefined || max === undefined || min > max) {
    throw usageError(`argument --agents: invalid range: '${range}', such as 2-6`);
  }
  const cooldownMs = durationMs(cooldown ?? defaultAgentCooldown);
  if (cooldownMs === undefined || cooldownMs < 1000) {
    throw usageError(
      `argument --agents-cooldown: invalid duration: '${cooldown ?? ''}', such as 2mins, at least 1secs`,
    );
  }
  return { min, max, cooldownMs };
}

function urlsOf(given: ReadonlyMap<string, readonly string[]>, flag: string): readonly string[] {
  return (given.get(flag) ?? []).map((url) => {
    if (!/^https?:\/\/[^/\s]+/.test(url)) throw usageError(`argument ${flag}: invalid URL: '${url}'`);
    return url.replace(/\/+$/, '');
  });
}
