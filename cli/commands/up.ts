import { isUserError, UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import { actedOn, type AnyRuntimeName, type ClusterRuntime, type RunningLab } from '../../runtimes/cluster-runtime.ts';
import { runtimeNames, type RuntimeName } from '../../runtimes/runtime-names.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { specUses, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { remainsText } from '../lab/former-folder.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { openLab, planOfLab, prepareLab } from '../lab/open-lab.ts';
import { refuseSimulationOn } from '../lab/refuse-simulation.ts';
import { reporterFor, timeoutMs } from '../apps/running-marathon.ts';
import { chooseRuntime, type NoRuntime } from '../running/choose-runtime.ts';
import { makeSecrets } from '../running/make-secrets.ts';
import { wayOf, withOtherWays } from '../running/other-ways.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';
import { settingsOf, type SpecSetting } from '../command-line/spec-from-flags.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import { withinTime } from '../running/within-time.ts';
import { runsOtherwise, startOptions, upLab, verifyRunning, type UpTask } from '../running/up-lab.ts';

/** `up`: starts the lab on the first runtime that this machine has, waits until it is ready, and verifies it. */
export const up: Command = async (context, line) => {
  const directory = openLab(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), 'up', directory, context);
  const wanted = runtimeNames.find((name) => name === textOf(line, 'runtime'));
  // The problems of the spec before anybody waits for anything; its warnings come with the plan that is started.
  const { plan } = await prepareLab(context, directory, settingsOf(specUses(line)));
  const possible = runtimesFor(plan);
  if (wanted !== undefined && !possible.includes(wanted)) throw runsElsewhere(wanted, possible);
  if (wanted !== undefined) refuseSimulationOn(wanted, plan);
  const reporter = reporterFor(context, line);
  const lock = { context, reporter, clock: systemClock, tryLock: tryLockFile };
  const asked = { context, line, directory, reporter, wanted, plan };
  return withLabLock(directory, lock, () => upLocked(asked)).catch(async (error: unknown) => {
    // Whose it is, where it runs.
    if (isUserError(error) && error.problems[0].code === 'MACHINE_NOT_WRITABLE')
      await refuseIfNot(runtimesOf(context).embedded, 'up', directory, context);
    throw error;
  });
};

interface Asked {
  readonly context: Context;
  readonly line: CommandLine;
  readonly directory: string;
  readonly reporter: StepReporter;
  readonly wanted: RuntimeName | undefined;
  /** What the spec and the flags say. */
  readonly plan: Plan;
}

const askMs = 120_000;

async function upLocked(asked: Asked): Promise<number> {
  const { context, directory, reporter, wanted, plan } = asked;
  const runtimes = runtimesOf(context);
  // Machines that play no part need not answer.
  const isAllHere = plan.placement === 'machines' && wanted === 'embedded';
  const onMachines = plan.placement === 'machines' && !isAllHere;
  const find = (signal?: AbortSignal) => (isAllHere ? runtimes.findHere(directory) : runtimes.find(directory, signal));
  // Machines that are off are waited for, and virtual ones may be slow.
  const asking = { title: 'Asking the machines', limitMs: timeoutMs(asked.line, askMs) };
  const there = onMachines ? await withinTime({ ...asking, reporter, signal: context.signal }, find) : await find();
  context.signal.throwIfAborted();
  if (there?.found.kind === 'remains') {
    reporter.note(remainsText(there.found));
    const title = 'Ending what an earlier run left behind';
    await reporter.step({ title, deadlineMs: 120_000 }, () => there.runtime.remove({ directory }));
  } else if (there !== undefined && 'lab' in there.found) {
    // What runs already keeps its runtime.
    if (wanted !== undefined && wanted !== there.runtime.name) throw runsAlready(there.runtime.name);
    refuseSimulationOn(there.runtime.name, plan);
    const task = await taskOf(asked, there.runtime, there.found.lab);
    return upAgain(task, await madeWhole(task, there.found.lab)).catch(withWays(task));
  }
  if (onMachines) {
    const task = await taskOf(asked, (await runtimes.ofFolder(directory)) ?? runtimes.hosts);
    await task.runtime.prepare({ directory }, startOptions(task)).catch(withWays(task));
    return upLab(task).catch(withWays(task));
  }
  const candidates =
    plan.simulatedAgents === undefined && !isAllHere ? [runtimes.docker, runtimes.embedded] : [runtimes.embedded];
  const choice = await chooseRuntime(candidates, { directory }, wanted, context.signal);
  context.signal.throwIfAborted();
  if (!('chosen' in choice)) throw noRuntime(choice);
  reporter.note(`Runtime ${choice.chosen.name} (${choice.reason})`);
  const task = await taskOf(asked, choice.chosen);
  try {
    await task.runtime.prepare({ directory }, startOptions(task));
  } catch (error) {
    // Without a network there is still a cluster to be had.
    if (wanted !== undefined || !isUserError(error) || error.problems[0].code !== 'IMAGE_NOT_AVAILABLE')
      return withWays(task)(error);
    reporter.warn(error.problems[0].message);
    reporter.note('Runtime embedded (not docker: its images cannot be had; --runtime docker insists)');
    const lite = await wayOf(task.runtime, task, error.problems[0]);
    if (lite !== undefined) reporter.note(`Docker runs here all the same: ${lite}`);
    return upLab({ ...task, runtime: runtimes.embedded });
  }
  return upLab(task).catch(withWays(task));
}

