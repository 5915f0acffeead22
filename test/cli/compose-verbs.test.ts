import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../platform/run-command.ts';
import { folderWith, runFake, temporaryFolder } from './fake-context.ts';

const ended = (exitCode: number, stdout = ''): CommandResult => ({ kind: 'ended', exitCode, stdout, stderr: '' });
const singleHost = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\n', 'docker-compose.yml': 'name: lab\n' });
const vagrantLab = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\n', Vagrantfile: '' });

const project = 'docker compose --project-name lab --file docker-compose.yml --profile *';
/** The question whether another folder's lab has this name. */
const folders =
  'docker ps --all --filter label=com.docker.compose.project=lab --format {{.Label "com.docker.compose.project.working_dir"}}';

describe('the verbs that run a lab', () => {
  it.each([
    [['up'], `${project} up --detach --wait --remove-orphans`],
    [['down'], `${project} down --volumes --remove-orphans`],
    [['status'], `${project} ps --all`],
    [['logs'], `${project} logs --`],
    [['logs', '-f', 'master1', 'agent 1; rm'], `${project} logs --follow -- master1 agent 1; rm`],
  ])('on one host, %j runs %s', async (argv, command) => {
    const cwd = singleHost();
    const result = await runFake(argv, { cwd, programs: { [command]: ended(0), [folders]: ended(0, `${cwd}\n`) } });
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(result.commands.at(-1)?.options).toMatchObject({ cwd, stdio: 'inherit' });
  });

  it('do not let variables of the shell point Compose to something else', async () => {
    const env = { COMPOSE_FILE: '/other/compose.yaml', COMPOSE_PROJECT_NAME: 'other', DOCKER_HOST: 'unix:///x' };
    const { commands } = await runFake(['down'], { cwd: singleHost(), env });
    expect(commands.at(-1)?.options.env).toEqual({ COMPOSE_FILE: undefined, COMPOSE_PROJECT_NAME: undefined });
  });

  it.each(['up', 'down'])('%s leaves the lab of the same name in another folder alone', async (verb) => {
    const programs = { [folders]: ended(0, '/elsewhere/lab\n/elsewhere/lab\n') };
    const { exitCode, stderr, commands } = await runFake([verb], { cwd: singleHost(), programs });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /SPEC_DUPLICATE: the containers of a lab called lab belong to another folder[^]*\/elsewhere\/lab/,
    );
    expect(commands).toHaveLength(1);
  });

  it('pass a name with spaces as one word', async () => {
    const { commands } = await runFake(['logs', 'agent 1; rm'], { cwd: singleHost() });
    expect(commands.at(-1)?.command.at(-1)).toBe('agent 1; rm');
  });

  it.each([
    [['up'], 'vagrant up'],
    [['down'], 'vagrant destroy --force'],
    [['status'], 'vagrant status'],
  ])('on virtual machines, %j runs %s', async (argv, command) => {
    const result = await runFake(argv, { cwd: vagrantLab(), programs: { [command]: ended(0) } });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('run in the folder that --lab names', async () => {
    const cwd = singleHost();
    const { commands } = await runFake(['status', '--lab', cwd], { cwd: temporaryFolder() });
    expect(commands.map(({ options }) => options.cwd)).toEqual([cwd, cwd]);
  });

  it('say that Docker is missing', async () => {
    const { exitCode, stderr } = await runFake(['up'], { cwd: singleHost() });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/MACHINE_NO_DOCKER: docker is not on this machine[\s\S]*fix: {5}install Docker/);
  });

  it('say which command failed', async () => {
    const programs = { [`${project} up --detach --wait --remove-orphans`]: ended(17) };
    const { exitCode, stderr } = await runFake(['up'], { cwd: singleHost(), programs });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`${project} up --detach --wait --remove-orphans ended with exit code 17`);
  });

  it('exit 130 when the command was interrupted', async () => {
    const programs = { [`${project} logs --follow --`]: { kind: 'stopped' } as const };
    expect(await runFake(['logs', '-f'], { cwd: singleHost(), programs })).toMatchObject({ exitCode: 130 });
  });

  it.each(['up', 'down', 'status', 'logs'])('%s needs a lab', async (verb) => {
    const result = await runFake([verb], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('USAGE_NOT_A_LAB'), commands: [] });
  });

  it('say what to do on machines that the lab did not make', async () => {
    const cwd = folderWith({ 'mesos-cluster.yaml': 'name: lab\n', 'nodes/n1/docker-compose.yml': '' });
    expect(await runFake(['up'], { cwd })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('README.md') });
  });
});

describe('doctor', () => {
  const healthy = {
    'docker --version': ended(0, 'Docker version 28.4.0, build x'),
    'docker version --format {{.Server.Version}}': ended(0, '28.4.0'),
    'docker compose version --short': ended(0, '2.39.1-desktop.1'),
  };

  it('finds everything that is needed', async () => {
    const { exitCode, stdout } = await runFake(['doctor'], { cwd: singleHost(), programs: healthy });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'ok      Node.js 20.12.0 or newer: 20.20.0',
        'ok      Docker client: Docker version 28.4.0, build x',
        'ok      Docker Engine answers: 28.4.0',
        'ok      Compose 2.20.0 or newer: 2.39.1-desktop.1',
        '',
      ].join('\n'),
    );
  });

  it('names what is missing, each with its fix', async () => {
    const stopped: CommandResult = {
      kind: 'ended',
      exitCode: 1,
      stdout: '',
      stderr: 'Cannot connect to the Docker daemon\nmore',
    };
    const programs = {
      ...healthy,
      'docker version --format {{.Server.Version}}': stopped,
      'docker compose version --short': ended(0, 'v2.19.9'),
    };
    const { exitCode, stdout } = await runFake(['doctor'], { cwd: temporaryFolder(), programs });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/missing Docker Engine answers: Cannot connect to the Docker daemon\n {8}fix: start Docker/);
    expect(stdout).toMatch(/missing Compose 2\.20\.0 or newer: v2\.19\.9\n {8}fix: /);
  });

  it('is data with --json', async () => {
    const { exitCode, stdout } = await runFake(['doctor', '--json'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).findings).toContainEqual(expect.objectContaining({ need: 'Docker client', ok: false }));
  });

  it('looks for Vagrant in a lab that needs it', async () => {
    const { stdout } = await runFake(['doctor', '--lab', join(vagrantLab())], { cwd: temporaryFolder() });
    expect(stdout).toContain('missing Vagrant: not on PATH');
    expect(stdout).not.toContain('Docker');
  });
});
