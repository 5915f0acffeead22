import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import { fakeDocker } from '../fake-docker.ts';
import { tar } from '../fetch/archives.ts';
import { startFileServer } from '../fetch/file-server.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf, temporaryFolder, waitFor } from '../running-agent.ts';

const image = 'private:1';
const right = 'cmlnaHQ6cHc=';
const wrong = 'd3Jvbmc6cHc=';
const authOf = (auth: string) => ({ 'registry.test:5000': { auth } });
const configOf = (auth: string) => JSON.stringify({ auths: authOf(auth) });
/** What `tar -czf docker.tar.gz .docker` makes. */
const dockerTarGz = (auth: string) =>
  gzipSync(
    tar([
      { path: '.docker/', type: '5', mode: 0o700 },
      { path: '.docker/config.json', content: configOf(auth), mode: 0o600 },
    ]),
  );

/** A web server with credentials, and an agent whose fake Docker has an image that the right ones are needed for. */
async function start(configJson?: string) {
  const server = await startFileServer({
    '/docker.tar.gz': dockerTarGz(right),
    '/wrong/docker.tar.gz': dockerTarGz(wrong),
    '/.dockercfg': JSON.stringify(authOf(right)),
    '/text/.dockercfg': 'auth = text\n',
  });
  const docker = fakeDocker(configJson === undefined ? {} : { configJson });
  docker.publish(image, right);
  const workDir = temporaryFolder();
  const homes = `${workDir}/meta/docker/homes`;
  // Of an agent that was killed.
  mkdirSync(`${homes}/1/.docker`, { recursive: true });
  writeFileSync(`${homes}/1/.docker/config.json`, 'old');
  const { master, agent } = await startTestAgent({ dockerTasks: docker.tasks, workDir });
  expect(existsSync(homes)).toBe(false);
  const run = (id: string, path?: string, isForced?: boolean) => {
    const uris = path === undefined ? [] : [{ value: `${server.url}/${path}` }];
    const task: TaskInfo = {
      ...commandTask(id, ''),
      command: { shell: false, uris },
      container: {
        type: 'DOCKER',
        docker: { image, network: 'BRIDGE', ...(isForced === true && { force_pull_image: true }) },
      },
    };
    master.run(task);
  };
  const state = async (id: string, name: string) => (await stateOf(master, id, name)).message;
  return { ...docker, workDir, run, state, sandbox: (id: string) => sandboxOf(agent.url, id), homesFolder: homes };
}

const unauthorized =
  /^Failed to launch container: Failed to run '\S+ -H unix:\S+ pull private:1': exited with status 1; stderr='Error response from daemon: unauthorized: authentication required'$/;

describe('the image of a private registry', () => {
  test('is pulled with the .docker/config.json of a docker.tar.gz that the task fetches: its sandbox is HOME', async () => {
    const docker = await start();
    docker.run('web', 'docker.tar.gz');
    await docker.state('web', 'TASK_RUNNING');
    expect(docker.callsOf('pull')).toEqual(['pull private:1']);
    const sandbox = await docker.sandbox('web');
    expect(docker.homes()).toEqual([sandbox]);
    expect(readFileSync(`${sandbox}/.docker/config.json`, 'utf8')).toBe(configOf(right));
  });

  test('is pulled with a .dockercfg that the task fetches, in the form that newer CLIs read', async () => {
    const docker = await start();
    docker.set('hang-pull');
    docker.run('web', '.dockercfg');
    const file = `${docker.homesFolder}/1/.docker/config.json`;
    await waitFor(() => {
      expect(existsSync(file)).toBe(true);
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ auths: authOf(right) });
    expect(statSync(file).mode & 0o077).toBe(0);
    docker.set('hang-pull', false);
    await docker.state('web', 'TASK_RUNNING');
    expect(docker.homes()).toEqual([`${docker.homesFolder}/1`]);
    expect(readdirSync(docker.homesFolder)).toEqual([]);
  });

  test.each([
    ['as config.json has them', configOf(right)],
    ['as .dockercfg has them', JSON.stringify(authOf(right))],
  ])('is pulled with the credentials of the agent (%s) when the task fetches none', async (_, configJson) => {
    const docker = await start(configJson);
    docker.set('hang-pull');
    docker.run('web');
    const file = `${docker.homesFolder}/1/.docker/config.json`;
    await waitFor(() => {
      expect(existsSync(file)).toBe(true);
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ auths: authOf(right) });
    expect(statSync(file).mode & 0o077).toBe(0);
    docker.set('hang-pull', false);
    await docker.state('web', 'TASK_RUNNING');
    expect(readdirSync(docker.homesFolder)).toEqual([]);
  });

  test('is pulled with what the task fetches, also when the agent has credentials', async () => {
    const docker = await start(configOf(right));
    docker.run('web', 'wrong/docker.tar.gz');
    expect(await docker.state('web', 'TASK_FAILED')).toMatch(unauthorized);
    expect(docker.homes()).toEqual([await docker.sandbox('web')]);
    expect(existsSync(docker.homesFolder)).toBe(false);
  });

  test.each([
    ['without any', undefined],
    ['with a .dockercfg that is no JSON', 'text/.dockercfg'],
  ])('is refused %s, in the words of Docker, and HOME is the sandbox', async (_, path) => {
    const docker = await start();
    docker.run('web', path);
    expect(await docker.state('web', 'TASK_FAILED')).toMatch(unauthorized);
    expect(docker.homes()).toEqual([await docker.sandbox('web')]);
    expect(docker.callsOf('run')).toEqual([]);
  });

  test('that is there already is pulled with them where a pull is forced', async () => {
    const docker = await start();
    docker.set(`images/${image}`);
    docker.run('there');
    await docker.state('there', 'TASK_RUNNING');
    expect(docker.callsOf('pull')).toEqual([]);
    docker.run('forced', 'docker.tar.gz', true);
    await docker.state('forced', 'TASK_RUNNING');
    docker.run('refused', undefined, true);
    expect(await docker.state('refused', 'TASK_FAILED')).toMatch(unauthorized);
    expect(docker.callsOf('pull')).toHaveLength(2);
  });

  test('is not pulled by the credentials of another task that pulls it at the same time', async () => {
    const docker = await start();
    docker.set('hang-pull');
    docker.run('right', 'docker.tar.gz');
    docker.run('wrong', 'wrong/docker.tar.gz');
    docker.run('none');
    await waitFor(() => {
      expect(docker.callsOf('pull')).toHaveLength(3);
    });
    docker.set('hang-pull', false);
    await docker.state('right', 'TASK_RUNNING');
    expect(await docker.state('wrong', 'TASK_FAILED')).toMatch(unauthorized);
    expect(await docker.state('none', 'TASK_FAILED')).toMatch(unauthorized);
  });

  test('is not pulled when the archive with them cannot be fetched', async () => {
    const docker = await start(configOf(right));
    docker.run('web', 'nowhere/docker.tar.gz');
    expect(await docker.state('web', 'TASK_FAILED')).toContain('Failed to fetch all URIs for container');
    expect(docker.callsOf('pull')).toEqual([]);
  });

  test('is refused where the credentials of the agent are none, in the words of Mesos', async () => {
    const docker = await start('{"auths": "none"}');
    docker.run('web');
    expect(await docker.state('web', 'TASK_FAILED')).toBe(
      "Failed to launch container: Failed to find 'auths' in docker config file: Found JSON value of wrong type",
    );
    expect(docker.callsOf('pull')).toEqual([]);
  });
});
