import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../platform/run-command.ts';
import { folderWith, runFake, temporaryFolder, type RunResult } from './fake-context.ts';

const ended = (exitCode: number, stdout = ''): CommandResult => ({ kind: 'ended', exitCode, stdout, stderr: '' });
const singleHost = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\n', 'docker-compose.yml': 'name: lab\n' });
const vagrantLab = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\npreset: three-vm\n', Vagrantfile: '' });
const dockerAnswers = { 'docker info --format {{.ServerVersion}}': ended(0, '28.4.0') };
const lastCommand = (result: RunResult) => result.commands.at(-1);

const project = 'docker compose --project-name lab --file docker-compose.yml --profile *';
/** The question in which folders containers of this lab run. */
const runningIn =
  'docker ps --filter label=com.docker.compose.project=lab --format {{.Label "com.docker.compose.project.working_dir"}}';
const runsIn = (cwd: string) => ({ ...dockerAnswers, [runningIn]: ended(0, `${cwd}\n`) });
/** The question whether another folder's lab has this name. */
const folders =
  'docker ps --all --filter label=com.docker.compose.project=lab --format {{.Label "com.docker.compose.project.working_dir"}}';

describe('the verbs that run a lab on Docker', () => {
  it.each([
    [['up'], `${project} up --detach --wait --remove-orphans`],
    [['down'], `${project} down --volumes --remove-orphans`],
    [['status'], `${project} ps --all`],
    [['logs'], `${project} logs --`],
    [['logs', '-f', 'master1', 'agent 1; rm'], `${project} logs --follow -- master1 agent 1; rm`],
  ])('on one host, %j runs %s', async (argv, command) => {
    const cwd = singleHost();
    const programs = { ...runsIn(cwd), [command]: ended(0), [folders]: ended(0, `${cwd}\n`) };
    const result = await runFake(argv, { cwd, programs });
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(lastCommand(result)?.options).toMatchObject({ cwd, stdio: 'inherit' });
  });

  it('do not let variables of the shell point Compose to something else', async () => {
    const env = { COMPOSE_FILE: '/other/compose.yaml', COMPOSE_PROJECT_NAME: 'other', DOCKER_HOST: 'unix:///x' };
    const result = await runFake(['down'], { cwd: singleHost(), env, programs: dockerAnswers });
    expect(lastCommand(result)?.options.env).toEqual({ COMPOSE_FILE: undefined, COMPOSE_PROJECT_NAME: undefined });
  });

  it.each(['up', 'down'])('%s leaves the lab of the same name in another folder alone', async (verb) => {
    const programs = { ...dockerAnswers, [folders]: ended(0, '/elsewhere/lab\n/elsewhere/lab\n') };
    const { exitCode, stderr, commands } = await runFake([verb], { cwd: singleHost(), programs });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /SPEC_DUPLICATE: The containers of a lab called lab belong to another folder[^]*\/elsewhere\/lab/,
    );
    expect(commands.filter(({ command }) => command.includes('compose') && !command.includes('--images'))).toEqual([]);
  });

  it('say which runtime was chosen, and why', async () => {
    const { stderr } = await runFake(['up'], { cwd: singleHost(), programs: dockerAnswers });
    expect(stderr).toContain(' • Runtime docker (docker answers)\n');
  });

  it('pass a name with spaces as one word', async () => {
    const cwd = singleHost();
    const { commands } = await runFake(['logs', 'agent 1; rm'], { cwd, programs: runsIn(cwd) });
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
    const result = await runFake(['status', '--lab', cwd], { cwd: temporaryFolder(), programs: runsIn(cwd) });
    expect(lastCommand(result)?.options.cwd).toBe(cwd);
  });

  it('say that the runtime that was asked for is not there', async () => {
    const { exitCode, stderr } = await runFake(['up', '--runtime', 'docker'], { cwd: singleHost() });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/MACHINE_NO_DOCKER: [\s\S]*found: {3}docker: docker is not on PATH/);
  });

  it('have nothing to stop where nothing runs and Docker does not answer', async () => {
    const { exitCode, stdout } = await runFake(['down'], { cwd: singleHost() });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('This lab does not run here')]);
  });

  describe.each([
    ['without Docker', {}],
    ['with Docker', { ...dockerAnswers, [runningIn]: ended(0) }],
  ])('%s', (_title, programs) => {
    it.each([['logs'], ['verify'], ['scale', 'x', '2']])('%s says that the lab does not run', async (...argv) => {
      const { exitCode, stderr } = await runFake(argv, { cwd: singleHost(), programs });
      expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LAB_NOT_RUNNING')]);
    });

    it('status says with exit code 5 that a lab does not run', async () => {
      const result = await runFake(['status'], { cwd: singleHost(), programs });
      expect(result).toMatchObject({ exitCode: 5, stdout: 'This lab does not run. Start it: npm run up\n' });
      const asData = await runFake(['status', '--json'], { cwd: singleHost(), programs });
      expect([asData.exitCode, JSON.parse(asData.stdout)]).toEqual([5, { running: false }]);
    });
  });

  it.each([
    ['an object a line', '{"Service":"master1"}\n{"Service":"agent1"}\n'],
    ['an array', '[{"Service":"master1"},{"Service":"agent1"}]\n'],
  ])('show as data what Compose prints as %s', async (_form, printed) => {
    const cwd = singleHost();
    const programs = { ...runsIn(cwd), [`${project} ps --all --format json`]: ended(0, printed) };
    const { exitCode, stdout } = await runFake(['status', '--json'], { cwd, programs });
    const services = [{ Service: 'master1' }, { Service: 'agent1' }];
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { running: true, runtime: 'docker', services }]);
  });

  it('say why there is no data', async () => {
    const cwd = singleHost();
    const { exitCode, stderr } = await runFake(['status', '--json'], { cwd, programs: runsIn(cwd) });
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('docker compose does not say what runs')]);
  });

  it('say which command failed', async () => {
    const programs = { ...dockerAnswers, [`${project} up --detach --wait --remove-orphans`]: ended(17) };
    const { exitCode, stderr } = await runFake(['up'], { cwd: singleHost(), programs });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`${project} up --detach --wait --remove-orphans ended with exit code 17`);
  });

  it('exit 130 when the command was interrupted', async () => {
    const cwd = singleHost();
    const programs = { ...runsIn(cwd), [`${project} logs --follow --`]: { kind: 'stopped' } as const };
    expect(await runFake(['logs', '-f'], { cwd, programs })).toMatchObject({ exitCode: 130 });
  });

  it.each([['--port', 'marathon=9000'], ['--port-offset', '100'], ['--retain']])(
    'refuse %s, which only the embedded runtime heeds',
    async (...flag) => {
      const { exitCode, stderr } = await runFake(['up', ...flag], { cwd: singleHost(), programs: dockerAnswers });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${flag[0]} is for the embedded runtime`);
    },
  );

  it('do not run a lab of several machines embedded', async () => {
    const { exitCode, stderr } = await runFake(['up', '--runtime', 'embedded'], { cwd: vagrantLab() });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('several machines')]);
  });

  it.each(['up', 'down', 'status', 'logs', 'verify'])('%s needs a lab', async (verb) => {
    const result = await runFake([verb], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('USAGE_NOT_A_LAB'), commands: [] });
  });

  it('say what to do on machines that the lab did not make', async () => {
    const cwd = folderWith({
      'mesos-cluster.yaml': 'name: lab\npreset: two-host\n',
      'nodes/test166/docker-compose.yml': '',
    });
    expect(await runFake(['up'], { cwd })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('README.md') });
  });
});

describe('doctor', () => {
  const healthy = {
    'docker --version': ended(0, 'Docker version 28.4.0, build x'),
    'docker version --format {{.Server.Version}}': ended(0, '28.4.0'),
    'docker compose version --short': ended(0, '2.39.1-desktop.1'),
  };

  it('says what this machine can run, and what it cannot: why, and what to do', async () => {
    const { exitCode, stdout } = await runFake(['doctor'], { cwd: temporaryFolder(), programs: healthy });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'docker: can run labs on one Docker Engine',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        '  ok      Docker client: Docker version 28.4.0, build x',
        '  ok      Docker Engine answers: 28.4.0',
        '  ok      Compose 2.20.0 or newer: 2.39.1-desktop.1',
        'embedded: can run labs without Docker (its containers are simulated, commands are real)',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        'vagrant: cannot run labs of virtual machines',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        '  missing Vagrant: not on PATH',
        '          fix: install it: https://developer.hashicorp.com/vagrant/install',
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
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /missing Docker Engine answers: Cannot connect to the Docker daemon\n {10}fix: start Docker/,
    );
    expect(stdout).toMatch(/missing Compose 2\.20\.0 or newer: v2\.19\.9\n {10}fix: /);
  });

  it('exits 3 in a lab that this machine has no way to run', async () => {
    const { exitCode, stdout } = await runFake(['doctor', '--lab', vagrantLab()], { cwd: temporaryFolder() });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('missing Vagrant: not on PATH');
    expect(stdout).not.toContain('Docker');
  });

  it('says of a lab whose ports are taken that this is all', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const cwd = folderWith({ 'mesos-cluster.yaml': `name: lab\nports:\n  marathon: ${port}\n` });
    const { stdout } = await runFake(['doctor'], { cwd });
    holder.close();
    expect(stdout).toContain("embedded: cannot: this lab's ports are taken:\n");
    expect(stdout).toContain(String(port));
  });

  it('is data with --json', async () => {
    const { stdout } = await runFake(['doctor', '--json'], { cwd: temporaryFolder() });
    expect(JSON.parse(stdout).runtimes).toMatchObject([
      { runtime: 'docker', can: false },
      { runtime: 'embedded', can: true },
      { runtime: 'vagrant', can: false },
    ]);
  });
});
