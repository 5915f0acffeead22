import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { compareLab, refuseEdits } from '../../lab/compare-lab.ts';
import { writeLab } from '../../lab/write-lab.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { agentChanges } from '../../planning/plan/agent-changes.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { regenerateRequest } from '../commands/generate.ts';
import { counted } from '../lab/describe-plan.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { openLab } from '../lab/open-lab.ts';
import { readLabSpec, readSpecText } from '../lab/read-spec.ts';
import { printWarnings } from '../lab/report-lab.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { runtimesOf } from './runtimes.ts';
import { locateSettings, withSettings, type SpecSetting } from '../command-line/spec-from-flags.ts';
import { makeSecrets } from './make-secrets.ts';
import { bringTo, startOptions } from './up-lab.ts';

/**
 * `scale agents N`: writes the number into mesos-cluster.yaml, generates the files again, and brings a lab that runs to
 * it. The last agents go first, with everything they have; their tasks are started elsewhere.
 */
export async function scaleAgents(context: Context, line: CommandLine, count: string): Promise<number> {
  const directory = openLab(context, line);
  const wanted = agentCount(count);
  const reporter = reporterFor(context, line);
  const world = { context, reporter, clock: systemClock, tryLock: tryLockFile };
  return withLabLock(directory, world, async () => {
    const there = await runtimesOf(context).find(directory);
    context.signal.throwIfAborted();
    const running = there?.found.kind === 'running' ? { runtime: there.runtime, lab: there.found.lab } : undefined;
    if (running?.runtime.changesInPlace === false) throw runsAsItIs(running.runtime.name, wanted);
    const change = await changeOf(context, line, directory, wanted);
    const settings = (running?.lab.settings ?? []) as readonly SpecSetting[];
    const task = running && {
      ...running,
      context,
      line,
      directory,
      reporter,
      settings,
      plan: await change.planWith(settings),
    };
    // What is refused, and what cannot be had, leaves the spec as it is.
    if (task !== undefined) makeSecrets(task);
    if (task !== undefined) await task.runtime.prepare({ directory }, startOptions(task));
    change.write();
    reporter.note(`${counted(wanted, 'agent')} in mesos-cluster.yaml, and in the files that follow from it`);
    if (task === undefined) {
      context.stdout.write(`The lab does not run; up starts it with ${counted(wanted, 'agent')}.\n`);
      return exitCodes.ok;
    }
    await bringTo(task);
    context.stdout.write(`${counted(wanted, 'agent')} ${wanted === 1 ? 'is' : 'are'} registered.\n`);
    if (wanted < task.lab.plan.agents.length) {
      context.stdout.write('The tasks of those that went are started elsewhere.\n');
    }
    return exitCodes.ok;
  });
}

function agentCount(count: string): number {
  if (/^[1-9]\d{0,4}$/.test(count)) return Number(count);
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `${count} is not a number of agents`,
    allowed: 'a whole number from 1, such as 3',
    fix: 'create-mesos-cluster scale agents 3; an app that is called agents: scale /agents 3',
  });
}

/** A change of the spec that is not written yet. */
interface SpecChange {
  /** What is asked for then, with flags over it. */
  readonly planWith: (settings: readonly SpecSetting[]) => Promise<Plan>;
  /** Writes the spec and what is generated from it in one step. */
  readonly write: () => void;
}

/** Reads, plans and compares: nothing is changed when the result is no lab. */
async function changeOf(context: Context, line: CommandLine, directory: string, wanted: number): Promise<SpecChange> {
  const before = await readLabSpec(context, directory);
  await preparePlan(before.spec, before.locate);
  const changes = agentChanges(before.spec, wanted, before.locate);
  const { editSpecText } = await import('../../planning/spec-text/edit-spec.ts');
  const text = editSpecText(before.text, changes);
  const { spec, locate } = await readSpecText(context, directory, text);
  const { plan, warnings } = await preparePlan(spec, locate);
  printWarnings(context, line, warnings);
  const request = await regenerateRequest(context, directory, plan, { text, isNew: true, force: isOn(line, 'force') });
  const comparison = compareLab(context.files, request);
  refuseEdits(comparison);
  return {
    planWith: async (settings) =>
      (await preparePlan(withSettings(spec, settings), locateSettings(settings, locate))).plan,
    write: () => {
      writeLab(context.files, comparison);
    },
  };
}

const runsAsItIs = (name: string, wanted: number) =>
  new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `the lab runs on the runtime ${name}, whose agents cannot change while it runs; nothing was changed`,
    fix: `create-mesos-cluster down, scale agents ${wanted}, up`,
  });
