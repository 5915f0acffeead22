import type { CommandResult } from '../../../platform/processes/run-command.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { ComposeOptions, ComposePackage, ComposeResult } from './compose-package.ts';
import { labContainers, ofLab, isDoneWithout } from '../lab/lab-containers.ts';
import { lastLines, type ComposeEngine, type DockerCall } from '../docker-engine.ts';
import { composeLabels } from '../../../protocol/lab-labels.ts';

/** One Compose project on one Engine: a whole lab, or what one machine of a lab runs. */
export interface ComposeProject {
  readonly engine: ComposeEngine;
  readonly name: string;
  /** Absolute; relative paths of the file start here. */
  readonly directory: string;
  /** Absolute. */
  readonly file: string;
  /** Its containers are made anew: they bear the folder that it was moved from, or a network that is gone. */
  readonly isRenewed?: boolean;
}

/*
 * What need not be interrupted is asked by the docker-compose package (`ask` below). It takes no signal and no deadline:
 * so `up`, its trial, pulls, builds and logs that are followed are run with execa, by DockerEngine.run.
 */

/** Words behind `docker compose`: the project with all of its add-ons. */
const projectWords = ({ name, directory, file }: ComposeProject): readonly string[] => [
  ...['--ansi', 'never', '--progress', 'plain'],
  ...['--project-name', name, '--project-directory', directory, '--file', file, '--profile', '*'],
];

/** Asks Compose about the project, or tells it what to do with what there is. */
const ask = <Result extends ComposeResult>(
  project: ComposeProject,
  command: (compose: ComposePackage, options: ComposeOptions) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> =>
  project.engine.compose(
    (compose, options) => command(compose, { ...options, composeOptions: [...projectWords(project)] }),
    { cwd: project.directory, ...(signal === undefined ? {} : { signal }) },
  );

/** The folder of a project is no difference to Compose, and a container keeps its labels for life. */
const upWords = ({ isRenewed = false }: ComposeProject): readonly string[] => [
  ...['up', '--detach', '--remove-orphans', '--no-build', '--pull', 'never'],
  // What a service depends on as well, where services are named.
  ...(isRenewed ? ['--force-recreate', '--always-recreate-deps'] : []),
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
  return project.engine.run(['compose', ...projectWords(project), ...upWords(project), ...services], {
    cwd: project.directory,
    ...call,
  });
}

/** The volumes of the file, by their names in it. */
export async function wantedVolumes(project: ComposeProject): Promise<ReadonlySet<string>> {
  const { data } = await ask(project, (compose, options) => compose.configVolumes(options));
  return new Set(data.volumes.map((volume) => volume.trim()));
}

/** A container of the project, as Compose lists it. */
export interface ComposeContainer {
  readonly containerId: string;
  readonly name: string;
  readonly service: string;
  /** `created`, `running`, `restarting`, `exited` … */
  readonly state: string;
  /** `starting`, `healthy` or `unhealthy`; empty while it has no health check that runs. */
  readonly health: string;
}

/** The containers of the project, those that do not run among them. Not with the package's own `ps`: it drops the health. */
export async function composeContainers(project: ComposeProject): Promise<readonly ComposeContainer[]> {
  const { out } = await ask(project, (compose, options) =>
    compose.execCompose('ps', ['--all', '--format', 'json'], options),
  );
  // A list, before Compose 2.21; an object a line since.
  const rows = out.trimStart().startsWith('[') ? [out] : out.split('\n').filter((line) => line.trim() !== '');
  return rows
    .flatMap((row) => JSON.parse(row) as Readonly<Record<string, string>> | readonly Readonly<Record<string, string>>[])
    .map(({ ID = '', Name = '', Service = '', State = '', Health = '' }) => {
      return { containerId: ID, name: Name, service: Service, state: State, health: Health };
    });
}

/** Stops or starts services with everything they have, in Compose's order; none: all. */
export async function controlServices(
  project: ComposeProject,
  action: 'stop' | 'start',
  services: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const control = (compose: ComposePackage, options: ComposeOptions) =>
    action === 'stop' ? compose.stopMany(options, ...services) : compose.execCompose('start', services, options);
  await ask(project, control, signal);
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
  const words = [...projectWords(project), ...upWords(project), '--no-start'];
  const found = new Map<string, ComposeChange>();
  const said: string[] = [];
  const result = await engine.run(['compose', '--dry-run', ...words], {
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
export function progressOf(line: string, project: ComposeProject): { service: string; state: string } | undefined {
  const [, container = '', state = ''] = /^\s*Container (?:[0-9a-f]{12}_)?(\S+)\s+(\S+)\s*$/.exec(line) ?? [];
  const service = serviceIn(container, project);
  return service === undefined ? undefined : { service, state };
}

/** The service of a container, by Compose's name for that: `lab-zookeeper1-1`. */
export function serviceIn(container: string, { name }: ComposeProject): string | undefined {
  return container.startsWith(`${name}-`) ? container.slice(name.length + 1).replace(/-\d+$/, '') : undefined;
}
