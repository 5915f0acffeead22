import { UserError } from '../../../errors/user-error.ts';
import { lastLines } from '../docker-engine.ts';
import {
  composeContainers,
  serviceIn,
  type ComposeContainer,
  type ComposeProject,
} from '../compose/compose-project.ts';
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
  project: ComposeProject,
  container: string,
  exitCode: string | undefined,
  signal: AbortSignal,
): Promise<UserError> {
  const found = (await containersOf(project)).find((each) => each.name === container);
  const log = found === undefined ? '' : await tailOf(project.engine, found.containerId, signal);
  const what = exitCode === undefined ? unhealthyWords(found) : `ended with exit code ${exitCode}`;
  return containerFailure(serviceIn(container, project) ?? container, what, { cause: likelyCause(log), log });
}

function unhealthyWords(found: ComposeContainer | undefined): string {
  if (found?.state === 'created') return 'was made, but did not start';
  return found?.health === '' ? 'has no health that others could wait for' : 'runs, but does not become healthy';
}

/** The container whose error this is: Compose does not say. */
async function notStarted(project: ComposeProject, said: string, signal: AbortSignal): Promise<string | undefined> {
  const created = (await containersOf(project)).filter(({ state }) => state === 'created');
  if (created.length === 0) return undefined;
  const ids = created.map(({ containerId }) => containerId);
  const result = await project.engine.run(['inspect', '--format', '{{.State.Error}}', ...ids], {
    signal,
    timeoutMs: 10_000,
  });
  const errors = result.kind === 'ended' ? result.stdout.split('\n') : [];
  return created.find((_, index) => (errors[index] ?? '') !== '' && said.includes(errors[index] ?? ''))?.service;
}

const containersOf = (project: ComposeProject) => composeContainers(project).catch(() => []);

/** Compose's lines about containers, networks and volumes that are as they should be. */
const withoutProgress = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !/^\s*(?:Container|Network|Volume) \S+\s+(?:\w+)\s*$/.test(line))
    .join('\n');
