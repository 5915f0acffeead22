import { clusterClient, type ClusterClient } from '../checks/cluster-client.ts';
import { targetFromPlan } from '../checks/cluster-target.ts';
import { UserError } from '../errors/user-error.ts';
import { recoverLab } from '../lab/recover-lab.ts';
import type { Context } from '../platform/context.ts';
import type { RunningLab } from '../runtimes/cluster-runtime.ts';
import type { Plan } from '../spec/plan.ts';
import { preparePlan } from '../spec/prepare-plan.ts';
import { specUses, type CommandLine } from './command-line.ts';
import { runsOnDocker } from './compose-project.ts';
import { labDirectory } from './plan-source.ts';
import { isLab, notALab, readLabSpec } from './read-spec.ts';
import { printWarnings } from './report-lab.ts';
import { embeddedOf } from './runtimes.ts';
import { locateSettings, settingsOf, withSettings } from './spec-from-flags.ts';

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

/** The plan of a lab's spec, with the flags over it. */
export async function planOfLab(context: Context, line: CommandLine, directory: string): Promise<Plan> {
  const settings = settingsOf(specUses(line));
  const { spec, locate } = await readLabSpec(context, directory);
  const prepared = await preparePlan(withSettings(spec, settings), locateSettings(settings, locate));
  printWarnings(context, line, prepared.warnings);
  return prepared.plan;
}

/** A cluster that a verb talks to over HTTP. */
export interface ClusterInReach extends RunningLab {
  /** What runs it; undefined: Docker or other machines, by the plan. */
  readonly runtime: 'embedded' | undefined;
  readonly client: ClusterClient;
}

/** The error for a lab that nothing runs. */
export function notRunning(): UserError {
  return new UserError({
    code: 'LAB_NOT_RUNNING',
    message: 'This lab does not run',
    fix: 'Start it: npm run up. A cluster that is not of this lab: verify --mesos URL --marathon URL',
  });
}

/** The cluster of a lab: what the embedded runtime runs, else what the plan says. */
export async function clusterOfLab(context: Context, line: CommandLine, directory: string): Promise<ClusterInReach> {
  const found = embeddedOf(context).find({ directory });
  if (found.kind === 'running') {
    return { ...found.lab, runtime: 'embedded', client: clusterClient(found.lab.target.hosts) };
  }
  const plan = await planOfLab(context, line, directory);
  // Another cluster may answer at the same ports: nothing is deployed to it by mistake.
  if (plan.runtime === 'docker' && !(await runsOnDocker(context, directory))) throw notRunning();
  const target = targetFromPlan(plan);
  return { plan, target, runtime: undefined, client: clusterClient(target.hosts) };
}
