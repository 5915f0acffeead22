import { textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { appPath, groupPath, podPath } from '../../protocol/marathon/app-id.ts';
import { readAppFiles, type AppDefinition } from '../apps/app-files.ts';
import { awaitDeployments } from '../apps/await-deployments.ts';
import { checkNetworks } from '../apps/check-networks.ts';
import { checkScaling } from '../apps/check-scaling.ts';
import { parentsFirst, refuseWithoutChronos } from '../apps/chronos-jobs.ts';
import { awaitRun, putJob, type TakenJob } from '../apps/deploy-job.ts';
import type { Deployed } from '../apps/deployed.ts';
import { inFile } from '../apps/in-file.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { openLab, prepareLab } from '../lab/open-lab.ts';
import { deployInLab } from '../strategies/deploy-in-lab.ts';
import { refuseOthers } from '../strategies/group-problems.ts';
import { strategyOf } from '../strategies/strategy.ts';
import { defaultTimeoutMs, runningMarathon, timeoutMs, type RunningMarathon } from '../apps/running-marathon.ts';

const pathsOf = { app: appPath, pod: podPath, group: groupPath };

/** `deploy`: gives Marathon the apps, pods and groups of files, and Chronos the jobs; what they have already is changed. */
export const deploy: Command = async (context, line) => {
  const directory = openLab(context, line);
  const strategy = strategyOf(line);
  const definitions = parentsFirst(await readAppFiles(context, directory, line.positionals));
  if (strategy !== undefined) refuseOthers(definitions, strategy);
  const running = await runningMarathon(context, line).catch(async (error: unknown) => {
    // Also before it runs.
    const isDown = isUserError(error) && error.problems[0].code === 'LAB_NOT_RUNNING';
    if (isDown) refuseWithoutChronos(definitions, (await prepareLab(context, directory, [])).plan);
    throw error;
  });
  refuseWithoutChronos(definitions, running.cluster.plan);
  const remarks = [
    checkScaling(definitions, running.cluster.plan),
    checkNetworks(definitions, running.cluster.plan, running.cluster.runtime),
  ];
  for (const remark of remarks) if (remark !== undefined) running.reporter.warn(remark);
  if (strategy !== undefined) {
    printDeployed(context, line, await deployInLab(context, line, running, { definitions, strategy }));
    return exitCodes.ok;
  }
  const done: Deployed[] = [];
  for (const each of definitions) {
    const { kind } = each;
    if (kind !== 'job') done.push(await deployApp(context, line, running, { ...each, kind }));
  }
  const jobs = definitions.filter(({ kind }) => kind === 'job');
  printDeployed(context, line, [...done, ...(await deployJobs(context, line, running, jobs))]);
  return exitCodes.ok;
};

async function deployApp(
  context: Context,
  line: CommandLine,
  running: RunningMarathon,
  { kind, id, file, definition, apps }: AppDefinition & { readonly kind: keyof typeof pathsOf },
): Promise<Deployed> {
  const path = pathsOf[kind](id);
  // Marathon answers the PUT of a pod in one way, whether it was there or not.
  const isNewPod = kind === 'pod' && (await running.marathon.ask('GET', path)).status === 404;
  const query = isOn(line, 'force') ? '?force=true' : '';
  const asked = running.marathon.ask('PUT', `${path}${query}`, definition);
  const { status, json, headers } = await asked.catch(inFile(file));
  const change = kind === 'group' ? 'deployed' : status === 201 || isNewPod ? 'created' : 'updated';
  const deploymentId = textAt(json, 'deploymentId') ?? String(headers['marathon-deployment-id'] ?? '');
  return finish(context, line, running, { deployed: { kind, id, change, deploymentId }, apps });
}

/** All of them first, and then what is waited for: one may run after another one. */
async function deployJobs(
  { signal }: Context,
  line: CommandLine,
  { cluster, reporter }: RunningMarathon,
  jobs: readonly AppDefinition[],
): Promise<readonly Deployed[]> {
  const world = { cluster, signal, clock: systemClock };
  const taken: TakenJob[] = [];
  for (const job of jobs) taken.push(await putJob(job, world).catch(inFile(job.file)));
  const done: Deployed[] = [];
  for (const job of taken) {
    const deployed = { kind: 'job', id: job.name, change: job.change } as const;
    const deadlineMs = timeoutMs(line, defaultTimeoutMs);
    const title = `Waiting for a run of the job ${job.name}`;
    const wait = (seen: (text: string) => void) => awaitRun(job, { ...world, deadlineMs, seen });
    done.push(isOn(line, 'wait') ? { ...deployed, state: await reporter.step({ title, deadlineMs }, wait) } : deployed);
  }
  return done;
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
  for (const { kind, id, change, replaced, version, state } of deployed) {
    const place = replaced === undefined ? '' : ` in place of ${replaced}`;
    const name = `${kind === 'job' ? 'job ' : ''}${id}${version === undefined ? '' : ` to ${version}`}`;
    stdout.write(`${change} ${name}${place}${state === undefined ? '' : `: ${state}`}\n`);
  }
}
