import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { verify, type CheckResult, type VerifyResult } from '../../checks/verify/verify.ts';
import { exampleApps } from '../../generators/app-definitions.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { Colours } from '../../platform/terminal.ts';
import { duration, type RunningStep, type StepReporter } from '../printing/step-reporter.ts';

/** How long what should be there already may take, as in checks/verify.ts. */
const lookMs = 20_000;

interface VerifyWorld {
  readonly reporter: StepReporter;
  readonly signal: AbortSignal;
  /** Leaves the apps. */
  readonly keep: boolean;
  /** How long apps may take to start. */
  readonly startMs: number;
  /** Between two looks. */
  readonly intervalMs: number;
  /** As in RunningLab. */
  readonly fullDisk?: RunningLab['fullDisk'];
  /** Each result as soon as there is one. */
  readonly onResult: (result: CheckResult) => void;
}

/**
 * Verifies a cluster, and shows what it is at.
 * @param plan says what the two apps look like
 * @throws UserError MACHINE_DISK_FULL when that is so, or becomes so: all that waits would do so until its deadline
 */
export async function verifyCluster(plan: Plan, target: ClusterTarget, world: VerifyWorld): Promise<VerifyResult> {
  const { reporter, keep, startMs, intervalMs, onResult } = world;
  let running: RunningStep | undefined;
  const disk = await watchDisk(world);
  const result = await verify(target, {
    signal: disk.signal,
    keep,
    apps: { basic: appOf(plan, 'basic-0'), nginx: appOf(plan, 'nginx') },
    times: { startMs, intervalMs, lookMs: Math.min(startMs, lookMs) },
    onProgress: (progress) => {
      if (progress.kind === 'started') running = reporter.begin({ title: progress.title });
      else if (progress.kind === 'note') reporter.note(progress.text);
      else {
        running?.leave();
        running = undefined;
        onResult(progress.result);
      }
    },
  });
  disk.end();
  return result;
}

/** How long a check may wait before its disk is looked at again. */
const diskEveryMs = 10_000;

/** Looks whether the disk is full, at once and then while this goes on. */
async function watchDisk({ fullDisk, signal }: VerifyWorld) {
  const full = new AbortController();
  const done = new AbortController();
  let problem = await fullDisk?.(signal);
  const endWhenFull = () => {
    if (problem !== undefined) throw new UserError(problem);
  };
  endWhenFull();
  const watch = async () => {
    const either = AbortSignal.any([signal, done.signal]);
    while (problem === undefined) {
      await systemClock.sleep(diskEveryMs, either);
      problem = await fullDisk?.(either);
    }
    full.abort();
  };
  // Ended by one of the signals: there is nobody any more who would like to know.
  if (fullDisk !== undefined) watch().catch(() => undefined);
  const end = () => {
    done.abort();
    endWhenFull();
  };
  return { signal: AbortSignal.any([signal, full.signal]), end };
}

/** An example app of a lab, by its id. */
export function appOf(plan: Plan, id: string) {
  const app = exampleApps(plan).find((each) => each.id === id);
  if (app === undefined) throw new Error(`there is no example app ${id}`);
  return app;
}

/** A result for people: what is true, how long it took to find out, and the evidence. */
export function checkText({ title, outcome, durationMs, evidence }: CheckResult, colours: Colours): string {
  const marks = { passed: colours.green('✓'), failed: colours.red('✗'), skipped: colours.dim('-') };
  const lines = evidence.split('\n').map((line) => `     ${colours.dim(line)}\n`);
  return ` ${marks[outcome]} ${title} ${colours.dim(`(${duration(durationMs)})`)}\n${lines.join('')}`;
}

/** What came of it, in one line. */
export function verifySummary({ checks, durationMs, outcome }: VerifyResult): string {
  const words = { passed: 'Verified', failed: 'Verification FAILED', interrupted: 'Interrupted' }[outcome];
  const count = (wanted: CheckResult['outcome']) => checks.filter((check) => check.outcome === wanted).length;
  const [failed, skipped] = [count('failed'), count('skipped')];
  const figures = [
    `${count('passed')} checks passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `${words}: ${figures.join(', ')} in ${duration(durationMs)}\n`;
}
