import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import type { ClusterRuntime, FoundLab, RunningLab } from '../../runtimes/cluster-runtime.ts';
import { isDoneWithout } from '../../runtimes/docker/lab/optional-part.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { notRunning, openLab, specInTheWay } from '../lab/open-lab.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { findOnRuntimes } from '../running/runtimes.ts';
import type { SpecSetting } from '../command-line/spec-from-flags.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import { ready } from '../running/up-lab.ts';

const turnMs = 180_000;

/** A lab whose parts can be stopped and started. */
interface Turnable {
  readonly runtime: ClusterRuntime;
  readonly turn: NonNullable<ClusterRuntime['turn']>;
  readonly found: FoundLab;
}

/** `stop [NAME…]`: stops the lab, or nodes or components of it; everything that they have stays. */
export const stop: Command = (context, line) =>
  locked(context, line, async (directory, reporter) => {
    const { turn } = await turnable(context, directory);
    await reporter.step({ title: titleOf('Stopping', line), deadlineMs: turnMs }, () =>
      turn({ directory }, 'stopped', line.positionals, context.signal),
    );
    context.stdout.write('Stopped. Everything is kept: start goes on with it, down removes it.\n');
    return exitCodes.ok;
  });

/** `start [NAME…]`: starts what was stopped, and waits until the lab is ready again. */
export const start: Command = (context, line) =>
  locked(context, line, async (directory, reporter) => {
    const { turn, runtime, found } = await turnable(context, directory);
    const before = labOf(found);
    const missing = before.parts.filter(({ state }) => state === 'missing').map(({ id }) => id);
    if (missing.length > 0 && line.positionals.length === 0) throw partsMissing(missing);
    await reporter.step({ title: titleOf('Starting', line), deadlineMs: turnMs }, () =>
      turn({ directory }, 'running', line.positionals, context.signal),
    );
    const lab = labOf((await turnable(context, directory)).found);
    const stopped = lab.parts.filter((part) => part.state !== 'running' && !isDoneWithout(part)).map(({ id }) => id);
    if (stopped.length > 0) {
      context.stdout.write(`Started. Still stopped: ${stopped.join(', ')}\n`);
      return exitCodes.ok;
    }
    const settings = lab.settings as readonly SpecSetting[];
    await ready({ context, line, directory, reporter, runtime, plan: lab.plan, settings }, lab);
    context.stdout.write('The lab runs again: npm run status\n');
    return exitCodes.ok;
  });

/** Somebody removed containers by hand: there is nothing of them that could be started. */
const partsMissing = (ids: readonly string[]) =>
  new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `${ids.length === 1 ? 'a container of the lab is' : 'containers of the lab are'} missing, which start cannot make; nothing was started`,
    found: `missing: ${ids.join(', ')}`,
    fix: 'create-mesos-cluster up makes what is missing, and starts the rest',
  });

const titleOf = (verb: string, { positionals }: CommandLine) =>
  `${verb} ${positionals.length === 0 ? 'the lab' : positionals.join(', ')}`;

function locked(
  context: Context,
  line: CommandLine,
  action: (directory: string, reporter: StepReporter) => Promise<number>,
): Promise<number> {
  const directory = openLab(context, line);
  const reporter = reporterFor(context, line);
  const world = { context, reporter, clock: systemClock, tryLock: tryLockFile };
  return withLabLock(directory, world, () => action(directory, reporter));
}

/** What a start waits for: without a plan nobody knows. */
function labOf(found: FoundLab): RunningLab {
  if (found.kind === 'unplanned') throw specInTheWay(found.problem);
  if (!('lab' in found)) throw notRunning();
  return found.lab;
}

async function turnable(context: Context, directory: string): Promise<Turnable> {
  const there = await findOnRuntimes(context, directory);
  if (there === undefined || there.found.kind === 'remains') throw notRunning();
  const { runtime, found } = there;
  if (runtime.turn !== undefined) return { runtime, turn: runtime.turn, found };
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `the runtime ${runtime.name} cannot stop a lab and start it again: it is one process`,
    fix: 'create-mesos-cluster down ends it, and up starts it anew',
  });
}
