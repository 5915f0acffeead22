import type { Measurement } from '../rule/recommend.ts';
import type { ScaledApp } from './scaled-app.ts';

/** Asks for a text. @throws Error with a reason in words when there is no answer, or another status than 200 */
export type AskText = (url: string) => Promise<string>;

/** As AskText; JSON. */
export type AskJson = (url: string) => Promise<unknown>;

/**
 * What instances used together, of which so many were measured: the rule looks at their average alone.
 * @param counted how many of those that are ready were measured
 */
export function fromInstances(
  { tasks }: ScaledApp,
  total: number,
  counted: number,
  more: { readonly atLeast?: string } = {},
): Measurement {
  const ready = tasks.filter(({ isReady }) => isReady).length;
  // One that Marathon does not yet think ready may be measured already.
  const measured = Math.min(counted, ready);
  return {
    kind: 'per-instance',
    values: Array.from({ length: measured }, () => total / measured),
    missing: ready - measured,
    unready: tasks.length - ready,
    ...more,
  };
}
