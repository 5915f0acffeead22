import type { ReadinessStepName } from '../checks/wait-until-ready.ts';
import type { VerifyResult } from '../checks/verify.ts';
import type { ExitCode } from '../errors/exit-codes.ts';
import { UserError } from '../errors/user-error.ts';
import type { Context } from '../platform/context.ts';
import { askedFor, type ClusterRuntime, type RunningLab } from '../runtimes/cluster-runtime.ts';
import { leftOut } from '../runtimes/embedded/plan-to-run.ts';
import type { Plan } from '../spec/plan.ts';
import { awaitReady } from './await-ready.ts';
import { isOn, textOf, type CommandLine } from './command-line.ts';
import { counted } from './describe-plan.ts';
import { printRunning } from './print-running.ts';
import { verifyCluster } from './run-verify.ts';
import { resultPrinter, verifyExitCode } from './commands/verify.ts';
import { timeoutMs } from './running-marathon.ts';
import type { StepReporter } from './step-reporter.ts';

/** One `up` of a lab on the embedded runtime. */
export interface UpTask {
  readonly context: Context;
  readonly line: CommandLine;
  /** Absolute. */
  readonly directory: string;
  readonly reporter: StepReporter;
  readonly embedded: ClusterRuntime;
}

const readyTimeoutMs = 60_000;
const readyIntervalMs = 20;

/** Starts the lab, waits until it is ready, lets it run on, and verifies it. What fails before that is cleaned up. */
export async function upEmbedded(task: UpTask, plan: Plan, hasRemains: boolean): Promise<ExitCode> {
  const { context, line, directory, reporter, embedded } = task;
  if (hasRemains) {
    await reporter.step({ title: 'Ending what an earlier run left behind', deadlineMs: 10_000 }, () =>
      embedded.stop({ directory }),
    );
  }
  warnOfDifferences(reporter, plan);
  const components =
    plan.nodes.flatMap((node) => node.components).length - leftOut(plan).length - plan.zookeepers.length;
  const title = `Starting ${counted(components, 'component')} in one process`;
  const started = await reporter.step({ title, deadlineMs: 20_000 }, () =>
    embedded.start({ directory }, { plan, portOffset: portOffsetOf(line), signal: context.signal }),
  );
  try {
    await ready(task, started);
    const result = await verified(task, started);
    await started.keep();
    return finish(task, started, result);
  } catch (error) {
    if (isOn(line, 'retain')) {
      await started.keep();
      reporter.warn('What was started still runs (--retain): create-mesos-cluster down ends it');
    } else {
      await reporter.step({ title: 'Cleaning up', deadlineMs: 10_000 }, () => started.abandon());
    }
    throw error;
  }
}

/** `up` of a lab that runs: says so and verifies it. */
export async function verifyRunning(task: UpTask, plan: Plan, lab: RunningLab): Promise<ExitCode> {
  const { reporter, line } = task;
  const isOther = lab.asked !== askedFor({ plan, portOffset: portOffsetOf(line) });
  const flag = ['port-offset', 'port', 'service-ports'].find((name) => line.uses.some((use) => use.flag.name === name));
  if (isOther && flag !== undefined) throw runsOtherwise(lab, `--${flag}`);
  reporter.note(`The lab runs already (process ${lab.processId ?? 0})`);
  if (isOther) {
    reporter.warn('It runs as it was started: the spec or the flags say something else now. down, then up, applies it');
  }
  await ready(task, lab);
  return finish(task, lab, await verified(task, lab));
}

/** What somebody asked for on the command line is not passed over in silence. */
function runsOtherwise({ plan }: RunningLab, flag: string): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'the lab runs already, and was started with other ports or another spec; nothing was changed',
    place: { kind: 'flag', flag },
    found: `it runs at ${[...plan.urls.masters, ...plan.urls.marathons].join(' ')}`,
    fix: 'create-mesos-cluster down first, then up again',
  });
}

const portOffsetOf = (line: CommandLine): number => Number(textOf(line, 'port-offset') ?? 0);

function ready({ context, line, directory, reporter, embedded }: UpTask, lab: RunningLab): Promise<void> {
  return awaitReady(lab.target, {
    reporter,
    signal: context.signal,
    timeoutMs: timeoutMs(line, readyTimeoutMs),
    intervalMs: readyIntervalMs,
    lastLines: (step) => {
      const component = componentOf(lab.plan, step);
      const text = component === undefined ? '' : (embedded.logs({ directory }, component)?.readFrom(0)?.text ?? '');
      return text.trimEnd().split('\n').slice(-10);
    },
  });
}

/** @throws the signal's reason: an `up` that is interrupted leaves nothing */
async function verified({ context, line, reporter }: UpTask, lab: RunningLab): Promise<VerifyResult> {
  const { signal } = context;
  const startMs = timeoutMs(line, readyTimeoutMs);
  const result = await verifyCluster(lab.plan, lab.target, {
    reporter,
    signal,
    keep: false,
    startMs,
    intervalMs: readyIntervalMs,
    onResult: resultPrinter(context, line),
  });
  signal.throwIfAborted();
  return result;
}

/** The first component that a step is about, for its log. */
function componentOf(plan: Plan, step: ReadinessStepName): string | undefined {
  const role = {
    zookeeper: 'zookeeper',
    'leading master': 'mesos-master',
    masters: 'mesos-master',
    agents: 'mesos-agent',
    marathon: 'marathon',
    'load balancer': 'marathon-lb',
  }[step];
  return plan.nodes.flatMap(({ components }) => components).find((component) => component.role === role)?.id;
}

/** Says what is not as with Docker, before somebody wonders. */
function warnOfDifferences(reporter: StepReporter, plan: Plan): void {
  reporter.warn('Docker containers are simulated: their ports answer and say so. Commands are real processes');
  const missing = leftOut(plan).map(({ role }) => role);
  if (missing.length > 0) reporter.warn(`Without ${missing.join(', ')}: the embedded runtime does not have them`);
  if (plan.bind !== '127.0.0.1') reporter.warn(`Ports are open on 127.0.0.1 alone, not on ${plan.bind}`);
}

function finish({ context, line }: UpTask, lab: RunningLab, result: VerifyResult): ExitCode {
  printRunning(context, line, lab, result);
  return verifyExitCode(result);
}
