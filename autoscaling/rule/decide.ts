import { boundsAt, metricName, type Wish } from '../labels/wish.ts';
import { recommend, type Measurement, type Recommendation } from './recommend.ts';

/** What is kept of an app between two looks at it. */
export interface Memory {
  /** How many there were to be, when it was last seen or scaled. */
  readonly instances: number;
  /** When it was last scaled, by the autoscaler or by hand; milliseconds since 1970. */
  readonly steppedAt?: number;
  /** Of the stabilisation window. */
  readonly recommendations: readonly { readonly at: number; readonly instances: number }[];
}

/** An app as Marathon tells of it. */
export interface SeenApp {
  readonly instances: number;
  readonly isDeployed: boolean;
}

export interface Decision {
  /** `unable`: nothing was measured. */
  readonly kind: 'scale' | 'hold' | 'unable';
  readonly from: number;
  /** The same as `from`, unless it is scaled. */
  readonly to: number;
  readonly reason: string;
  readonly metric: string;
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** Of one instance. */
  readonly value?: number;
  readonly ratio?: number;
}

/** What is decided of, and when. */
export interface Question {
  readonly wish: Wish;
  readonly seen: SeenApp;
  readonly measured: Measurement;
  /** Undefined: it was never seen before. */
  readonly memory: Memory | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @returns what to do, and what to keep; a step that was taken is added to it by `withStep` */
export function decide({ wish, seen, measured, memory: before, now }: Question): {
  readonly decision: Decision;
  readonly memory: Memory;
} {
  const bounds = boundsAt(wish, now);
  const { instances } = seen;
  const memory = refresh(before, instances, now);
  const recommended = recommend(measured, wish.target, Math.max(1, instances));
  const figures = recommended === undefined ? {} : { value: recommended.value, ratio: recommended.ratio };
  const answer = (kind: Decision['kind'], to: number, reason: string, kept = memory) => ({
    decision: {
      ...{ kind, from: instances, to, reason, metric: metricName(wish.metric), target: wish.target },
      ...{ min: bounds.min, max: bounds.max, ...figures },
    },
    memory: kept,
  });
  const hold = (reason: string, kept = memory) => answer('hold', instances, reason, kept);
  if (instances === 0) return hold('it was scaled to 0: it is left alone until somebody gives it an instance');
  if (before !== undefined && before.instances !== instances) {
    return hold(`it was scaled from ${before.instances} to ${instances} by hand, which stands for now`);
  }
  if (seen.isDeployed) return hold('a deployment of it runs');
  const kept = recommended === undefined ? memory : record(memory, recommended.instances, wish, now);
  const waitMs = (memory.steppedAt ?? -Infinity) + wish.cooldownMs - now;
  const { to, reason } = choose({ wish, recommended, instances, bounds, kept, measured });
  if (to === undefined) return answer('unable', instances, reason);
  if (to === instances) return hold(reason, kept);
  if (waitMs > 0) return hold(`${reason}; the next step is in ${Math.ceil(waitMs / 1000)} s`, kept);
  return answer('scale', to, reason, kept);
}

/** As it is after a step of the autoscaler. */
export const withStep = (memory: Memory, instances: number, now: number): Memory => ({
  ...memory,
  instances,
  steppedAt: now,
});

/** Whoever scales by hand begins all windows anew. What is seen for the first time was right so far (recordInitialRecommendation). */
function refresh(before: Memory | undefined, instances: number, now: number): Memory {
  const fresh = { instances, recommendations: [{ at: now, instances }] };
  if (before === undefined) return fresh;
  return before.instances === instances ? before : { ...fresh, steppedAt: now };
}

/** How many cooldowns the stabilisation window has: by default it then is that of Kubernetes, 300 seconds. */
export const cooldownsLookedBack = 5;

function record(memory: Memory, instances: number, { cooldownMs }: Wish, now: number): Memory {
  const since = now - cooldownsLookedBack * cooldownMs;
  // Of these only the highest counts, so lower ones are forgotten that are older than a higher one.
  const recent = memory.recommendations.filter((each) => each.at > since && each.instances > instances);
  return { ...memory, recommendations: [...recent, { at: now, instances }] };
}

interface Choice {
  readonly wish: Wish;
  readonly recommended: Recommendation | undefined;
  readonly instances: number;
  readonly bounds: ReturnType<typeof boundsAt>;
  readonly kept: Memory;
  readonly measured: Measurement;
}

/** How many there should be, were it time for a step; undefined: that is not known. */
function choose({ wish, recommended, instances, bounds, kept, measured }: Choice): {
  readonly to?: number;
  readonly reason: string;
} {
  const of = bounds.span === undefined ? '' : ` of ${bounds.span}`;
  const within = (count: number) => Math.min(bounds.max, Math.max(bounds.min, count));
  if (instances < bounds.min)
    return { to: bounds.min, reason: `${instances} is below the minimum${of}, ${bounds.min}` };
  if (instances > bounds.max)
    return { to: bounds.max, reason: `${instances} is above the maximum${of}, ${bounds.max}` };
  if (recommended === undefined) {
    return { reason: measured.kind === 'none' ? measured.why : 'none of its instances was measured' };
  }
  const said = `${wish.metric.kind} ${shown(recommended.value)} of ${shown(wish.target)} an instance`;
  // The most that was recommended in the window (stabilizeRecommendationWithBehaviors).
  const highest = Math.max(...kept.recommendations.map((each) => each.instances));
  const wanted = recommended.instances;
  if (wanted < instances && highest >= instances && highest > wanted) {
    return { to: instances, reason: `${said}: ${wanted} would do, and ${highest} were wanted not long ago` };
  }
  const stable = wanted < instances ? highest : wanted;
  if (stable < instances && measured.kind === 'per-instance' && measured.atLeast !== undefined) {
    return { to: instances, reason: `${said}: ${stable} would do, but ${measured.atLeast}` };
  }
  const to = within(stable);
  if (to !== instances) return { to, reason: `${said}: ratio ${shown(recommended.ratio)}, ${instances} → ${to}` };
  if (stable !== instances) {
    return { to, reason: `${said}: ${stable} are wanted, ${to} is the ${stable > to ? 'maximum' : 'minimum'}${of}` };
  }
  return { to, reason: `${said}: ratio ${shown(recommended.ratio)}, ${instances} is right` };
}

const shown = (value: number) => String(Math.round(value * 100) / 100);
