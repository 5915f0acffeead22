import { clusterClient } from '../../checks/cluster-client.ts';
import { listAt, textAt } from '../../checks/json-value.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { absoluteId, appPath } from '../app-id.ts';
import { isOn, textOf } from '../command-line.ts';
import type { Command } from '../command.ts';
import { runsOnDocker } from '../compose-project.ts';
import { showLogs, type LogSource } from '../log-source.ts';
import { marathonClient } from '../marathon-client.ts';
import { isForMachines } from '../lab-kind.ts';
import { notRunning, openLab } from '../open-lab.ts';
import { embeddedOf } from '../runtimes.ts';
import { taskOutputs } from '../task-sandbox.ts';
import { composeVerb } from './compose-verbs.ts';

const defaultTail = 100;

/** `logs [NAME…]`: what components, apps and tasks say; without a name, what all components do. */
export const logs: Command = async (context, line) => {
  const directory = openLab(context, line);
  const found = embeddedOf(context).find({ directory });
  if (found.kind === 'nothing') {
    const runs = isForMachines(context, directory) || (await runsOnDocker(context, directory));
    context.signal.throwIfAborted();
    if (!runs) throw notRunning();
    return composeVerb('logs')(context, line);
  }
  const plan = found.kind === 'running' ? found.lab.plan : undefined;
  const components = plan?.nodes.flatMap((node) => node.components.map(({ id }) => id)) ?? [];
  const names = line.positionals.length === 0 ? components : line.positionals;
  const sources = (await Promise.all(names.map((name) => sourcesOf(context, directory, name, found)))).flat();
  await showLogs(sources, {
    tail: Number(textOf(line, 'tail') ?? defaultTail),
    follow: isOn(line, 'follow'),
    clock: systemClock,
    signal: context.signal,
    stdout: context.stdout,
  });
  return exitCodes.ok;
};

type Found = ReturnType<ReturnType<typeof embeddedOf>['find']>;

async function sourcesOf(
  context: Context,
  directory: string,
  name: string,
  found: Found,
): Promise<readonly LogSource[]> {
  const log = embeddedOf(context).logs({ directory }, name);
  if (log !== undefined) return [{ name, readFrom: (offset) => Promise.resolve(log.readFrom(offset)) }];
  const sources = found.kind === 'running' ? await outputsOf(context, found.lab, name) : [];
  if (sources.length > 0) return sources;
  throw new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no component, application or task called ${name}`,
    found: name,
    fix: 'create-mesos-cluster status lists them',
  });
}

/** What the tasks of an app write, or the one that failed last; or the task of that name. */
async function outputsOf(context: Context, { target }: RunningLab, name: string): Promise<readonly LogSource[]> {
  const { signal } = context;
  const client = clusterClient(target.hosts);
  const marathon = marathonClient(target.marathons, client, signal);
  const embeds = 'embed=app.tasks&embed=app.lastTaskFailure';
  const { status, json } = await marathon.ask('GET', `${appPath(absoluteId(name))}?${embeds}`);
  const running = listAt(json, 'app', 'tasks').flatMap((task) => textAt(task, 'id') ?? []);
  const failed = textAt(json, 'app', 'lastTaskFailure', 'taskId');
  const ids = status === 404 ? [name] : running.length > 0 || failed === undefined ? running : [failed];
  return taskOutputs({ masters: target.masters, client, signal }, ids);
}
