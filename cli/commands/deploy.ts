import { textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { appPath } from '../../protocol/app-id.ts';
import { readAppFiles } from '../apps/app-files.ts';
import { awaitDeployment } from '../apps/await-deployment.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { openLab } from '../lab/open-lab.ts';
import { runningMarathon, timeoutMs, type RunningMarathon } from '../apps/running-marathon.ts';

const defaultTimeoutMs = 300_000;

/** What happened to an app. */
export interface Deployed {
  readonly id: string;
  /** `created` or `updated`; `scaled` by the verb scale. */
  readonly change: 'created' | 'updated' | 'scaled';
  readonly deploymentId: string;
  /** With --wait: what runs now. */
  readonly state?: string;
}

/** `deploy`: gives Marathon the app definitions of files; one that it has already is changed. */
export const deploy: Command = async (context, line) => {
  const apps = await readAppFiles(context, openLab(context, line), line.positionals);
  const running = await runningMarathon(context, line);
  const done: Deployed[] = [];
  for (const { id, file, definition } of apps) {
    const path = `${appPath(id)}${isOn(line, 'force') ? '?force=true' : ''}`;
    const { status, json } = await running.marathon.ask('PUT', path, definition).catch((error: unknown) => {
      throw isUserError(error) ? withFile(error, file) : error;
    });
    const change = status === 201 ? 'created' : 'updated';
    done.push(await finish(context, line, running, { id, change, deploymentId: textAt(json, 'deploymentId') ?? '' }));
  }
  printDeployed(context, line, done);
  return exitCodes.ok;
};

/** A refusal, with the file that it is about. */
function withFile({ problems: [first, ...more] }: UserError, file: string): UserError {
  if (first.code !== 'MARATHON_REFUSED') return new UserError(first, ...more);
  return new UserError({ ...first, place: { kind: 'path', path: file } }, ...more);
}

/** Waits for a deployment if --wait says so. */
export async function finish(
  context: Context,
  line: CommandLine,
  { marathon, cluster, reporter }: RunningMarathon,
  deployed: Deployed,
): Promise<Deployed> {
  if (!isOn(line, 'wait')) return deployed;
  const deadlineMs = timeoutMs(line, defaultTimeoutMs);
  const { signal } = context;
  const state = await reporter.step({ title: `Deploying ${deployed.id}`, deadlineMs }, (seen) =>
    awaitDeployment(deployed.id, {
      marathon,
      cluster,
      clock: systemClock,
      signal,
      deadlineMs,
      seen,
      note: reporter.note,
    }),
  );
  return { ...deployed, state };
}

export function printDeployed({ stdout }: Context, line: CommandLine, deployed: readonly Deployed[]): void {
  if (isOn(line, 'json')) {
    stdout.write(`${JSON.stringify({ apps: deployed }, undefined, 2)}\n`);
    return;
  }
  for (const { id, change, state } of deployed)
    stdout.write(`${change} ${id}${state === undefined ? '' : `: ${state}`}\n`);
}
