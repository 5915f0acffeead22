import { UserError } from '../../../errors/user-error.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import type { ComposeProject } from '../compose/compose-project.ts';
import { labContainers, ofLab } from '../lab/lab-containers.ts';
import { likelyCause } from '../../../checks/likely-cause.ts';
import { containerFailure, tailOf } from './watch-containers.ts';

/**
 * Why `docker compose up` failed, from what it said.
 * @param portFailure puts a port that is taken into words
 */
export async function startFailure(
  project: ComposeProject,
  said: string,
  portFailure: (port: number) => Promise<UserError>,
  signal: AbortSignal,
): Promise<UserError> {
  const port = /(?:Bind for|listen tcp\d?|exposing port \S+|failed to bind host port(?: for)?) \S*?:(\d+)/i.exec(
    said,
  )?.[1];
  if (port !== undefined && /already allocated|already in use/i.test(said)) return portFailure(Number(port));
  const waited = /container (\S+) (?:is unhealthy|exited \((\d+)\)|has no healthcheck)/.exec(said);
  if (waited !== null) return neverHealthy(project, waited[1] ?? '', waited[2], signal);
  const cause = likelyCause(said);
  const who = await notStarted(project, said, signal);
  return new UserError({
    code: 'COMMAND_FAILED',
    message: `Docker could not start ${who ?? 'the lab'}${cause === undefined ? '' : `: ${cause.cause}`}`,
    found: lastLines(withoutProgress(said), 6),
    fix: cause?.fix ?? 'create-mesos-cluster doctor checks what the lab needs',
  });
}

async function neverHealthy(
  { engine, name }: ComposeProject,
  container: string,
  exitCode: string | undefined,
  signal: AbortSignal,
): Promise<UserError> {
  const found = (await containersOf(engine, name)).find((each) => each.name === container);
  const log = found === undefined ? '' : await tailOf(engine, found.containerId, signal);
  const what = exitCode === undefined ? 'runs, but does not become healthy' : `ended with exit code ${exitCode}`;
  return containerFailure(found?.id ?? container, what, { cause: likelyCause(log), log });
}

/** The container whose error this is: Compose does not say. */
async function notStarted(
  { engine, name }: ComposeProject,
  said: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const created = (await containersOf(engine, name)).filter(({ state }) => state === 'created');
  if (created.length === 0) return undefined;
  const ids = created.map(({ containerId }) => containerId);
  const result = await engine.run(['inspect', '--format', '{{.State.Error}}', ...ids], { signal, timeoutMs: 10_000 });
  const errors = result.kind === 'ended' ? result.stdout.split('\n') : [];
  return created.find((_, index) => (errors[index] ?? '') !== '' && said.includes(errors[index] ?? ''))?.id;
}

const containersOf = (engine: DockerEngine, name: string) => labContainers(engine, ofLab(name)).catch(() => []);

/** Compose's lines about containers, networks and volumes that are as they should be. */
const withoutProgress = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !/^\s*(?:Container|Network|Volume) \S+\s+(?:\w+)\s*$/.test(line))
    .join('\n');
