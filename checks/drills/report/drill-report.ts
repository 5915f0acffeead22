import type { Prediction, Strike } from '../drill.ts';
import type { Happened } from '../stage.ts';
import type { ProbeRequest } from '../steady-probe.ts';
import { clientsView, type ClientsView } from './clients-view.ts';

/** `sooner` and `later`: by more than a look takes. */
export type Verdict = 'as predicted' | 'sooner' | 'later' | 'not reached';

/** A prediction beside what was measured. Times are in milliseconds after the strike. */
export interface Measured extends Prediction {
  /** When it was predicted, with the milestone that it follows taken into account; missing: that was not reached. */
  readonly predicted?: { readonly fromMs: number; readonly toMs: number };
  readonly measuredMs?: number;
  readonly verdict: Verdict;
}

export interface TimelineEvent {
  readonly atMs: number;
  readonly text: string;
}

/** One run of a drill. */
export interface DrillRun {
  readonly target: string;
  /** When it struck: milliseconds since 1970. */
  readonly struckAt: number;
  readonly outcome: 'recovered' | 'not recovered' | 'interrupted';
  /** All of it as predicted; undefined: it was interrupted. */
  readonly verdict: 'as predicted' | 'other than predicted' | undefined;
  /** What was not reached, in words. */
  readonly fault?: string;
  readonly milestones: readonly Measured[];
  /** Until the last milestone, and until the end of everything, healing and proof included. */
  readonly recoveredMs: number;
  readonly totalMs: number;
  readonly clients: ClientsView;
  readonly events: readonly TimelineEvent[];
  readonly healed: Healing;
}

/** What became of healing. */
export interface Healing {
  readonly ok: boolean;
  /** In words: `16 checks of verify passed`, or what is wrong. */
  readonly evidence: string;
  readonly tookMs: number;
}

/** What was seen of a run. Times of the clock. */
export interface Raw {
  readonly strike: Strike;
  readonly beganAt: number;
  readonly endedAt: number;
  readonly struckAtEpochMs: number;
  readonly outcome: DrillRun['outcome'];
  readonly fault?: string;
  readonly strikes: readonly { readonly at: number; readonly words: string }[];
  readonly happened: readonly Happened[];
  readonly requests: readonly ProbeRequest[];
  readonly healed: Healing;
}

/** How exact a measurement is: a look that has just been over, and the answer to the next one. */
const allowanceMs = 150;

/** Puts predictions and measurements side by side. Pure. */
export function reportRun(raw: Raw): DrillRun {
  const struckAt = raw.strikes[0]?.at ?? raw.endedAt;
  const at = new Map(raw.happened.map(({ milestone, at: when }) => [milestone, Math.round(when - struckAt)]));
  const milestones = raw.strike.predictions.map((prediction) => measure(prediction, at));
  const recoveredMs = Math.max(0, ...milestones.flatMap(({ measuredMs }) => measuredMs ?? []));
  const isAsPredicted = milestones.every(({ verdict }) => verdict === 'as predicted');
  const titles = new Map(milestones.map(({ milestone, title }) => [milestone, title]));
  const events = [
    ...raw.strikes.map(({ at: when, words }) => ({ atMs: Math.round(when - struckAt), text: words })),
    ...[...at].flatMap(([milestone, atMs]) => {
      const text = titles.get(milestone);
      return text === undefined ? [] : [{ atMs, text }];
    }),
  ].toSorted((a, b) => a.atMs - b.atMs);
  return {
    target: raw.strike.target,
    struckAt: Math.round(raw.struckAtEpochMs),
    outcome: raw.outcome,
    verdict: raw.outcome === 'interrupted' ? undefined : isAsPredicted ? 'as predicted' : 'other than predicted',
    ...(raw.fault === undefined ? {} : { fault: raw.fault }),
    milestones,
    recoveredMs,
    totalMs: Math.round(raw.endedAt - raw.beganAt),
    clients: clientsView(raw.requests, struckAt),
    events,
    healed: raw.healed,
  };
}

function measure(prediction: Prediction, at: ReadonlyMap<string, number>): Measured {
  const { after, fromMs, toMs, milestone } = prediction;
  const baseMs = after === undefined ? 0 : at.get(after);
  const predicted = baseMs === undefined ? {} : { predicted: { fromMs: fromMs + baseMs, toMs: toMs + baseMs } };
  const measuredMs = at.get(milestone);
  if (measuredMs === undefined) return { ...prediction, ...predicted, verdict: 'not reached' };
  return { ...prediction, ...predicted, measuredMs, verdict: verdictOf(measuredMs - (baseMs ?? 0), prediction) };
}

function verdictOf(ms: number, { fromMs, toMs }: Prediction): Verdict {
  if (ms < fromMs - allowanceMs) return 'sooner';
  return ms > toMs + allowanceMs ? 'later' : 'as predicted';
}
