import { clusterClient, type ClusterClient } from '../../checks/cluster-client.ts';
import { targetFromPlan, targetWithout, type ClusterTarget, type ExpectedAgent } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import type { Context } from '../../platform/context.ts';
import { actedOn, type RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { FoundOn } from '../../runtimes/real-runtimes.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { specUses, type CommandLine } from '../command-line/command-line.ts';
import { remainsText } from './former-folder.ts';
import { labDirectory } from './plan-source.ts';
import { isLab, notALab, readLabSpec } from './read-spec.ts';
import { printWarnings } from './report-lab.ts';
import { runtimesOf } from '../running/runtimes.ts';
import { locateSettings, settingsOf, withSettings, type SpecSetting } from '../command-line/spec-from-flags.ts';
import { howToTrust } from '../../checks/untrusted-certificate.ts';

/**
 * The folder of the lab that a verb works on, settled if a write of it was interrupted.
 * @throws UserError USAGE_NOT_A_LAB
 */
export function openLab(context: Context, line: CommandLine): string {
  const directory = labDirectory(context, line);
  if (!isLab(context, directory)) throw notALab(context, directory);
  recoverLab(context.files, directory);
  return directory;
}

/**
 * The plan of a lab's spec, with the flags over it; prints its warnings.
 * @param settings what flags say over it; by default those of the line
 */
export async function planOfLab(
  context: Context,
  line: CommandLine,
  directory: string,
  settings: readonly SpecSetting[] = settingsOf(specUses(line)),
): Promise<Plan> {
  const { plan, warnings } = await prepareLab(context, directory, settings);
  printWarnings(context, line, warnings);
  return plan;
}

/** The plan of a lab's spec, with settings over it, and its warnings, which are not printed. */
export async function prepareLab(
  context: Context,
  directory: string,
  settings: readonly SpecSetting[],
): ReturnType<typeof preparePlan> {
  const { spec, locate } = await readLabSpec(context, directory);
  return preparePlan(withSettings(spec, settings), locateSettings(settings, locate));
}

/** A cluster that a verb talks to over HTTP. */
export interface ClusterInReach {
  readonly plan: Plan;
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
  /** Missing: nothing here runs it. */
  readonly runtime?: RunningLab['runtime'];
  /** As in RunningLab. */
  readonly fullDisk?: RunningLab['fullDisk'];
  readonly parts?: RunningLab['parts'];
  /** All agents that are planned, also those that are not looked at. */
  readonly agents?: readonly ExpectedAgent[];
  /** What of it is not looked at, and why: `master1 (killed)`. */
  readonly without?: readonly string[];
}

/** The error for a lab that nothing runs. @param found what was seen of it */
export function notRunning(found?: string): UserError {
  return new UserError({
    code: 'LAB_NOT_RUNNING',
    message: 'This lab does not run',
    ...(found === undefined ? {} : { found }),
    fix: 'Start it: npm run up. A cluster that is not of this lab: verify --mesos URL --marathon URL',
  });
}

/** The problems of a spec, where what runs can only be told by it. */
export function specInTheWay({ problems: [first, ...more] }: UserError): UserError {
  const { fix = 'Mend it' } = first;
  const andThen = 'What runs is not touched: stop, logs, exec and down work all the same';
  return new UserError({ ...first, fix: `${fix}${/[.?]$/.test(fix) ? '' : '.'} ${andThen}` }, ...more);
}

/** What there is of a lab, and on which runtime. */
export async function findLab(context: Context, line: CommandLine, directory: string): Promise<FoundOn | undefined> {
  const there = await runtimesOf(context).find(directory);
  if (there?.found.kind !== 'running' || there.runtime.name !== 'adopted') return there;
  // Its spec, as it is now and with the flags over it, is all that says what it is.
  const plan = await planOfLab(context, line, directory);
  return { ...there, found: { ...there.found, lab: { ...there.found.lab, plan } } };
}

/**
 * One look at all masters and Marathons at once: of a lab that does not run, whoever waits for it would wait in vain.
 * @throws UserError LAB_NOT_RUNNING when none of them answers
 */
export async function expectAnswer(
  { target, client }: Pick<ClusterInReach, 'target' | 'client'>,
  signal: AbortSignal,
): Promise<void> {
  const urls = [...target.masters, ...target.marathons];
  const answers = await Promise.allSettled(urls.map((url) => client.ask(`${url}/version`, signal)));
  signal.throwIfAborted();
  if (!answers.every((answer) => answer.status === 'rejected')) return;
  const [trust = ''] = answers.flatMap(({ reason }) => {
    const how = howToTrust(String(reason));
    return how === undefined ? [] : [`: ${String(reason)}; ${how}`];
  });
  throw notRunning(`nobody answers at ${urls.join(', ')}${trust}`);
}

/** The cluster of a lab: what runs of it here, else, on machines of its own, what the plan says. */
export async function clusterOfLab(context: Context, line: CommandLine, directory: string): Promise<ClusterInReach> {
  const recorded = (await runtimesOf(context).ofFolder(directory))?.labs?.recorded;
  if (recorded !== undefined) {
    // Its addresses are in the plan: no machine has to be logged in to.
    return clusterIn(recorded(directory) ?? (await planOfLab(context, line, directory)));
  }
  const there = await findLab(context, line, directory);
  if (there?.found.kind === 'running') {
    return clusterThatRuns(there.found.lab);
  }
  if (there?.found.kind === 'unplanned') throw specInTheWay(there.found.problem);
  const plan = await planOfLab(context, line, directory);
  // Another cluster may answer at the same ports: nothing is deployed to it by mistake.
  if (plan.placement === 'one-host')
    throw notRunning(there?.found.kind === 'remains' ? remainsText(there.found) : undefined);
  return clusterIn(plan);
}

/** Without what somebody stopped, killed, paused or cut off: it would not answer, and is no fault of the cluster. */
export function clusterThatRuns({ runtime, plan, target, parts, fullDisk }: RunningLab): ClusterInReach {
  const components = plan.nodes.flatMap((node) => node.components);
  const without = parts.flatMap(({ id, state }) => {
    const component = components.find((each) => each.id === id || each.service === id);
    return component === undefined || !actedOn.has(state) ? [] : [{ id: component.id, state }];
  });
  const left = targetWithout(target, plan, (id) => without.some((each) => each.id === id));
  return {
    ...clusterIn(plan, left),
    runtime,
    ...(fullDisk === undefined ? {} : { fullDisk }),
    parts,
    agents: target.expected?.agents ?? [],
    without: without.map(({ id, state }) => `${id} (${state})`),
  };
}

const clusterIn = (plan: Plan, target: ClusterTarget = targetFromPlan(plan)): ClusterInReach => ({
  plan,
  target,
  client: clusterClient(target.hosts),
});
