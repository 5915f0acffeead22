import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import { marathonClient, type MarathonClient } from './marathon-client.ts';
import { clusterOfLab, openLab, type ClusterInReach } from '../lab/open-lab.ts';
import { quietly, stepReporter, type StepReporter } from '../printing/step-reporter.ts';

/** What the verbs that talk to Marathon share. */
export interface RunningMarathon {
  readonly directory: string;
  readonly cluster: ClusterInReach;
  readonly marathon: MarathonClient;
  readonly reporter: StepReporter;
}

/** The Marathon of the lab that a verb works on. */
export async function runningMarathon(context: Context, line: CommandLine): Promise<RunningMarathon> {
  const directory = openLab(context, line);
  const cluster = await clusterOfLab(context, line, directory);
  const marathon = marathonClient(cluster.target.marathons, cluster.client, context.signal);
  return { directory, cluster, marathon, reporter: reporterFor(context, line) };
}

/** Progress on standard error; with --quiet warnings alone. */
export function reporterFor({ stderr, env }: Context, line: CommandLine): StepReporter {
  const reporter = stepReporter({ stderr, env, clock: systemClock, colour: !isOn(line, 'no-color') });
  return isOn(line, 'quiet') ? quietly(reporter) : reporter;
}

/** How long a deployment may take. */
export const defaultTimeoutMs = 300_000;

/** The value of --timeout, or a verb's own. */
export function timeoutMs(line: CommandLine, defaultMs: number): number {
  const typed = textOf(line, 'timeout');
  return typed === undefined ? defaultMs : Number(typed) * 1000;
}

/** The error for an app that Marathon does not have. */
export function unknownApp(id: string): UserError {
  return new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `Marathon has no app ${id}`,
    found: id,
    fix: 'create-mesos-cluster status lists the apps; deploy FILE starts one',
  });
}
