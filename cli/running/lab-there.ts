import type { Context } from '../../platform/context.ts';
import type { ClusterRuntime, RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { remainsText } from '../lab/former-folder.ts';
import { findLab, notRunning, specInTheWay } from '../lab/open-lab.ts';

/** A lab that was started, and what runs it. */
export interface LabThere {
  /** Absolute. */
  readonly directory: string;
  readonly lab: RunningLab;
  readonly runtime: ClusterRuntime;
}

/** Also a lab of which all parts are down. @throws UserError LAB_NOT_RUNNING, or what keeps its spec from being read */
export async function labThere(context: Context, line: CommandLine, directory: string): Promise<LabThere> {
  const there = await findLab(context, line, directory);
  if (there === undefined) throw notRunning();
  const { found, runtime } = there;
  if (found.kind === 'unplanned') throw specInTheWay(found.problem);
  if (found.kind === 'remains') throw notRunning(remainsText(found));
  return { directory, lab: found.lab, runtime };
}
