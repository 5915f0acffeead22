import { clusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { FoundLab, RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { FoundOn } from '../../runtimes/real-runtimes.ts';
import { marathonClient } from '../apps/marathon-client.ts';
import { namedTasks, type NamedTasks } from '../apps/named-tasks.ts';
import { specInTheWay } from '../lab/open-lab.ts';

/** What logs are asked for. */
export interface LogSources {
  /** Parts of the lab. */
  readonly parts: readonly string[];
  /** `all` tasks, or those of the names that are none of parts. */
  readonly tasks: 'all' | readonly NamedTasks[];
  /** Where those are; undefined: nobody can be asked for any. */
  readonly target: ClusterTarget | undefined;
}

interface SourcesWorld {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

/**
 * What names mean: parts, nodes, roles, apps, pods and tasks; without names everything.
 * @throws UserError USAGE_UNKNOWN_NAME; NOT_READY as namedTasks; that of the spec where it is in the way
 */
export async function sourcesOf(
  names: readonly string[],
  { found }: FoundOn,
  world: SourcesWorld,
): Promise<LogSources> {
  const target = found.kind === 'running' ? found.lab.target : undefined;
  const parts = partsOf(found);
  const known = readableParts(found);
  if (names.length === 0) {
    const away = parts?.filter(({ state }) => state === 'unknown').map(({ id }) => id) ?? [];
    if (away.length > 0) world.note(`Not to be read while their machines do not answer: ${away.join(', ')}`);
    return readableOf({ parts: known, tasks: 'all', target }, names, found, world);
  }
  // A node, or a role, is all that it has; a pod's agent is called like its node, and is one part.
  const within = (name: string) =>
    known.includes(name)
      ? [name]
      : (parts ?? []).flatMap(({ id, node, role }) =>
          known.includes(id) && (node === name || role === name) ? [id] : [],
        );
  // Of a lab whose process was killed nobody knows the parts, but their logs are still there.
  const isPart = (name: string) => parts === undefined || within(name).length > 0;
  const others = names.filter((name) => !isPart(name));
  if (others.length > 0 && found.kind === 'unplanned') throw specInTheWay(found.problem);
  const tasks = await Promise.all(others.map((name) => tasksCalled(name, target, world)));
  const ids = names.filter(isPart).flatMap((name) => (parts === undefined ? [name] : within(name)));
  return readableOf({ parts: ids, tasks, target }, names, found, world);
}

const partsOf = (found: FoundLab) =>
  'lab' in found ? found.lab.parts : found.kind === 'unplanned' ? found.parts : undefined;

/** Parts that have, or had, a log. */
export const readableParts = (found: FoundLab): readonly string[] =>
  partsOf(found)
    ?.filter(({ state }) => state !== 'missing' && state !== 'unknown')
    .map(({ id }) => id) ?? [];

/** The error for a name that is neither of a component nor of an app or a task. */
export const unknownName = (name: string) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no component, application or task called ${name}`,
    found: name,
    fix: 'create-mesos-cluster status lists them',
  });

async function tasksCalled(name: string, target: ClusterTarget | undefined, world: SourcesWorld): Promise<NamedTasks> {
  if (target === undefined) throw unknownName(name);
  const client = clusterClient(target.hosts);
  const marathon = marathonClient(target.marathons, client, world.signal);
  const tasks = await namedTasks(name, { target, client, marathon, ...world });
  if (tasks === undefined) throw unknownName(name);
  return tasks;
}

/** Without the logs that cannot be read from here, which is said. @throws UserError when that leaves nothing */
async function readableOf(
  sources: LogSources,
  names: readonly string[],
  found: FoundOn['found'],
  { signal, note }: SourcesWorld,
): Promise<LogSources> {
  const lab = 'lab' in found ? found.lab : undefined;
  if (lab?.readable === undefined) return sources;
  const parts = await lab.readable(sources.parts, signal);
  const silent = sources.parts.filter((id) => !parts.includes(id));
  if (silent.length > 0) {
    note(`Not to be read over HTTP: ${silent.join(', ')} (Mesos serves its log when it runs with --log_dir).`);
  }
  if (parts.length === 0 && sources.tasks.length === 0) throw nothingToRead(lab, names);
  return { ...sources, parts };
}

const nothingToRead = ({ plan }: RunningLab, names: readonly string[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `Nothing of ${plan.name} can be read over HTTP`,
    found: names.join(' '),
    allowed: 'masters and agents with --log_dir, applications, and tasks',
    fix: 'create-mesos-cluster status lists the applications; the other logs are on the machines',
  });
