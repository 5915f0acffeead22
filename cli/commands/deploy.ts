import { textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { appPath, groupPath, podPath } from '../../protocol/marathon/app-id.ts';
import { readAppFiles } from '../apps/app-files.ts';
import { awaitDeployments } from '../apps/await-deployments.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { openLab } from '../lab/open-lab.ts';
import { runningMarathon, timeoutMs, type RunningMarathon } from '../apps/running-marathon.ts';

const defaultTimeoutMs = 300_000;

/** What happened to an app, a pod or a group. */
export interface Deployed {
  readonly kind: 'app' | 'pod' | 'group';
  readonly id: string;
  /** Of a group Marathon does not say whether it was there; `scaled` by the verb scale. */
  readonly change: 'created' | 'updated' | 'deployed' | 'scaled';
  readonly deploymentId: string;
  /** With --wait: what runs now. */
  readonly state?: string;
}

const pathsOf = { app: appPath, pod: podPath, group: groupPath };

/** `deploy`: gives Marathon the apps, pods and groups of files; one that it has already is changed. */
export const deploy: Command = async (context, line) => {
  const definitions = await readAppFiles(context, openLab(context, line), line.positionals);
  const running = await runningMarathon(context, line);
  const done: Deployed[] = [];
  for (const { kind, id, file, definition, apps } of definitions) {
    const path = pathsOf[kind](id);
    // Marathon answers the PUT of a pod in one way, whether it was there or not.
    const isNewPod = kind === 'pod' && (await running.marathon.ask('GET', path)).status === 404;
    const query = isOn(line, 'force') ? '?force=true' : '';
    const { status, json, headers } = await running.marathon
      .ask('PUT', `${path}${query}`, definition)
      .catch((error: unknown) => {
        throw isUserError(error) ? withFile(error, file) : error;
      });
    const change = kind === 'group' ? 'deployed' : status === 201 || isNewPod ? 'created' : 'updated';
    const deploymentId = textAt(json, 'deploymentId') ?? String(headers['marathon-deployment-id'] ?? '');
    done.push(await finish(context, line, running, { deployed: { kind, id, change, deploymentId }, apps }));
  }
  printDeployed(context, line, done);
  return exitCodes.ok;
};

/** A refusal, with the file that it is about. */
function withFile({ problems: [first, ...more] }: UserError, file: string): UserError {
  if (first.code !== 'MARATHON_REFUSED') return new UserError(first, ...more);
  return new UserError({ ...first, place: { kind: 'path', path: file } }, ...more);
}

/** Waits for a deployment if --wait says so. @param apps ids of those that are deployed */
export async function finish(
  context: Context,
  line: CommandLine,
  { marathon, cluster, reporter }: RunningMarathon,
  { deployed, apps }: { readonly deployed: Deployed; readonly apps: readonly string[] },
): Promise<Deployed> {
  if (!isOn(line, 'wait')) return deployed;
  const deadlineMs = timeoutMs(line, defaultTimeoutMs);
  const isGroup = deployed.kind === 'group';
  const states = await reporter.step({ title: `Deploying ${deployed.id}`, deadlineMs }, (seen) =>
    awaitDeployments(apps, {
      marathon,
      kind: deployed.kind === 'pod' ? 'pod' : 'app',
      cluster,
      clock: systemClock,
      signal: context.signal,
      deadlineMs,
      seen,
      note: reporter.note,
    }),
  );
  const lines = states.map((state, index) => (isGroup ? `${apps[index] ?? ''} ${state}` : state));
  return { ...deployed, state: lines.join(', ') };
}

export function printDeployed({ stdout }: Context, line: CommandLine, deployed: readonly Deployed[]): void {
  if (isOn(line, 'json')) {
    stdout.write(`${JSON.stringify({ apps: deployed }, undefined, 2)}\n`);
    return;
  }
  for (const { id, change, state } of deployed)
    stdout.write(`${change} ${id}${state === undefined ? '' : `: ${state}`}\n`);
}