const withWays =
  (task: UpTask) =>
  async (error: unknown): Promise<never> => {
    throw await withOtherWays(task, error);
  };

/** Flags of this line, or without any those that a lab was started with: `up` again must not move its ports back. */
async function taskOf(asked: Asked, runtime: ClusterRuntime, lab?: RunningLab): Promise<UpTask> {
  const { context, line, directory, reporter } = asked;
  const own = settingsOf(specUses(line));
  const settings = own.length === 0 && lab !== undefined ? (lab.settings as readonly SpecSetting[]) : own;
  const plan = await planOfLab(context, line, directory, settings);
  const task = { context, line, directory, reporter, runtime, plan, settings };
  makeSecrets(task);
  return task;
}

/** Starts what somebody stopped, killed, paused or cut off: `up` stands for all of the lab. */
async function madeWhole(task: UpTask, lab: RunningLab): Promise<RunningLab> {
  const { context, directory, reporter, runtime } = task;
  const names = lab.parts.filter(({ state }) => actedOn.has(state)).map(({ id }) => id);
  if (names.length === 0) return lab;
  const starting = { title: `Starting ${names.join(', ')}`, limitMs: timeoutMs(task.line, runtime.times.readyMs) };
  await withinTime({ ...starting, reporter, signal: context.signal }, (signal) =>
    runtime.control({ directory }, 'start', names, signal),
  );
  const found = await runtime.find({ directory });
  return 'lab' in found ? found.lab : lab;
}

/** `up` of a lab that is there: changes what differs where the runtime can, and verifies it. */
async function upAgain(task: UpTask, lab: RunningLab): Promise<number> {
  const { line, directory, reporter, runtime } = task;
  const options = startOptions(task);
  // Also of a lab that runs: an image may have been removed, or be of an older tool.
  await runtime.prepare({ directory }, options);
  const differences = await lab.differences(options);
  if (differences.length === 0) return verifyRunning(task, lab);
  if ((await lab.changesTo?.(options)) === false) {
    const flag = ['port-offset', 'port', 'service-ports', 'simulated-agents'].find(
      (name) => textOf(line, name) !== undefined,
    );
    if (flag !== undefined) throw runsOtherwise(lab, `--${flag}`);
    reporter.warn('It runs as it was started: the spec or the flags say something else now. down, then up, applies it');
    return verifyRunning(task, lab);
  }
  reporter.note(`What differs: ${differences.join(', ')}`);
  return upLab(task);
}

/** What can run a lab, by where its nodes are. */
function runtimesFor({ placement, vagrant }: Plan): readonly RuntimeName[] {
  if (placement === 'one-host') return ['docker', 'embedded'];
  return [vagrant === undefined ? 'hosts' : 'vagrant', 'embedded'];
}

function runsElsewhere(wanted: RuntimeName, possible: readonly RuntimeName[]): UserError {
  const onMachines = !possible.includes('docker');
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: onMachines
      ? 'a lab of several machines runs on those machines, or without Docker on this one'
      : 'a lab on one host does not run on several machines',
    place: { kind: 'flag', flag: '--runtime' },
    found: wanted,
    allowed: possible.join(', '),
    fix: onMachines
      ? 'leave --runtime out, or --runtime embedded; a lab on one host runs on Docker: create-mesos-cluster my-lab --preset single'
      : 'leave --runtime out; a lab of several machines: create-mesos-cluster my-lab --preset three-vm',
  });
}

function runsAlready(name: AnyRuntimeName): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `the lab runs already, on the runtime ${name}`,
    place: { kind: 'flag', flag: '--runtime' },
    fix: 'create-mesos-cluster down first',
  });
}

/** With the reason of the runtime that was asked for; the last one runs everywhere, so there is one. */
function noRuntime({ reasons }: NoRuntime): UserError {
  const [first, ...more] = reasons.map(({ problem }) => problem);
  return first === undefined
    ? new UserError({ code: 'USAGE_ARGUMENTS', message: 'this lab does not run on the runtime that --runtime names' })
    : new UserError(first, ...more);
}
