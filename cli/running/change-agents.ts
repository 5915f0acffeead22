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
import { readLabSpec, readSpecText } from '../lab/read-spec.ts';
import { printWarnings } from '../lab/report-lab.ts';
import { makeSecrets } from './make-secrets.ts';
import { runtimesOf } from './runtimes.ts';
import { locateSettings, withSettings, type SpecSetting } from '../command-line/spec-from-flags.ts';
import { bringTo, startOptions, type UpTask } from './up-lab.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';

export type AgentsTask = Pick<UpTask, 'context' | 'line' | 'directory' | 'reporter'>;

/** What a change would make of a lab. */
export interface AgentsStep {
  /** What runs; undefined: nothing does. */
  readonly running: Pick<RunningLab, 'plan' | 'target'> | undefined;
  /** What the spec has said before. */
  readonly spec: Plan;
  readonly wanted: Plan;
}

/**
 * Brings the spec of a lab, and what runs of it, to another number of agents, while no other command works on it.
 * @param refuse asked when all is known and nothing was changed
 * @returns what had run; undefined: nothing
 * @throws what `refuse` throws; UserError
 */
export function changeAgents(
  asked: AgentsTask,
  wanted: number,
  refuse: (step: AgentsStep) => void = () => undefined,
): Promise<{ readonly before: Plan | undefined }> {
  const { context, line, directory, reporter } = asked;
  return withLabLock(directory, { context, reporter, clock: systemClock, tryLock: tryLockFile }, async () => {
    const there = await runtimesOf(context).find(directory);
    context.signal.throwIfAborted();
    const running = there?.found.kind === 'running' ? { runtime: there.runtime, lab: there.found.lab } : undefined;
    const change = await changeOf(context, line, directory, wanted);
    const settings = (running?.lab.settings ?? []) as readonly SpecSetting[];
    const plan = await change.planWith(settings);
    refuse({ running: running?.lab, spec: change.before, wanted: plan });
    const task = running && { ...asked, ...running, settings, plan };
    // What is refused, and what cannot be had, leaves the spec as it is.
    if (task !== undefined) await prepared(task, wanted);
    change.write();
    reporter.note(`${counted(wanted, 'agent')} in mesos-cluster.yaml, and in the files that follow from it`);
    if (task !== undefined) await bringTo(task);
    return { before: running?.lab.plan };
  });
}

async function prepared(task: UpTask & { readonly lab: RunningLab }, wanted: number): Promise<void> {
  const { runtime, lab, directory } = task;
  const options = startOptions(task);
  if ((await lab.changesTo?.(options)) === false) throw runsAsItIs(runtime.name, wanted);
  makeSecrets(task);
  await runtime.prepare({ directory }, options);
}

/** A change of the spec that is not written yet. */
interface SpecChange {
  /** What the spec says now. */
  readonly before: Plan;
  /** What is asked for then, with flags over it. */
  readonly planWith: (settings: readonly SpecSetting[]) => Promise<Plan>;
  /** Writes the spec and what is generated from it in one step. */
  readonly write: () => void;
}

/** Reads, plans and compares: nothing is changed when the result is no lab. */
async function changeOf(context: Context, line: CommandLine, directory: string, wanted: number): Promise<SpecChange> {
  const before = await readLabSpec(context, directory);
  const { plan: planBefore } = await preparePlan(before.spec, before.locate);
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
    before: planBefore,
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
    message: `the lab runs on the runtime ${name}, where the agents share the ports of this machine, so that their number cannot change while it runs; nothing was changed`,
    fix: `create-mesos-cluster down, scale agents ${wanted}, up; or with autoscale.agents: {min: 1, max: ${wanted}} in mesos-cluster.yaml, which keeps ports for so many, it can`,
  });
