import type { CommandResult } from '../../../platform/processes/run-command.ts';
import { UserError } from '../../../errors/user-error.ts';
import { labContainers, ofLab, isDoneWithout } from '../lab/lab-containers.ts';
import { lastLines, type DockerCall, type DockerEngine } from '../docker-engine.ts';
import { composeLabels } from '../../../protocol/lab-labels.ts';

/** One Compose project on one Engine: a whole lab, or what one machine of a lab runs. */
export interface ComposeProject {
  readonly engine: DockerEngine;
  readonly name: string;
  /** Absolute; relative paths of the file start here. */
  readonly directory: string;
  /** Absolute. */
  readonly file: string;
  /** Its containers bear the folder that it was moved from. */
  readonly isMoved?: boolean;
}

/** Words behind `docker`, for the project with all of its add-ons. */
export const composeWords = (
  { name, directory, file }: ComposeProject,
  words: readonly string[],
): readonly string[] => [
  ...['compose', '--ansi', 'never', '--progress', 'plain'],
  ...['--project-name', name, '--project-directory', directory, '--file', file, '--profile', '*'],
  ...words,
];

/** The folder of a project is no difference to Compose, and a container keeps its labels for life. */
const upWords = ({ isMoved = false }: ComposeProject): readonly string[] => [
  ...['up', '--detach', '--remove-orphans', '--no-build', '--pull', 'never'],
  ...(isMoved ? ['--force-recreate'] : []),
];

/**
 * Starts what is missing and changes what differs. Not with `--wait`, which mistakes containers that were restarted and
 * those that end for failures (docker/compose#9273, #11638, #12424, #13069). No image is pulled or built: they are there.
 * @param services these alone, and what they depend on; none: all
 */
export function composeUp(
  project: ComposeProject,
  call: DockerCall,
  services: readonly string[] = [],
): Promise<CommandResult> {
  return project.engine.run(composeWords(project, [...upWords(project), ...services]), {
    cwd: project.directory,
    ...call,
  });
}

/** The volumes of the file, by their names in it. */
export async function wantedVolumes(project: ComposeProject): Promise<ReadonlySet<string>> {
  const words = composeWords(project, ['config', '--volumes']);
  const text = await project.engine.ask(words, { cwd: project.directory });
  return new Set(text.split('\n').map((volume) => volume.trim()));
}

/** Removes the volumes of services that the file does not have any more: `up` removes only their containers. */
export async function removeOrphanVolumes(project: ComposeProject): Promise<void> {
  const { engine, name } = project;
  const wanted = await wantedVolumes(project);
  const filters = ofLab(name).flatMap((filter) => ['--filter', filter]);
  const format = `{{.Name}}\t{{.Label "${composeLabels.volume}"}}`;
  const there = (await engine.ask(['volume', 'ls', ...filters, '--format', format])).split('\n');
  const orphans = there
    .map((line) => line.trim().split('\t'))
    .flatMap(([volume = '', key = '']) => (volume === '' || key === '' || wanted.has(key) ? [] : [volume]));
  if (orphans.length > 0) await engine.ask(['volume', 'rm', ...orphans]);
}

/** What `composeUp` would do to a service. */
export interface ComposeChange {
  readonly service: string;
  readonly change: 'added' | 'changed' | 'started' | 'removed';
}

const changes: Readonly<Record<string, ComposeChange['change']>> = {
  Creating: 'added',
  // Without `Creating` before it: the container is there, and does not run.
  Created: 'started',
  Recreate: 'changed',
  Starting: 'started',
  Stopping: 'removed',
  Removing: 'removed',
};

/**
 * What `composeUp` would change, by Compose's own comparison of files and images with what runs. With `--no-start`: the
 * trial of a start waits for the health of what runs, and stumbles over containers that were never started, as a start
 * that was broken off leaves them ("has no healthcheck configured").
 */
export async function composeChanges(project: ComposeProject): Promise<readonly ComposeChange[]> {
  const { engine, directory: cwd } = project;
  const words = composeWords(project, [...upWords(project), '--no-start']);
  const found = new Map<string, ComposeChange>();
  const said: string[] = [];
  const result = await engine.run([...words.slice(0, 1), '--dry-run', ...words.slice(1)], {
    cwd,
    timeoutMs: 60_000,
    onLine: (line) => {
      said.push(line);
      const progress = progressOf(line.replace(/^\s*DRY-RUN MODE -/, ''), project);
      const change = changes[progress?.state ?? ''];
      if (progress === undefined || change === undefined || found.has(progress.service)) return;
      found.set(progress.service, { service: progress.service, change });
    },
  });
  if (result.kind === 'ended' && result.exitCode === 0) return withStarts(project, [...found.values()]);
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: 'docker compose does not say what would change',
    found: lastLines(said.join('\n'), 5),
    fix: `mend ${project.file} if it was edited (create-mesos-cluster generate --force writes it again); else down, then up`,
  });
}

/**
 * Compose says nothing of a container that was made and never started; and to it one that waits for its next start is one
 * that does not run.
 */
async function withStarts(
  { engine, name }: ComposeProject,
  found: readonly ComposeChange[],
): Promise<readonly ComposeChange[]> {
  const containers = await labContainers(engine, ofLab(name));
  const without = new Set(containers.filter(isDoneWithout).map(({ id }) => id));
  const known = new Set(found.map(({ service }) => service));
  const unstarted = containers.filter(({ id, state }) => state === 'created' && !known.has(id));
  return [
    ...found.filter(({ service, change }) => change !== 'started' || !without.has(service)),
    ...unstarted.map(({ id }): ComposeChange => ({ service: id, change: 'started' })),
  ];
}

/**
 * `Container lab-zookeeper1-1  Healthy`, as Compose writes with `--progress plain`. While a container is made anew the
 * old one has its id in front.
 */
export function progressOf(line: string, { name }: ComposeProject): { service: string; state: string } | undefined {
  const [, container = '', state = ''] = /^\s*Container (?:[0-9a-f]{12}_)?(\S+)\s+(\S+)\s*$/.exec(line) ?? [];
  if (!container.startsWith(`${name}-`)) return undefined;
  return { service: container.slice(name.length + 1).replace(/-\d+$/, ''), state };
}
