import { hostInUrl } from '../../protocol/host-in-url.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { readExposition } from '../../protocol/read-exposition.ts';
import { describeAnswer } from '../cluster-client.ts';
import type { Cluster, ClusterTarget } from '../cluster-target.ts';
import { excerpt } from '../excerpt.ts';
import type { Seen } from '../poll-until.ts';

const failed = (seen: string): Seen => ({ ok: false, seen });

interface Asked {
  readonly name: string;
  readonly what: string;
  /** How many the exporter should reach. */
  readonly count: number;
  /** Whether one that the exporter names is meant; missing: all are. */
  readonly isMeant?: (name: string) => boolean;
}

/** Agents by their names: beside them there may be simulated ones, thousands that nobody waits for. */
function agentsAsked({ expected }: ClusterTarget): readonly Asked[] {
  if (expected === undefined) return [];
  const names = new Set(expected.agents.map(({ hostname, port }) => `${hostInUrl(hostname)}:${port}`));
  return [{ name: 'mesos_agent_up', what: 'agents', count: names.size, isMeant: (name) => names.has(name) }];
}

const asked = (target: ClusterTarget): readonly Asked[] => [
  { name: 'mesos_master_up', what: 'masters', count: target.masters.length },
  ...agentsAsked(target),
  { name: 'marathon_up', what: 'Marathons', count: target.marathons.length },
  { name: 'haproxy_up', what: 'load balancers', count: target.loadBalancer === undefined ? 0 : 1 },
  { name: 'zookeeper_up', what: 'ZooKeepers', count: target.zookeepers.length },
];

/** The exporter answers, and so does everybody whom it asks; parts that were stopped on purpose need not. */
export async function lookAtExporter({ target, client }: Cluster, signal: AbortSignal): Promise<Seen> {
  const url = `${target.addons?.metrics ?? ''}/metrics`;
  // It asks everybody when it is asked itself, and waits for those that do not answer.
  const answer = await client.ask(url, signal, { timeoutMs: 15_000 });
  if (answer.status !== 200) return failed(`${url} answers ${describeAnswer(answer)}`);
  const samples = readExposition(answer.text);
  const words: string[] = [];
  for (const { name, what, count, isMeant = () => true } of asked(target)) {
    const meant = samples.flatMap((sample) => {
      const [who = ''] = Object.values(sample.labels);
      return sample.name === name && isMeant(who) ? [{ who, isUp: sample.value === 1 }] : [];
    });
    const up = meant.filter(({ isUp }) => isUp).length;
    const silent = meant.flatMap(({ who, isUp }) => (isUp ? [] : [who]));
    if (up < count) {
      const others = silent.length === 0 ? 'it does not know the others' : `no answer from ${silent.join(', ')}`;
      return failed(`${name} is 1 for ${up} of ${count} ${what}, says ${url}: ${others}`);
    }
    if (up > 0) words.push(`${up} ${what}`);
  }
  return { ok: true, seen: `${url} has ${samples.length} values, of ${words.join(', ')}` };
}

/** The autoscaler has looked at the apps of a Marathon. */
export async function lookAtAutoscaler({ target, client }: Cluster, signal: AbortSignal): Promise<Seen> {
  const url = `${target.addons?.autoscaler ?? ''}/v1/decisions`;
  const answer = await client.ask(url, signal);
  const looks = numberAt(answer.json, 'looks');
  if (answer.status !== 200 || looks === undefined) return failed(`${url} answers ${describeAnswer(answer)}`);
  const failures = numberAt(answer.json, 'failures') ?? 0;
  if (looks - failures < 1) return failed(`${url}: no Marathon has told it of its apps, ${failures} times`);
  const apps = listAt(answer.json, 'apps').length;
  return { ok: true, seen: `${url}: it has looked ${looks} times; ${apps} apps want to be scaled` };
}

/** Of its jobs, those that programs of ours answer; what else does not answer is said, and may be this machine's fault. */
const ownJobs: ReadonlySet<string | undefined> = new Set(['mesos', 'autoscaler']);

/** Prometheus reaches the programs of ours (its HTTP API, querying/api.md, Targets). */
export async function lookAtPrometheus({ target, client }: Cluster, signal: AbortSignal): Promise<Seen> {
  const url = `${target.addons?.prometheus ?? ''}/api/v1/targets?state=active`;
  const answer = await client.ask(url, signal);
  if (answer.status !== 200) return failed(`${url} answers ${describeAnswer(answer)}`);
  const targets = listAt(answer.json, 'data', 'activeTargets').map(targetOf);
  if (targets.length === 0) return failed(`${url}: it has no targets`);
  const silent = targets.filter(({ health }) => health !== 'up');
  const others = silent.map(({ words }) => words).join(', ');
  const seen = `${targets.length - silent.length} of ${targets.length} targets are up${others === '' ? '' : `; ${others}`}`;
  return { ok: silent.every(({ isOurs }) => !isOurs), seen: `${url}: ${seen}` };
}

function targetOf(target: unknown) {
  const [url = '', health = '', why = ''] = [
    textAt(target, 'scrapeUrl'),
    textAt(target, 'health'),
    textAt(target, 'lastError'),
  ];
  const words = `${url} is ${health}${why === '' ? '' : ` (${excerpt(why, 200)})`}`;
  return { health, words, isOurs: ownJobs.has(textAt(target, 'labels', 'job')) };
}

/** What Grafana answers where it does not pass on a question. */
const refused: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * Loki is ready (its HTTP API, `/ready`), asked through Grafana's proxy of data sources.
 * @returns with `isClosed`: Grafana does not pass it on, which says nothing of Loki
 */
export async function lookAtLoki(
  { target, client }: Cluster,
  signal: AbortSignal,
): Promise<Seen & { readonly isClosed?: true }> {
  const url = `${target.addons?.grafanaOfLoki ?? ''}/api/datasources/proxy/uid/loki/ready`;
  const answer = await client.ask(url, signal);
  const { status, text } = answer;
  if (refused.has(status)) return { ok: true, seen: `${url} answers ${describeAnswer(answer)}`, isClosed: true };
  const isReady = status === 200 && text.trim() === 'ready';
  return { ok: isReady, seen: isReady ? `${url} answers ready` : `${url} answers ${describeAnswer(answer)}` };
}
