import { excerpt } from '../../../checks/excerpt.ts';
import { parseJson, valueAt } from '../../../protocol/json.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { DockerProblem } from './docker-facts.ts';
import { isLocalEndpoint, type DockerContext } from './read-facts.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { oldestCompose } from './requirements.ts';

const elsewise = 'create-mesos-cluster up --runtime embedded needs no Docker';

const problem = (code: DockerProblem['code'], message: string, found: string, fix: string): DockerProblem => ({
  kind: 'problem',
  code,
  message,
  found,
  fix,
});

/**
 * Why nobody answers, told from what the client prints (docker/cli and moby client/errors.go; the words changed with
 * release 29, so both are known). Undefined when the Engine answered.
 */
export function dockerProblem(
  version: CommandResult,
  info: CommandResult,
  where: DockerContext,
): DockerProblem | undefined {
  if (version.kind === 'missing') {
    const fix = `install Docker with Compose v2: https://docs.docker.com/get-docker/; ${elsewise}`;
    return problem(
      'MACHINE_NO_DOCKER',
      'Docker is not on this machine, or not on PATH',
      'no program called docker',
      fix,
    );
  }
  if (isPodmansShim(version) || isPodmansShim(info)) {
    const fix = `install Docker, or put it before Podman on PATH; ${elsewise}`;
    return problem('MACHINE_NO_DOCKER', 'docker on this machine is Podman, which labs are not made for', 'podman', fix);
  }
  // One may answer while the Engine goes down under the other.
  const failed = [version, info].find((result) => result.kind !== 'ended' || result.exitCode !== 0);
  if (failed === undefined) return undefined;
  if (failed.kind !== 'ended') return notAnswering('no answer in 20 s', where);
  return problemOf(excerpt(failed.stderr || failed.stdout, 300), where);
}

/** What the client prints when it was not the Engine that refused: docker/cli and moby client/errors.go, and Go's net. */
const unreached =
  /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect|permission denied while trying to connect|context not found|client version .* is too (?:old|new)|client is newer than server/i;

/**
 * Why the Engine was not reached, told from the words of any command that failed; undefined when it did answer. Where
 * it should be is read from these words, too.
 */
export function unreachedProblem(said: string): DockerProblem | undefined {
  if (!unreached.test(said)) return undefined;
  const endpoint = /\b(?:unix|npipe|tcp|ssh|http):\/\/[^\s"']*[^\s"'.:;,]/.exec(said)?.[0] ?? '';
  // What exactly was asked for helps nobody.
  const words = said.replaceAll(/\b(?:Get|Head|Post|Delete) "[^"]*": /g, '');
  return problemOf(excerpt(words, 300), { context: 'default', endpoint, isRemote: !isLocalEndpoint(endpoint) });
}

function isPodmansShim(result: CommandResult): boolean {
  if (result.kind !== 'ended') return false;
  if (/emulate docker cli using podman/i.test(result.stderr)) return true;
  const answer = parseJson(result.stdout);
  return valueAt(answer, 'host', 'ociRuntime') !== undefined;
}

function problemOf(said: string, where: DockerContext): DockerProblem {
  if (/context ".*": context not found|context not found/i.test(said)) {
    const fix = 'docker context ls shows those that exist; docker context use default, and unset DOCKER_CONTEXT';
    return problem('MACHINE_DOCKER_CONTEXT', 'The Docker context in use does not exist', said, fix);
  }
  if (/client version .* is too old|client is newer than server|client version .* is too new/i.test(said)) {
    const fix = 'update Docker, client and Engine to the same release; unset DOCKER_API_VERSION if it is set';
    return problem('MACHINE_DOCKER_OLD', 'The docker client and its Engine do not understand each other', said, fix);
  }
  if (/permission denied/i.test(said) && !where.isRemote) {
    const fix =
      'sudo usermod -aG docker "$USER", then log out and in again (members of that group are as mighty as root)';
    return problem('MACHINE_DOCKER_PERMISSION', 'You may not talk to the Docker Engine of this machine', said, fix);
  }
  return notAnswering(said, where);
}

function notAnswering(said: string, where: DockerContext): DockerProblem {
  const { context, endpoint, isRemote } = where;
  if (isRemote) {
    const message = `Docker points to another machine (${endpoint}), which does not answer`;
    const fix = 'unset DOCKER_HOST, or docker context use default: labs on one host run on the Engine of this machine';
    return problem('MACHINE_DOCKER_CONTEXT', message, `context ${context}: ${said}`, fix);
  }
  return problem(
    'MACHINE_DOCKER_DOWN',
    'Docker is installed, but its Engine does not answer',
    said,
    `${startOf(where)}; ${elsewise}`,
  );
}

/** How the Engine behind an endpoint is started. */
function startOf({ context, endpoint }: DockerContext): string {
  const words = `${context} ${endpoint}`;
  if (/desktop|npipe|\.docker\/run/.test(words))
    return 'start Docker Desktop, and wait until it says that the Engine runs';
  if (/colima/.test(words)) return 'colima start';
  if (/orbstack/.test(words)) return 'start OrbStack';
  if (/rancher|\.rd\//.test(words)) return 'start Rancher Desktop';
  if (/^unix:\/\/\/run\/user\//.test(endpoint)) return 'systemctl --user start docker';
  return 'sudo systemctl start docker (without systemd: sudo service docker start)';
}

/**
 * Whether the Compose plugin is there and new enough.
 * @param version the plugin's; empty when there is none
 * @param askStandalone runs `docker-compose version --short`: the old Compose, or a new one in another place
 */
export async function composeProblem(
  version: string,
  askStandalone: () => Promise<CommandResult>,
): Promise<DockerProblem | undefined> {
  const install = 'install the Compose plugin: https://docs.docker.com/compose/install/linux/';
  if (version !== '') {
    if (isAtLeast(version, oldestCompose)) return undefined;
    const message = `Docker Compose is older than ${oldestCompose}, which the lab's files need`;
    return problem('MACHINE_NO_COMPOSE', message, version, `update it, or ${install}`);
  }
  const standalone = await askStandalone();
  const found = standalone.kind === 'ended' && standalone.exitCode === 0 ? standalone.stdout.trim() : '';
  const message = 'Docker has no Compose plugin: there is no docker compose';
  if (found === '') return problem('MACHINE_NO_COMPOSE', message, 'no Compose', install);
  if (!isAtLeast(found, '2')) {
    const old = `docker-compose ${found}: Compose v1, which ended in 2023`;
    return problem('MACHINE_NO_COMPOSE', message, old, install);
  }
  const link =
    'mkdir -p ~/.docker/cli-plugins && ln -s "$(command -v docker-compose)" ~/.docker/cli-plugins/docker-compose';
  return problem('MACHINE_NO_COMPOSE', message, `docker-compose ${found}, which Docker does not know of`, link);
}
