import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../../errors/catalogue.ts';
import { exitCodes } from '../../../../errors/exit-codes.ts';
import { inspectDocker } from '../../../../runtimes/docker/preflight/inspect-docker.ts';
import { engines, failures } from './docker-answers.ts';
import { factsOf, inspectFake } from './inspect-fake.ts';

const binfmt = '/proc/sys/fs/binfmt_misc';

describe('what Docker there is', () => {
  it('is told from three answers', async () => {
    expect(await factsOf(engines['Engine 26.1 on Debian 12'])).toEqual({
      kind: 'facts',
      client: { version: '28.2.2' },
      engine: {
        version: '26.1.5+dfsg1',
        minApiVersion: '1.24',
        os: 'linux',
        arch: 'amd64',
        kind: 'docker',
        machine: 'Debian GNU/Linux 12 (bookworm)',
      },
      cgroupVersion: 1,
      storage: { driver: 'overlay2', isContainerd: false },
      memoryMb: 24_105,
      cpus: 2,
      isRootless: false,
      hasUserNamespaces: false,
      emulatesAmd64: undefined,
      rootFolder: '/var/lib/docker',
      context: 'default',
      endpoint: 'unix:///var/run/docker.sock',
      isRemote: false,
      composeVersion: '2.26.1-4',
    });
  });

  it.each([
    ['Engine 29 with images in containerd', { cgroupVersion: 2, storage: { driver: 'overlayfs', isContainerd: true } }],
    [
      'Docker Desktop on an arm64 Mac',
      { engine: { kind: 'desktop', arch: 'arm64' }, isRemote: false, emulatesAmd64: true },
    ],
    ['rootless Engine', { isRootless: true, isRemote: false }],
    ['Engine with user namespaces', { hasUserNamespaces: true }],
    ['Engine of another machine', { isRemote: true, context: 'lab-server' }],
    ['Engine behind a local TCP port', { isRemote: false }],
    ['Podman Engine with the client of Docker', { engine: { kind: 'podman' } }],
    ['Windows containers', { engine: { os: 'windows' }, cgroupVersion: undefined }],
  ] as const)('can be a %s', async (name, facts) => {
    expect(await factsOf(engines[name])).toMatchObject(facts);
  });

  it('knows from the kernel whether programs of another processor run', async () => {
    const given = engines['Engine 28 on an arm64 machine'];
    expect((await factsOf(given)).emulatesAmd64).toBeUndefined();
    expect((await factsOf(given, [binfmt])).emulatesAmd64).toBe(false);
    expect((await factsOf(given, [binfmt, `${binfmt}/qemu-x86_64`])).emulatesAmd64).toBe(true);
  });
});

describe('where labs cannot run at all', () => {
  it.each([
    ['no Docker', 'MACHINE_NO_DOCKER', /install Docker/],
    ["Podman's docker", 'MACHINE_NO_DOCKER', /before Podman on PATH/],
    ['a daemon that does not run', 'MACHINE_DOCKER_DOWN', /systemctl start docker/],
    ['Docker Desktop that does not run', 'MACHINE_DOCKER_DOWN', /start Docker Desktop/],
    ['a Docker that never answers', 'MACHINE_DOCKER_DOWN', /systemctl start docker/],
    ['a socket that one may not open', 'MACHINE_DOCKER_PERMISSION', /usermod -aG docker/],
    ['a client that is too old', 'MACHINE_DOCKER_OLD', /update Docker/],
    ['a client that is too new', 'MACHINE_DOCKER_OLD', /update Docker/],
    ['another machine that does not answer', 'MACHINE_DOCKER_CONTEXT', /docker context use default/],
    ['a context that is not there', 'MACHINE_DOCKER_CONTEXT', /docker context ls/],
    ['no Compose', 'MACHINE_NO_COMPOSE', /install the Compose plugin/],
    ['Compose v1 alone', 'MACHINE_NO_COMPOSE', /install the Compose plugin/],
    ['Compose v2 that Docker does not find', 'MACHINE_NO_COMPOSE', /ln -s/],
    ['an old Compose', 'MACHINE_NO_COMPOSE', /update it/],
  ] as const)('%s is %s, with its fix and exit code 3', async (name, code, fix) => {
    const problem = await inspectFake(failures[name]);
    expect(problem).toMatchObject({ kind: 'problem', code, fix: expect.stringMatching(fix) });
    expect(catalogue[code].exitCode).toBe(exitCodes.machine);
  });

  it('each has words of its own', async () => {
    const problems = await Promise.all(Object.values(failures).map((given) => inspectFake(given)));
    const texts = problems.map((problem) => (problem.kind === 'problem' ? `${problem.message} ${problem.found}` : ''));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('the old Compose is named', async () => {
    expect(await inspectFake(failures['Compose v1 alone'])).toMatchObject({
      found: 'docker-compose 1.29.2: Compose v1, which ended in 2023',
    });
  });
});

it('Docker is asked no more after Ctrl-C', async () => {
  const controller = new AbortController();
  const runCommand = () => {
    controller.abort(new Error('Ctrl-C'));
    return Promise.resolve({ kind: 'stopped' } as const);
  };
  const world = { runCommand, env: {}, cwd: '/', files: { kindOf: () => undefined }, signal: controller.signal };
  await expect(inspectDocker(world)).rejects.toThrow('Ctrl-C');
});
