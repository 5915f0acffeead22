import { durationMs } from '../../protocol/duration-units.ts';
import { readSchedule } from './read-schedule.ts';
import type { LabelProblem, Metric, Wish } from './wish.ts';

/** What the labels of one app say. */
export type ReadWish =
  /** It is not scaled by itself. */
  | { readonly kind: 'none' }
  | { readonly kind: 'wish'; readonly wish: Wish }
  | { readonly kind: 'problems'; readonly problems: readonly LabelProblem[] };

const prefix = 'AUTOSCALE_';
const names = ['MIN', 'MAX', 'METRIC', 'TARGET', 'COOLDOWN', 'SCHEDULE'];
const plainMetrics = ['requests-per-second', 'sessions', 'cpu', 'memory'] as const;
const isPlain = (word: string): word is (typeof plainMetrics)[number] =>
  (plainMetrics as readonly string[]).includes(word);
const queryPrefix = 'prometheus:';

/** It looks back five times as long before it shrinks (decide.ts): as long as Kubernetes. */
const usualCooldownMs = 60_000;
const longestCooldownMs = 24 * 3_600_000;
const mostInstances = 100_000;

const forms = {
  instances: `a whole number from 1 to ${mostInstances}`,
  metric: `${plainMetrics.join(', ')}, or ${queryPrefix}QUERY`,
  target:
    'a number above 0, of one instance: requests per second, sessions, per cent of its cpus or mem, or its share of the query',
  cooldown: 'seconds, or a duration such as 90secs or 5mins, from 1 second to a day',
};

/** Reads the labels `AUTOSCALE_…` of an app; every mistake in them is found at once. */
export function readWish(labels: Readonly<Record<string, string>>): ReadWish {
  const own = Object.keys(labels).filter((label) => label.startsWith(prefix));
  if (own.length === 0) return { kind: 'none' };
  const reader = new LabelReader(labels);
  reader.refuseUnknown(own);
  const min = reader.read('MIN', instancesOf, { allowed: forms.instances, fix: 'Write AUTOSCALE_MIN: 1' }, 1);
  const max = reader.read('MAX', instancesOf, { allowed: forms.instances, fix: 'Write AUTOSCALE_MAX: 10' });
  const metric = reader.read('METRIC', metricOf, {
    allowed: forms.metric,
    fix: 'Write AUTOSCALE_METRIC: requests-per-second',
  });
  const target = reader.read('TARGET', targetOf, { allowed: forms.target, fix: 'Write AUTOSCALE_TARGET: 50' });
  const cooldown = { allowed: forms.cooldown, fix: 'Write AUTOSCALE_COOLDOWN: 60secs' };
  const cooldownMs = reader.read('COOLDOWN', cooldownOf, cooldown, usualCooldownMs);
  if (min !== undefined && max !== undefined && min > max) reader.refuseBounds(min, max);
  if (metric?.kind === 'memory' && target !== undefined && target > 100) reader.refuseMemory(target);
  const schedule = reader.schedule(min, max);
  if (reader.problems.length > 0) return { kind: 'problems', problems: reader.problems };
  const wish = { min, max, metric, target, cooldownMs, schedule };
  return isWhole(wish) ? { kind: 'wish', wish } : { kind: 'problems', problems: reader.problems };
}

const isWhole = (wish: { readonly [Key in keyof Wish]: Wish[Key] | undefined }): wish is Wish =>
  Object.values(wish).every((value) => value !== undefined);

class LabelReader {
  readonly problems: LabelProblem[] = [];
  readonly #labels: Readonly<Record<string, string>>;

  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = labels;
  }

  #find(name: string): string | undefined {
    return Object.hasOwn(this.#labels, `${prefix}${name}`) ? this.#labels[`${prefix}${name}`] : undefined;
  }

  read<Value>(
    name: string,
    valueOf: (text: string) => Value | undefined,
    { allowed, fix }: Pick<LabelProblem, 'allowed' | 'fix'>,
    usual?: Value,
  ): Value | undefined {
    const label = `${prefix}${name}`;
    const found = this.#find(name);
    if (found === undefined && usual !== undefined) return usual;
    const value = found === undefined ? undefined : valueOf(found.trim());
    if (value !== undefined) return value;
    const message = found === undefined ? `${label} is missing` : `${label} is not what it may be`;
    this.problems.push({ label, message, ...(found === undefined ? {} : { found }), allowed, fix });
    return undefined;
  }

  refuseUnknown(own: readonly string[]): void {
    for (const label of own.filter((each) => !names.includes(each.slice(prefix.length)))) {
      const known = names.map((name) => `${prefix}${name}`).join(', ');
      this.problems.push({
        ...{ label, message: `There is no label ${label}`, found: label, allowed: known },
        fix: 'Correct its name, or remove it',
      });
    }
  }

  refuseBounds(min: number, max: number): void {
    this.problems.push({
      label: 'AUTOSCALE_MIN',
      message: `AUTOSCALE_MIN is above AUTOSCALE_MAX`,
      found: `${min}, and AUTOSCALE_MAX ${max}`,
      allowed: 'at most AUTOSCALE_MAX',
      fix: `Write AUTOSCALE_MIN: ${max}, or AUTOSCALE_MAX: ${min}`,
    });
  }

  /** A task that uses more than its memory is killed, so it would never grow. */
  refuseMemory(target: number): void {
    this.problems.push({
      label: 'AUTOSCALE_TARGET',
      message: 'No instance ever uses more than all of its memory',
      found: String(target),
      allowed: 'for memory from above 0 to 100, per cent of the mem of the app',
      fix: 'Write AUTOSCALE_TARGET: 80',
    });
  }

  schedule(min: number | undefined, max: number | undefined): Wish['schedule'] {
    const text = this.#find('SCHEDULE');
    if (text === undefined) return [];
    // Of bounds that contradict each other it has been told; what a span says itself still has to fit.
    const [least, most] = [min ?? 1, max ?? mostInstances];
    const usual = least <= most ? { min: least, max: most } : { min: 1, max: mostInstances };
    const { spans, problems } = readSchedule(text, usual);
    this.problems.push(...problems);
    return spans;
  }
}

function instancesOf(text: string): number | undefined {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= mostInstances ? count : undefined;
}

function metricOf(text: string): Metric | undefined {
  if (isPlain(text)) return { kind: text };
  const query = text.startsWith(queryPrefix) ? text.slice(queryPrefix.length).trim() : '';
  return query === '' ? undefined : { kind: 'prometheus', query };
}

function targetOf(text: string): number | undefined {
  const target = /^\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  return target > 0 ? target : undefined;
}

function cooldownOf(text: string): number | undefined {
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : durationMs(text);
  return ms !== undefined && ms >= 1000 && ms <= longestCooldownMs ? ms : undefined;
}
