import { describe, expect, it } from 'vitest';
import {
  composeContainers,
  controlServices,
  wantedVolumes,
  type ComposeProject,
} from '../../../runtimes/docker/compose/compose-project.ts';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { dockerScript, type DockerScript } from './docker-script.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A project on an Engine that is asked with the real docker-compose package. */
function project({ PATH }: Pick<DockerScript, 'PATH'>, env: Environment = {}, endpoint?: string): ComposeProject {
  const world = {
    runCommand: () => Promise.reject(new Error('not by the package')),
    env: { PATH, ...env },
    cwd: '/',
    signal: new AbortController().signal,
  };
  return { engine: dockerEngine(world, endpoint), name: 'lab', directory: '/', file: '/docker-compose.yml' };
}

const ofProject =
  'compose --ansi never --progress plain --project-name lab --project-directory / --file /docker-compose.yml --profile *';

describe('the docker-compose package', () => {
  it('asks about the project with all of its add-ons', async () => {
    const script = dockerScript('printf "data\\nlog\\n"');
    expect(await wantedVolumes(project(script))).toEqual(new Set(['data', 'log']));
    expect(script.asked()).toEqual([`docker ${ofProject} config --volumes`]);
  });

  it.each([
    ['ssh://ann@node1', '--host ssh://ann@node1'],
    ['tcp://node1:2376', '--host tcp://node1:2376 --tlsverify'],
    ['context:lab', '--context lab'],
  ])('is pointed at the Engine of %s', async (endpoint, words) => {
    const script = dockerScript();
    await controlServices(project(script, {}, endpoint), 'start', ['master1'], new AbortController().signal);
    expect(script.asked()).toEqual([`docker ${words} ${ofProject} start master1`]);
  });

  it('gets the whole environment, but for what it says of other projects', async () => {
    const script = dockerScript(
      'printf "%s\\n" "$DOCKER_HOST $DOCKER_CERT_PATH" "${COMPOSE_FILE-none}" "$DOCKER_SOCKET"',
    );
    const env = { DOCKER_HOST: 'unix:///own.sock', DOCKER_CERT_PATH: '/certs', COMPOSE_FILE: '/other.yml' };
    expect([...(await wantedVolumes(project(script, env)))]).toEqual(['unix:///own.sock /certs', 'none', '/own.sock']);
  });

  it.each([
    ['echo "no such file" >&2; exit 14', 'COMMAND_FAILED', 'docker compose failed (exit code 14)', 'no such file'],
    ['kill -9 $$', 'COMMAND_FAILED', 'docker compose was ended by a signal', undefined],
    [
      'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
      'MACHINE_DOCKER_DOWN',
      expect.any(String),
      expect.any(String),
    ],
  ])('fails with an error for users: %s', async (script, code, message, found) => {
    await expect(wantedVolumes(project(dockerScript(script)))).rejects.toMatchObject({
      problems: [{ code, message, ...(found === undefined ? {} : { found }) }],
    });
  });

  it('says that there is no docker', async () => {
    await expect(wantedVolumes(project({ PATH: '/nowhere' }))).rejects.toMatchObject({
      problems: [{ code: 'MACHINE_NO_DOCKER' }],
    });
  });

  it('hands over why it was broken off, when the command has ended', async () => {
    const broken = new AbortController();
    broken.abort('SIGINT');
    const stopping = controlServices(project(dockerScript('exit 130')), 'stop', [], broken.signal);
    await expect(stopping).rejects.toBe('SIGINT');
  });
});

describe('the containers of a project', () => {
  const rows = [
    { ID: 'a1', Name: 'lab-master1-1', Service: 'master1', State: 'running', Health: 'unhealthy', ExitCode: 0 },
    { ID: 'b2', Name: 'lab-agent1-1', Service: 'agent1', State: 'created', Health: '', ExitCode: 0 },
  ];
  it.each([
    ['an object a line', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['a list, as before Compose 2.21', JSON.stringify(rows)],
    ['nothing', ''],
  ])('are read with their health from %s', async (_, text) => {
    const script = dockerScript(`cat <<'END'\n${text}\nEND`);
    expect(await composeContainers(project(script))).toEqual(
      text === ''
        ? []
        : [
            { containerId: 'a1', name: 'lab-master1-1', service: 'master1', state: 'running', health: 'unhealthy' },
            { containerId: 'b2', name: 'lab-agent1-1', service: 'agent1', state: 'created', health: '' },
          ],
    );
    expect(script.asked()).toEqual([`docker ${ofProject} ps --all --format json`]);
  });
});
