import { clusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { followTexts, type GrowingText } from '../../platform/follow-text.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { FoundOn } from '../../runtimes/real-runtimes.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { marathonClient } from '../apps/marathon-client.ts';
import { findLab, notRunning, openLab, specInTheWay } from '../lab/open-lab.ts';
import { appOutputs } from '../apps/app-outputs.ts';
import type { Output } from '../../platform/terminal.ts';

const defaultTail = 100;

/** `logs [NAME…]`: what components, apps and tasks say; without a name, what all components do. */
export const logs: Command = async (context, line) => {
  const directory = openLab(context, line);
  const there = await findLab(context, line, directory);
  context.signal.throwIfAborted();
  if (there === undefined) throw notRunning();
  const sources = await readableOf(context, line, there, await sourcesOf(context, line, there));
  const names = [...sources.parts, ...sources.texts.map(({ id }) => id)];
  const print = logPrinter(names, context.stdout);
  const how = {
    tail: Number(textOf(line, 'tail') ?? defaultTail),
    follow: isOn(line, 'follow'),
    signal: context.signal,
  };
  const ofParts = async () => {
    if (sources.parts.length === 0) return;
    const areThere = await there.runtime.logs({ directory }, { ids: sources.parts, ...how }, print);
    if (!areThere) throw unknownName(sources.parts.join(' '));
  };
  await Promise.all([ofParts(), followTexts(sources.texts, { ...how, clock: systemClock }, print)]);
  return exitCodes.ok;
};

interface Sources {
  /** Parts of the lab. */
  readonly parts: readonly string[];
  /** Output files of tasks. */
  readonly texts: readonly GrowingText[];
}

/** Without the logs that cannot be read from here, which is said. @throws UserError when that leaves nothing */
async function readableOf(context: Context, line: CommandLine, { found }: FoundOn, sources: Sources): Promise<Sources> {
  const lab = 'lab' in found ? found.lab : undefined;
  if (lab?.readable === undefined) return sources;
  const parts = await lab.readable(sources.parts, context.signal);
  const silent = sources.parts.filter((id) => !parts.includes(id));
  if (silent.length > 0) {
    context.stderr.write(
      `Not to be read over HTTP: ${silent.join(', ')} (Mesos serves its log when it runs with --log_dir).\n`,
    );
  }
  if (parts.length === 0 && sources.texts.length === 0) throw nothingToRead(lab, line.positionals);
  return { ...sources, parts };
}

const nothingToRead = ({ plan }: RunningLab, names: readonly string[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `Nothing of ${plan.name} can be read over HTTP`,
    ...(names.length === 0 ? {} : { found: names.join(' ') }),
    allowed: 'masters and agents with --log_dir, applications, and tasks',
    fix: 'create-mesos-cluster status lists the applications; the other logs are on the machines',
  });

async function sourcesOf(context: Context, line: CommandLine, { found }: FoundOn): Promise<Sources> {
  const parts = 'lab' in found ? found.lab.parts : found.kind === 'unplanned' ? found.parts : undefined;
  const names = line.positionals;
  const known = parts?.filter(({ state }) => state !== 'missing' && state !== 'unknown').map(({ id }) => id) ?? [];
  if (names.length === 0) return { parts: known, texts: [] };
  // A node, or a role, is all that it has; a pod's agent is called like its node, and is one part.
  const within = (name: string) =>
    known.includes(name)
      ? [name]
      : (parts ?? []).flatMap(({ id, node, role }) =>
          known.includes(id) && (node === name || role === name) ? [id] : [],
        );
  // Of a lab whose process was killed nobody knows the parts, but their logs are still there.
  const isPart = (name: string) => parts === undefined || within(name).length > 0;
  const texts = await Promise.all(
    names
      .filter((name) => !isPart(name))
      .map((name) => {
        if (found.kind === 'unplanned') throw specInTheWay(found.problem);
        if (found.kind !== 'running') throw unknownName(name);
        return outputsOf(context, found.lab.target, name);
      }),
  );
  return {
    parts: names.filter(isPart).flatMap((name) => (parts === undefined ? [name] : within(name))),
    texts: texts.flat(),
  };
}

const unknownName = (name: string) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no component, application or task called ${name}`,
    found: name,
    fix: 'create-mesos-cluster status lists them',
  });

async function outputsOf(context: Context, target: ClusterTarget, name: string): Promise<readonly GrowingText[]> {
  const { signal } = context;
  const client = clusterClient(target.hosts);
  const marathon = marathonClient(target.marathons, client, signal);
  const note = (text: string): void => {
    context.stderr.write(`${text}\n`);
  };
  const texts = await appOutputs(name, { target, client, marathon, signal, note });
  if (texts.length === 0) throw unknownName(name);
  return texts;
}

/** Prints lines of logs: with their source's name in front when there are several. */
function logPrinter(ids: readonly string[], stdout: Output): (id: string, line: string) => void {
  const width = Math.max(...ids.map((id) => id.length));
  return (id, line) => {
    stdout.write(ids.length > 1 ? `${id.padEnd(width)} | ${line}\n` : `${line}\n`);
  };
}
