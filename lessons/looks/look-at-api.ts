import { describeAnswer } from '../../checks/cluster-client.ts';
import type { Seen } from '../../checks/poll-until.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { readExposition, sumOf } from '../../protocol/read-exposition.ts';
import { askChronos } from '../asking/ask-cluster.ts';
import { urlsOf } from '../asking/answerer-urls.ts';
import type { LessonWorld } from '../lesson-world.ts';
import { whatIsMissing } from './contains.ts';

type Wanted<Kind extends Look['kind']> = Extract<Look, { readonly kind: Kind }>['value'];

/** What an API answers. */
export async function lookAtApi(world: LessonWorld, wanted: Wanted<'api'>, signal: AbortSignal): Promise<Seen> {
  const { of, path, status = 200, has } = wanted;
  const [url = ''] = await urlsOf(world, of, signal);
  const answer = await world.cluster.client.ask(`${url}${path}`, signal);
  if (answer.status !== status)
    return { ok: false, seen: `${url}${path} answers ${describeAnswer(answer)}, wanted is ${status}` };
  const lacking = has === undefined ? undefined : whatIsMissing(has, answer.json);
  return {
    ok: lacking === undefined,
    seen: `${url}${path}: ${lacking ?? `answers ${status}${has === undefined ? '' : ', with what is wanted'}`}`,
  };
}

/** Programs of ours, which answer in Prometheus's text format. */
const inPrometheusForm: ReadonlySet<string> = new Set(['metrics', 'autoscaler']);

/** Metrics of Mesos are flat; those of Marathon are by their kind. */
export async function readMetric(
  world: LessonWorld,
  of: string,
  name: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [url = ''] = await urlsOf(world, of, signal);
  if (inPrometheusForm.has(of)) {
    const { text } = await world.cluster.client.ask(`${url}/metrics`, signal);
    return sumOf(readExposition(text), name);
  }
  const path = of === 'marathon' || of === 'chronos' ? '/metrics' : '/metrics/snapshot';
  const { json } = await world.cluster.client.ask(`${url}${path}`, signal);
  return (
    numberAt(json, name) ??
    numberAt(json, 'gauges', name, 'value') ??
    ['counters', 'meters', 'histograms', 'timers'].flatMap((kind) => numberAt(json, kind, name, 'count') ?? [])[0]
  );
}

/** The name of a metric in a baseline. */
export const metricKey = ({ of = 'mesos-master', name }: Wanted<'metric'>) => `${of} ${name}`;

/** The value of a metric, and how much it has grown. */
export async function lookAtMetric(world: LessonWorld, wanted: Wanted<'metric'>, signal: AbortSignal): Promise<Seen> {
  const { of = 'mesos-master', name, equals, atLeast, atMost, grownBy } = wanted;
  const value = await readMetric(world, of, name, signal);
  if (value === undefined) return { ok: false, seen: `${of} has no metric ${name}` };
  const before = world.baseline?.metrics[metricKey(wanted)] ?? 0;
  const faults = [
    ...(equals !== undefined && value !== equals ? [`wanted is ${equals}`] : []),
    ...(atLeast !== undefined && value < atLeast ? [`wanted is ${atLeast} at least`] : []),
    ...(atMost !== undefined && value > atMost ? [`wanted is ${atMost} at most`] : []),
    // One that has begun to count anew, as after a failover, has grown by what it has.
    ...(grownBy !== undefined && (value >= before ? value - before : value) < grownBy
      ? [`it was ${before} when the lesson was started; wanted is ${grownBy} more`]
      : []),
  ];
  return { ok: faults.length === 0, seen: [`${name} of ${of} is ${value}`, ...faults].join(', ') };
}

/** What Chronos has of a job. */
export async function lookAtJob(world: LessonWorld, wanted: Wanted<'job'>, signal: AbortSignal): Promise<Seen> {
  const { name, succeeded, failed, has } = wanted;
  const { status, json } = await askChronos(world, `/v1/scheduler/job/${encodeURIComponent(name)}`, signal);
  if (status !== 200) return { ok: false, seen: `Chronos has no job ${name}` };
  const counts = { succeeded: numberAt(json, 'successCount') ?? 0, failed: numberAt(json, 'errorCount') ?? 0 };
  const lacking = has === undefined ? undefined : whatIsMissing(has, json);
  const isRight = counts.succeeded >= (succeeded ?? 0) && counts.failed >= (failed ?? 0);
  const seen = `the job ${name} has succeeded ${counts.succeeded} times and failed ${counts.failed} times`;
  return { ok: isRight && lacking === undefined, seen: lacking === undefined ? seen : `${seen}; ${lacking}` };
}

/** What Mesos-DNS has for a name, by its HTTP API: this machine need not ask it by DNS. */
export async function lookAtDns(
  world: LessonWorld,
  { name, answers = 1 }: Wanted<'dns'>,
  signal: AbortSignal,
): Promise<Seen> {
  const [url = ''] = await urlsOf(world, 'mesos-dns', signal);
  const isService = name.startsWith('_');
  const answer = await world.cluster.client.ask(
    `${url}/v1/${isService ? 'services' : 'hosts'}/${encodeURIComponent(`${name}.`)}`,
    signal,
  );
  const found = listAt(answer.json).flatMap((each) => {
    const ip = textAt(each, 'ip') ?? '';
    const port = textAt(each, 'port') ?? String(numberAt(each, 'port') ?? '');
    return ip === '' ? [] : [port === '' ? ip : `${ip}:${port}`];
  });
  const seen = `${name} leads to ${found.length === 0 ? 'nothing' : found.join(', ')}`;
  return {
    ok: found.length >= answers,
    seen: found.length >= answers ? seen : `${seen}; wanted are ${answers} answers at least`,
  };
}
