import { describe, expect, it } from 'vitest';
import { composeVersion } from '../../../runtimes/docker/compose/compose-package.ts';
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

  it('is pointed at the Engine of an endpoint', async () => {
    const start = async (endpoint: string) => {
      const script = dockerScript();
      await controlServices(project(script, {}, endpoint), 'start', ['master1'], new AbortController().signal);
      return script.asked();
    };
    expect(await Promise.all(['ssh://ann@node1', 'tcp://node1:2376', 'context:lab'].map(start))).toEqual([
      [`docker --host ssh://ann@node1 ${ofProject} start master1`],
      [`docker --host tcp://node1:2376 --tlsverify ${ofProject} start master1`],
      [`docker --context lab ${ofProject} start master1`],
    ]);
  });

  it('gets the whole environment, but for what it says of other projects', async () => {
    const script = dockerScript(
      'printf "%s\\n" "$DOCKER_HOST $DOCKER_CERT_PATH" "${COMPOSE_FILE-none}" "$DOCKER_SOCKET"',
    );
    const env = { DOCKER_HOST: 'unix:///own.sock', DOCKER_CERT_PATH: '/certs', COMPOSE_FILE: '/other.yml' };
    expect([...(await wantedVolumes(project(script, env)))]).toEqual(['unix:///own.sock /certs', 'none', '/own.sock']);
  });

  it('fails with an error for users', async () => {
    const down = 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?';
    const asks = ['echo "no such file" >&2; exit 14', 'kill -9 $$', `echo "${down}" >&2; exit 1`].map((script) =>
      wantedVolumes(project(dockerScript(script))).catch((error: unknown) => error),
    );
    expect(await Promise.all(asks)).toMatchObject([
      {
        problems: [{ code: 'COMMAND_FAILED', message: 'docker compose failed (exit code 14)', found: 'no such file' }],
      },
      { problems: [{ code: 'COMMAND_FAILED', message: 'docker compose was ended by a signal' }] },
      { problems: [{ code: 'MACHINE_DOCKER_DOWN' }] },
    ]);
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

describe('the version of Compose', () => {
  it('is asked of this machine', async () => {
    const { PATH, asked } = dockerScript('echo v2.26.1');
    expect(await composeVersion({ env: { PATH }, cwd: '/' })).toMatchObject({ kind: 'ended', stdout: 'v2.26.1\n' });
    expect(asked()).toEqual(['docker compose version --short']);
  });

  it.each([
    ['there is no docker', '/nowhere', { kind: 'missing' }],
    ['it has no Compose', undefined, { kind: 'ended', exitCode: 1, stderr: "'compose' is not a docker command\n" }],
  ])('is none where %s', async (_, path, end) => {
    const { PATH } = dockerScript(`echo "'compose' is not a docker command" >&2; exit 1`);
    expect(await composeVersion({ env: { PATH: path ?? PATH }, cwd: '/' })).toMatchObject(end);
  });
});

describe('the containers of a project', () => {
  const rows = [
    { ID: 'a1', Name: 'lab-master1-1', Service: 'master1', State: 'running', Health: 'unhealthy', ExitCode: 0 },
    { ID: 'b2', Name: 'lab-agent1-1', Service: 'agent1', State: 'created', Health: '', ExitCode: 0 },
  ];
  it('are read with their health: an object a line, a list as before Compose 2.21, or nothing', async () => {
    const texts = [rows.map((row) => JSON.stringify(row)).join('\n'), JSON.stringify(rows), ''];
    const scripts = texts.map((text) => dockerScript(`cat <<'END'\n${text}\nEND`));
    const read = [
      { containerId: 'a1', name: 'lab-master1-1', service: 'master1', state: 'running', health: 'unhealthy' },
      { containerId: 'b2', name: 'lab-agent1-1', service: 'agent1', state: 'created', health: '' },
    ];
    expect(await Promise.all(scripts.map((script) => composeContainers(project(script))))).toEqual([read, read, []]);
    for (const { asked } of scripts) expect(asked()).toEqual([`docker ${ofProject} ps --all --format json`]);
  });
});
