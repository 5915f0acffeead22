import { randomUUID } from 'node:crypto';
import type { AppDefinition } from '../app-definition.ts';
import { addonChecks } from './check-addons.ts';
import { basicChecks, basicDeployed, clusterChecks } from './check-cluster.ts';
import { chronosJob } from './check-chronos.ts';
import { nginxChecks, nginxDeployed } from './check-nginx.ts';
import { podDeployed, podRunning } from './check-pod.ts';
import { NothingToCheck, type Check, type VerifyRun, type VerifyTimes } from './check.ts';
import { type ClusterTarget, clusterAt } from '../cluster-target.ts';
import { removeOwn } from './clean-up.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';

export interface CheckResult {
  /** Stable, for machines: `leading-master`. */
  readonly name: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  /** What was seen; of a check that failed the last thing seen, of one that was skipped the reason. */
  readonly evidence: string;
}

export interface VerifyResult {
  readonly runId: string;
  readonly outcome: 'passed' | 'failed' | 'interrupted';
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
}

export type VerifyProgress =
  | { readonly kind: 'started'; readonly name: string; readonly title: string }
  /** What a person may do something about while a check waits. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'finished'; readonly result: CheckResult };

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** The definitions of basic-0 and nginx; verify adds a label, and to nginx a constraint that spreads it. */
  readonly apps: { readonly basic: AppDefinition; readonly nginx: AppDefinition };
  /** Leaves the apps that it deployed. */
  readonly keep?: boolean;
  readonly times?: Partial<VerifyTimes>;
  /** Default: that of this machine. */
  readonly clock?: Clock;
  /** Marks this run's apps; unique. */
  readonly runId?: string;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

const defaultTimes: VerifyTimes = {
  lookMs: 20_000,
  startMs: 300_000,
  cleanUpMs: 30_000,
  settleMs: 2000,
  intervalMs: 50,
};

/** The apps and the pod are deployed before one of them is waited for: they start together. */
export const allChecks: readonly Check[] = [
  ...clusterChecks,
  basicDeployed,
  nginxDeployed,
  podDeployed,
  ...basicChecks,
  ...nginxChecks,
  podRunning,
  chronosJob,
  ...addonChecks,
];

/**
 * Verifies a cluster by its URLs alone: looks at its parts, deploys basic-0, nginx and a pod, looks at them from outside, and
 * removes them. Never rejects because of the cluster; apps that it did not deploy are never changed.
 */
export async function verify(target: ClusterTarget, options: VerifyOptions): Promise<VerifyResult> {
  const { signal, apps, onProgress, clock = systemClock } = options;
  const start = clock.now();
  const run: VerifyRun = {
    cluster: clusterAt(target),
    runId: options.runId ?? randomUUID(),
    apps,
    times: { ...defaultTimes, ...options.times },
    clock,
    found: {},
    touched: new Map(),
    touchedPods: new Map(),
    failures: new Map(),
    running: new Map(),
    waiting: new Map(),
    note: (text) => onProgress?.({ kind: 'note', text }),
  };
  const results: CheckResult[] = [];
  const finish = (result: CheckResult) => {
    results.push(result);
    onProgress?.({ kind: 'finished', result });
  };
  for (const check of allChecks.filter(({ isAbout }) => isAbout?.(target) ?? true)) {
    const reason = reasonToSkip(check, run, results, signal);
    if (reason === undefined) onProgress?.({ kind: 'started', name: check.name, title: check.title });
    finish(reason === undefined ? await runCheck(check, run, signal) : skipped(check, reason));
  }
  const wasInterrupted = signal.aborted;
  const cleanUp = cleanUpCheck(options.keep === true && !wasInterrupted);
  if (run.touched.size + run.touchedPods.size === 0) finish(skipped(cleanUp, 'verify deployed nothing'));
  else {
    onProgress?.({ kind: 'started', name: cleanUp.name, title: cleanUp.title });
    // Not with the signal of the user, who wants it to end, not to leave things behind.
    finish(await runCheck(cleanUp, run, new AbortController().signal));
  }
  const hasFailed = results.some(({ outcome }) => outcome === 'failed');
  const outcome = wasInterrupted ? 'interrupted' : hasFailed ? 'failed' : 'passed';
  return { runId: run.runId, outcome, durationMs: since(start, clock), checks: results };
}

const since = (start: number, clock: Clock) => Math.round(clock.now() - start);

const skipped = ({ name, title }: Check, evidence: string): CheckResult => ({
  name,
  title,
  outcome: 'skipped',
  durationMs: 0,
  evidence,
});

function reasonToSkip(
  check: Check,
  run: VerifyRun,
  results: readonly CheckResult[],
  signal: AbortSignal,
): string | undefined {
  if (signal.aborted) return 'interrupted';
  const absent = check.unless?.(run);
  if (absent !== undefined) return absent;
  const missing = check.needs.flatMap((name) => results.find((result) => result.name === name) ?? []);
  const fault = missing.find(({ outcome }) => outcome !== 'passed');
  if (fault === undefined) return undefined;
  return `it needs ${fault.name}, which ${fault.outcome === 'failed' ? 'failed' : 'was skipped'}`;
}

async function runCheck(check: Check, run: VerifyRun, signal: AbortSignal): Promise<CheckResult> {
  const { name, title } = check;
  const start = run.clock.now();
  const durationMs = () => since(start, run.clock);
  try {
    const evidence = await check.run(run, signal);
    return { name, title, outcome: 'passed', durationMs: durationMs(), evidence };
  } catch (error) {
    if (signal.aborted) return { ...skipped(check, 'interrupted'), durationMs: durationMs() };
    if (error instanceof NothingToCheck) return { ...skipped(check, error.message), durationMs: durationMs() };
    const evidence = error instanceof Error ? error.message : String(error);
    return { name, title, outcome: 'failed', durationMs: durationMs(), evidence };
  }
}

const cleanUpCheck = (keep: boolean): Check => ({
  name: 'clean-up',
  title: keep ? 'what verify deployed is kept' : 'what verify deployed is removed',
  needs: [],
  run: (run, signal) =>
    keep
      ? Promise.resolve(`kept: ${[...run.touched.keys(), ...run.touchedPods.keys()].join(', ')}`)
      : removeOwn(run, signal),
});
