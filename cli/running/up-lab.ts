import type { ReadinessStepName } from '../../checks/wait-until-ready.ts';
import type { VerifyResult } from '../../checks/verify/verify.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { cleanUp } from '../../runtimes/clean-up.ts';
import type { ClusterRuntime, RunningLab, StartOptions } from '../../runtimes/cluster-runtime.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { awaitReady } from './await-ready.ts';
import { verifyImages } from '../apps/app-images.ts';
import { resultPrinter, verifyExitCode } from '../commands/verify.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { loadAppImages } from './load-app-images.ts';
import { printRunning } from './print-running.ts';
import { verifyCluster } from './run-verify.ts';
import { timeoutMs } from '../apps/running-marathon.ts';
import type { SpecSetting } from '../command-line/spec-from-flags.ts';
import { upAgain } from '../command-line/up-again.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/** One `up` of a lab on one runtime. */
export interface UpTask {
  readonly context: Context;
  readonly line: CommandLine;
  /** Absolute. */
  readonly directory: string;
  readonly reporter: StepReporter;
  readonly runtime: ClusterRuntime;
  readonly plan: Plan;
  /** What flags say over the spec. */
  readonly settings: readonly SpecSetting[];
}

/**
 * Starts the lab, or what is missing of it, waits until it is ready, lets it run on, and verifies it. What fails before
 * that is cleaned up: as far as this start has made it, and not with --retain.
 */
export async function upLab(task: UpTask): Promise<number> {
  return started(task, async (lab) => {
    await readyForApps(task, lab);
    const result = await verified(task, lab);
    return () => finish(task, lab, result);
  });
}

/** Brings a lab that runs to what the plan says now, for which all was prepared, and waits until it is ready. */
export async function bringTo(task: UpTask): Promise<void> {
  await started(task, async (lab) => {
    await readyForApps(task, lab);
    return () => undefined;
  });
}

/** Starts, and lets what was started run on when the action comes to an end; else cleans up, unless it is retained. */
async function started<Result>(task: UpTask, action: (lab: RunningLab) => Promise<() => Result>): Promise<Result> {
  const { line, directory, reporter, runtime } = task;
  // Ctrl-C ends the commands of a start, too, and one of them may be noticed first.
  const lab = await runtime.start({ directory }, startOptions(task)).catch((error: unknown) => {
    task.context.signal.throwIfAborted();
    throw error;
  });
  try {
    const last = await action(lab);
    await lab.keep();
    return last();
  } catch (error) {
    if (isOn(line, 'retain')) {
      await lab.keep();
      reporter.warn('What was started still runs (--retain): create-mesos-cluster down ends it');
    } else {
      await cleanUp(reporter, lab.abandon);
    }
    // Ctrl-C ends what watches the lab, too, and that may be noticed first.
    task.context.signal.throwIfAborted();
    throw error;
  }
}

/** What a runtime is asked to start. */
export function startOptions({ context, line, reporter, runtime, plan, settings }: UpTask): StartOptions {
  return {
    plan,
    settings,
    timeoutMs: timeoutMs(line, runtime.times.readyMs),
    force: isOn(line, 'force'),
    retain: isOn(line, 'retain'),
    skipUnreachable: isOn(line, 'skip-unreachable'),
    appImages: verifyImages(plan),
    upWith: (flags) => upAgain(line, settings, flags),
    tell: reporter,
    signal: context.signal,
  };
}

/** `up` of a lab that runs as asked, or on a runtime that cannot change what runs: says so and verifies it. */
export async function verifyRunning(task: UpTask, lab: RunningLab): Promise<number> {
  const { reporter } = task;
  const { processId } = lab;
  reporter.note(`The lab runs already${processId === undefined ? '' : ` (process ${processId})`}`);
  await readyForApps(task, lab);
  return finish(task, lab, await verified(task, lab));
}

/** The same as `ready`, and agents that are new have what the example apps run in. */
async function readyForApps(task: UpTask, lab: RunningLab): Promise<void> {
  await ready(task, lab);
  await loadAppImages(task, lab.plan);
}

/** Waits until what a task is about is ready. @throws UserError NOT_READY or CONTAINER_FAILED */
export async function ready(task: UpTask, lab: RunningLab): Promise<void> {
  const { context, line, directory, reporter, runtime } = task;
  const { readyMs, intervalMs } = runtime.times;
  const done = new AbortController();
  try {
    await awaitReady(lab.target, {
      reporter,
      signal: context.signal,
      timeoutMs: timeoutMs(line, readyMs),
      intervalMs,
      broken: lab.watch(done.signal),
      lastLines: async (step) => {
        const id = partOf(lab, step);
        const lines: string[] = [];
        const request = { tail: 10, follow: false, signal: context.signal };
        if (id !== undefined) {
          await runtime.logs({ directory }, { ids: [id], ...request }, (_, text) => lines.push(text));
        }
        return lines;
      },
    });
    await lab.confirm?.(context.signal);
  } finally {
    done.abort();
  }
}

/** @throws the signal's reason: an `up` that is interrupted leaves nothing */
async function verified(task: UpTask, lab: RunningLab): Promise<VerifyResult> {
  const { context, line, reporter, runtime } = task;
  const { signal } = context;
  const { appsMs, intervalMs } = runtime.times;
  const result = await verifyCluster(lab.plan, lab.target, {
    ...(lab.fullDisk === undefined ? {} : { fullDisk: lab.fullDisk }),
    reporter,
    signal,
    keep: false,
    startMs: timeoutMs(line, appsMs),
    intervalMs,
    onResult: resultPrinter(context, line),
  });
  signal.throwIfAborted();
  return result;
}

/** The first part that a step is about, for its log. */
function partOf({ parts }: RunningLab, step: ReadinessStepName): string | undefined {
  const role = {
    zookeeper: 'zookeeper',
    'leading master': 'mesos-master',
    masters: 'mesos-master',
    agents: 'mesos-agent',
    marathon: 'marathon',
    'load balancer': 'marathon-lb',
  }[step];
  return parts.find((part) => part.role === role)?.id;
}

/** What somebody asked for on the command line is not passed over in silence. */
export function runsOtherwise({ plan }: RunningLab, flag: string): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'the lab runs already, and was started with other ports or another spec; nothing was changed',
    place: { kind: 'flag', flag },
    found: `it runs at ${[...plan.urls.masters, ...plan.urls.marathons].join(' ')}`,
    fix: 'create-mesos-cluster down first, then up again',
  });
}

function finish({ context, line }: UpTask, lab: RunningLab, result: VerifyResult): number {
  printRunning(context, line, lab, result);
  return verifyExitCode(result);
}
