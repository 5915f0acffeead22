import type { AppDefinition } from '../app-definition.ts';
import type { Cluster, ClusterTarget } from '../cluster-target.ts';
import type { FailuresAlike } from '../failed-tasks.ts';
import type { WaitingReasons } from '../why-waiting.ts';
import { pollUntil, type Seen } from '../poll-until.ts';
import type { Clock } from '../../platform/clock.ts';

/** In milliseconds. */
export interface VerifyTimes {
  /** For what should be there already. */
  readonly lookMs: number;
  /** For apps to run and be healthy; images may have to be pulled. */
  readonly startMs: number;
  readonly cleanUpMs: number;
  /** How long tasks of an app must be seen to run when one before them has failed: each may run for a moment. */
  readonly settleMs: number;
  readonly intervalMs: number;
}

/** An app that verify looks at. */
export interface VerifiedApp {
  /** Begins with `/`. */
  readonly id: string;
  readonly definition: AppDefinition;
  /** False: it was there before, and is somebody else's: it is looked at only. */
  readonly isOurs: boolean;
}

/** One run of verify: what the checks are given, and what they have found out for those after them. */
export interface VerifyRun {
  readonly cluster: Cluster;
  readonly runId: string;
  readonly apps: { readonly basic: AppDefinition; readonly nginx: AppDefinition };
  readonly times: VerifyTimes;
  readonly clock: Clock;
  readonly found: {
    /** URLs of the leading master and of a Marathon. */
    leader?: string;
    marathon?: string;
    basic?: VerifiedApp;
    nginx?: VerifiedApp;
    serviceUrl?: string;
  };
  /** Ids of apps that this run may have made or taken over, with the run ids that mark them as its own. */
  readonly touched: Map<string, ReadonlySet<string>>;
  /** The same of pods. */
  readonly touchedPods: Map<string, ReadonlySet<string>>;
  /** Tasks that failed, by app. */
  readonly failures: Map<string, FailuresAlike>;
  /** Since when the same tasks are seen to run, by app. */
  readonly running: Map<string, { readonly tasks: string; readonly since: number }>;
  /** Why apps wait, by app. */
  readonly waiting: Map<string, WaitingReasons>;
  /** For what a person may do something about while a check waits. */
  readonly note: (text: string) => void;
}

/** One thing that is verified. */
export interface Check {
  /** Stable, for machines: `leading-master`. */
  readonly name: string;
  /** What is true when it has passed. */
  readonly title: string;
  /** Names of the checks that must have passed. */
  readonly needs: readonly string[];
  /** Whether the cluster has the part it is about; of one that has not, nobody wants to hear of it. Missing: it always has. */
  readonly isAbout?: (target: ClusterTarget) => boolean;
  /** Why there is nothing to check here; undefined when there is. */
  readonly unless?: (run: VerifyRun) => string | undefined;
  /**
   * @returns the evidence, in words
   * @throws CheckFailure with the last thing seen; NothingToCheck; the signal's reason when it aborts
   */
  readonly run: (run: VerifyRun, signal: AbortSignal) => Promise<string>;
}

/** A check that failed; its message is the last thing seen. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** What a check is about turns out not to be there; its message says why. */
export class NothingToCheck extends Error {
  override readonly name = 'NothingToCheck';
}

/**
 * Looks until it is as it should be.
 * @throws CheckFailure when time is up
 */
export async function expectSeen<Found extends Seen>(
  run: VerifyRun,
  look: (signal: AbortSignal) => Promise<Found>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Found> {
  const { clock, times } = run;
  const result = await pollUntil(look, { timeoutMs, intervalMs: times.intervalMs, signal, clock });
  if (result.ok) return result.value;
  throw new CheckFailure(`after ${(result.elapsedMs / 1000).toFixed(1)} s: ${result.seen}`);
}

/** What a check before has found; its absence is a mistake in the table of checks. */
export function foundBefore<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`no check before has found ${what}`);
  return value;
}
