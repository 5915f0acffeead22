import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import type { FoundLab, PartAction, RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { FoundOn } from '../../runtimes/real-runtimes.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { remainsText } from '../lab/former-folder.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { notRunning, openLab, specInTheWay } from '../lab/open-lab.ts';
import { reporterFor, timeoutMs } from '../apps/running-marathon.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';
import type { SpecSetting } from '../command-line/spec-from-flags.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import { ready } from '../running/up-lab.ts';
import { withinTime } from '../running/within-time.ts';

const controlMs = 180_000;

/** Does something with parts of a lab that runs, and says in a line what is so now. */
const acting =
  (action: PartAction, title: string, done: string): Command =>
  (context, line) =>
    locked(context, line, action, async (directory, reporter) => {
      const { runtime, found } = await whatIsThere(context, directory, action);
      refuseWhatIsDown(action, line.positionals, found);
      const limitMs = Math.max(controlMs, runtime.times.readyMs);
      await withinTime({ title: titleOf(title, line), limitMs, reporter, signal: context.signal }, (signal) =>
        runtime.control({ directory }, action, line.positionals, signal),
      );
      context.stdout.write(`${done}\n`);
      return exitCodes.ok;
    });

const needRunning: Readonly<Partial<Record<PartAction, string>>> = { pause: 'paused', partition: 'cut off' };
const isDown: ReadonlySet<string> = new Set(['stopped', 'killed', 'exited', 'created', 'missing']);

/** What does not run stands still already, and is not cut off by anybody. @throws UserError LAB_NOT_RUNNING */
function refuseWhatIsDown(action: PartAction, names: readonly string[], found: FoundLab): void {
  const done = needRunning[action];
  const parts = 'lab' in found ? found.lab.parts : [];
  const named = names.map((name) => parts.filter(({ id, node }) => id === name || node === name));
  const down = named.flatMap((each) => (each.every(({ state }) => isDown.has(state)) ? each : []));
  if (done === undefined || down.length === 0) return;
  throw new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `only what runs can be ${done}`,
    found: down.map(({ id, state }) => `${id} is ${state}`).join(', '),
    fix: `create-mesos-cluster start ${down.map(({ id }) => id).join(' ')}`,
  });
}

/** `stop [NAME…]`: stops the lab, or nodes or components of it; everything that they have stays. */
export const stop = acting('stop', 'Stopping', 'Stopped. Everything is kept: start goes on with it, down removes it.');

/** `kill NAME…`: as `kill -9`: nothing is said or saved, and nobody starts it again but `start`. */
export const kill = acting('kill', 'Killing', 'Killed: nothing was said or saved. It stays down until start.');

/** `pause NAME…`: everything of it stands still; who talks to it waits. */
export const pause = acting('pause', 'Pausing', 'Paused: it stands still, with its connections open, until start.');

/** `partition AGENT…`: nothing gets through between an agent and the masters; all else reaches both. */
export const partition = acting(
  'partition',
  'Cutting off',
  'Cut off: the masters and the agent do not reach each other until heal. Its tasks run on.',
);

/** `heal [AGENT…]`: undoes `partition`. */
export const heal = acting('heal', 'Healing', 'Healed: agents and masters reach each other.');

/** `start [NAME…]`: starts what was stopped, killed, paused or cut off, and waits until the lab is ready again. */
export const start: Command = (context, line) =>
  locked(context, line, 'start', async (directory, reporter) => {
    const { runtime, found } = await whatIsThere(context, directory, 'start');
    const before = labOf(found);
    const missing = before.parts.filter(({ state }) => state === 'missing').map(({ id }) => id);
    if (missing.length > 0 && line.positionals.length === 0) throw partsMissing(missing);
    const limitMs = timeoutMs(line, Math.max(controlMs, runtime.times.readyMs));
    await withinTime({ title: titleOf('Starting', line), limitMs, reporter, signal: context.signal }, (signal) =>
      runtime.control({ directory }, 'start', line.positionals, signal),
    );
    const lab = labOf((await whatIsThere(context, directory, 'start')).found);
    const { parts, doneWithout = [] } = lab;
    const stopped = parts
      .filter(({ id, state }) => state !== 'running' && !doneWithout.includes(id))
      .map(({ id }) => id);
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

async function locked(
  context: Context,
  line: CommandLine,
  verb: PartAction,
  action: (directory: string, reporter: StepReporter) => Promise<number>,
): Promise<number> {
  const directory = openLab(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), verb, directory, context);
  const reporter = reporterFor(context, line);
  const world = { context, reporter, clock: systemClock, tryLock: tryLockFile };
  return withLabLock(directory, world, () => action(directory, reporter)).catch(async (error: unknown) => {
    // Whose lab it is says more than that its folder cannot be written.
    if (isUserError(error) && error.problems[0].code === 'MACHINE_NOT_WRITABLE') {
      await refuseIfNot((await runtimesOf(context).find(directory))?.runtime, verb, directory, context);
    }
    throw error;
  });
}

/** What a start waits for: without a plan nobody knows. */
function labOf(found: FoundLab): RunningLab {
  if (found.kind === 'unplanned') throw specInTheWay(found.problem);
  if (!('lab' in found)) throw notRunning();
  return found.lab;
}

async function whatIsThere(context: Context, directory: string, verb: PartAction): Promise<FoundOn> {
  const there = await runtimesOf(context).find(directory);
  if (there === undefined) throw notRunning();
  if (there.found.kind === 'remains') throw notRunning(remainsText(there.found));
  await refuseIfNot(there.runtime, verb, directory, context);
  return there;
}
