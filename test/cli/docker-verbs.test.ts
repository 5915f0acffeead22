import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerScript, type DockerScript } from '../runtimes/docker/docker-script.ts';
import { ended, FakeDocker, type FakeContainer } from '../runtimes/docker/fake-docker.ts';
import { failures } from '../runtimes/docker/preflight/docker-answers.ts';
import { fakeToolFolder, folderWith, runFake, temporaryFolder } from './fake-context.ts';

const singleHost = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\n', 'docker-compose.yml': 'name: lab\n' });
const vagrantLab = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\npreset: three-vm\n', Vagrantfile: '' });

/** A fake Engine on which a lab of this folder runs: a master, and an agent's pod. */
function runningIn(directory: string, state = 'running'): FakeDocker {
  const docker = new FakeDocker();
  const composeFile = join(directory, 'docker-compose.yml');
  for (const [service, node, role] of [
    ['master1', 'master1', 'mesos-master'],
    ['agent1', 'agent1', 'mesos-agent'],
    ['agent1-docker', 'agent1', 'docker-engine'],
    ['agent1-node', 'agent1', 'node'],
  ] as const) {
    docker.containers.push({ id: `id-${service}`, service, node, role, lab: 'lab', directory, composeFile, state });
  }
  return docker;
}

/** One of its containers. */
function runningPart({ containers: [first] }: FakeDocker): FakeContainer {
  if (first === undefined) throw new Error('no container');
  return first;
}

const run = (
  argv: readonly string[],
  cwd: string,
  { runCommand }: FakeDocker,
  { PATH }: DockerScript = dockerScript(),
) => runFake(argv, { cwd, runCommand, env: { PATH } });
/** What the docker-compose package asked last, which starts a program. */
const lastCompose = ({ asked }: DockerScript) =>
  asked()
    .at(-1)
    ?.replace(/^docker compose .*--profile \* /, '');

describe('down', () => {
  it('removes what bears the marks of the lab, and says what it keeps', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    const { exitCode, stdout } = await run(['down'], cwd, docker);
    expect([exitCode, docker.containers]).toEqual([0, []]);
    expect(stdout).toMatch(/^Removed 4 containers\.\nKept: images.*: image\n$/);
  });

  it('removes a lab by its name when its folder is gone', async () => {
    const docker = runningIn('/gone');
    const { exitCode, stdout } = await run(['down', 'lab'], temporaryFolder(), docker);
    expect([exitCode, docker.containers, stdout]).toEqual([0, [], expect.stringContaining('Removed 4 containers')]);
  });

  it('by the name of a lab whose folder is there takes the record of its run along', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    const record = join(cwd, '.mesos-cluster/run/docker/lab.json');
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, JSON.stringify({ format: 1, name: 'lab', directory: cwd, plan: {} }));
    expect(await run(['down', 'lab'], temporaryFolder(), docker)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(cwd, '.mesos-cluster'))).toBe(false);
  });

  it('ends a lab also where its folder cannot be written, and says so', async () => {
    const cwd = singleHost();
    // In the way of the folder with the lock.
    writeFileSync(join(cwd, '.mesos-cluster'), '');
    const docker = runningIn(cwd);
    const { stderr } = await run(['down'], cwd, docker);
    expect([docker.containers, stderr]).toEqual([[], expect.stringContaining('ending the lab all the same')]);
  });

  it('says that there is no lab of that name', async () => {
    const { exitCode, stderr } = await run(['down', 'other'], temporaryFolder(), runningIn('/lab'));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Docker has nothing of a lab called other')]);
  });

  it('leaves the lab of the same name in another folder alone', async () => {
    const docker = runningIn('/elsewhere');
    const { exitCode, stdout } = await run(['down'], singleHost(), docker);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('does not run here')]);
    expect(docker.containers).toHaveLength(4);
  });
});

describe('a mistake in the spec of a lab that runs', () => {
  const mistaken = (text: string) => folderWith({ 'mesos-cluster.yaml': text, 'docker-compose.yml': 'name: lab\n' });

  it.each(['name: lab\nfoo: 1\n', 'bar: [\n'])(
    '%j is not in the way of those who end it, or look into it',
    async (text) => {
      const cwd = mistaken(text);
      const docker = runningIn(cwd);
      docker.answers.push([' logs ', ['master1-1        | hello']], ['docker exec', ended(0)]);
      expect(await run(['stop'], cwd, docker)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Stopped'),
      });
      expect(await run(['logs', 'master1'], cwd, docker)).toMatchObject({ exitCode: 0, stdout: 'hello\n' });
      expect(await run(['exec', 'agent1', 'ls'], cwd, docker)).toMatchObject({ exitCode: 0 });
      expect(await run(['down'], cwd, docker)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Removed'),
      });
      expect(docker.containers).toEqual([]);
    },
  );

  it.each([['status'], ['start'], ['verify'], ['deploy', '-'], ['logs', 'some-app']])(
    'is told by %s, with what works all the same',
    async (...argv) => {
      const cwd = mistaken('name: lab\nfoo: 1\n');
      const { runCommand } = runningIn(cwd);
      const { exitCode, stderr } = await runFake(argv, { cwd, runCommand, stdin: '{"id": "/a"}' });
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringMatching(/SPEC_UNKNOWN_KEY[^]*fix: .* and down work all the same/),
      ]);
    },
  );
});

describe('up', () => {
  it('refuses a lab whose name another folder has taken', async () => {
    const { exitCode, stderr } = await run(['up'], singleHost(), runningIn('/elsewhere'));
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/SPEC_DUPLICATE[\s\S]*\/elsewhere/)]);
  });

  it('keeps the runtime of what runs', async () => {
    const cwd = singleHost();
    const { exitCode, stderr } = await run(['up', '--runtime', 'embedded'], cwd, runningIn(cwd));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('runs already, on the runtime docker')]);
  });

  it('does not take a lab on one host for one on machines', async () => {
    const { exitCode, stderr } = await run(['up', '--runtime', 'hosts'], singleHost(), new FakeDocker());
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/does not run on several machines[\s\S]*docker, embedded/),
    ]);
  });

  it('says why Docker cannot run this lab, unless it is forced', async () => {
    const cwd = folderWith({
      'mesos-cluster.yaml': 'name: lab\nimages:\n  set: stock\n',
      'docker-compose.yml': 'name: lab\n',
    });
    const docker = new FakeDocker('Engine 29 with images in containerd');
    const { exitCode, stderr } = await run(['up'], cwd, docker);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/MACHINE_IMAGE_SET[\s\S]*--force/)]);
    expect(docker.asked.filter((command) => command.startsWith('docker compose'))).toEqual([]);
  });

  it('ends when an image cannot be had and --runtime docker insists', async () => {
    const docker = new FakeDocker();
    docker.answers.push(['docker pull', ended(1, '', 'dial tcp: no such host')]);
    const { exitCode, stderr } = await run(['up', '--runtime', 'docker'], singleHost(), docker);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('IMAGE_NOT_AVAILABLE')]);
  });

  it('prints a warning of the spec once', async () => {
    const cwd = folderWith({
      'mesos-cluster.yaml': 'name: lab\ncounts:\n  agents: 0\n',
      'docker-compose.yml': 'name: lab\n',
    });
    const docker = new FakeDocker();
    docker.answers.push(['docker pull', ended(1, '', 'dial tcp: no such host')]);
    const { stderr } = await run(['up', '--runtime', 'docker'], cwd, docker);
    expect(stderr.match(/has no Mesos agent/g)).toHaveLength(1);
  });
});

describe('stop and start', () => {
  it.each([
    [['stop'], 'stop'],
    [['stop', 'agent1'], 'stop agent1 agent1-docker agent1-node'],
    [['stop', 'agent1-docker', 'master1'], 'stop agent1-docker master1'],
    [['start', 'agent1'], 'start agent1 agent1-docker agent1-node'],
  ])('%j asks Compose to %s: an agent is a whole pod', async (argv, words) => {
    const cwd = singleHost();
    const script = dockerScript();
    const { exitCode } = await run(argv, cwd, runningIn(cwd, argv[0] === 'stop' ? 'running' : 'exited'), script);
    expect([exitCode, lastCompose(script)]).toEqual([0, words]);
  });

  it('start does not wait for a registry cache that has no network', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    const role = 'registry-cache';
    docker.containers.push({ ...runningPart(docker), id: role, service: role, role, state: 'restarting' });
    const { stdout } = await run(['start', 'agent1'], cwd, docker);
    expect(stdout).toMatch(/^Started\. Still stopped: .*zookeeper1/);
    expect(stdout).not.toContain(role);
  });

  it('start says which containers were removed by hand, in pods too, and what makes them', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    docker.containers.splice(
      docker.containers.findIndex(({ service }) => service === 'agent1-docker'),
      1,
    );
    const script = dockerScript();
    const { exitCode, stderr } = await run(['start'], cwd, docker, script);
    expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/missing: .*agent1-docker.*\n +fix: +.* up makes/)]);
    expect(lastCompose(script)).toBeUndefined();
  });

  it.each([
    [['kill', 'agent1'], 'docker kill', ['agent1']],
    [['kill', 'agent1-docker', 'master1'], 'docker kill', ['agent1-docker', 'master1']],
    [['pause', 'master1'], 'docker pause', ['master1']],
  ])('%j asks the Engine, of a component alone: the tasks of an agent outlive it', async (argv, command, services) => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    docker.answers.push([command, []]);
    const { exitCode } = await run(argv, cwd, docker);
    const ids = services.map((service) => docker.containers.find((each) => each.service === service)?.id ?? '');
    expect([exitCode, docker.asked.filter((asked) => asked.startsWith(command))]).toEqual([
      0,
      [`${command} ${ids.join(' ')}`],
    ]);
  });

  it('start lets what was paused go on', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    const index = docker.containers.findIndex(({ service }) => service === 'master1');
    const [master] = docker.containers.splice(index, 1, {
      ...(docker.containers[index] as (typeof docker.containers)[number]),
      state: 'paused',
    });
    docker.answers.push(['docker unpause', []]);
    await run(['start', 'master1'], cwd, docker);
    expect(docker.asked).toContain(`docker unpause ${master?.id ?? ''}`);
  });

  it('partition is refused for what is no agent, and where nothing has iptables', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    expect((await run(['partition', 'master1'], cwd, docker)).stderr).toMatch(/is for agents[\s\S]*allowed: agent1/);
    docker.answers.push(['docker inspect', ['172.18.0.2']]);
    const without = docker.containers.filter(({ service }) => service !== 'agent1-docker');
    docker.containers.splice(0, docker.containers.length, ...without);
    const { exitCode, stderr } = await run(['partition', 'agent1'], cwd, docker);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no image of the lab has iptables')]);
    expect(docker.asked.filter((asked) => asked.startsWith('docker run'))).toEqual([]);
  });

  it('partition drops what agent and masters send each other, and heal takes that back', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    docker.answers.push(
      ['docker inspect', ['172.18.0.2']],
      ['docker run', ['id']],
      ['docker exec', []],
      ['docker rm', []],
    );
    expect((await run(['partition', 'agent1'], cwd, docker)).exitCode).toBe(0);
    const [made] = docker.asked.filter((asked) => asked.startsWith('docker run'));
    expect(made).toMatch(/--cap-drop ALL --cap-add NET_ADMIN .*--label create-mesos-cluster\.role=partition/);
    const [rules] = docker.asked.filter((asked) => asked.startsWith('docker exec'));
    expect(rules).toMatch(/-d 172\.18\.0\.2 -j DROP[\s\S]*-s 172\.18\.0\.2 -j DROP[\s\S]*-I INPUT/);
    const agent = docker.containers.find(({ service }) => service === 'agent1');
    if (agent === undefined) throw new Error('no agent');
    docker.containers.push({ ...agent, id: 'cut', service: 'agent1-partition', role: 'partition' });
    const status = await run(['status', '--json'], cwd, docker);
    expect(JSON.parse(status.stdout).parts).toContainEqual(
      expect.objectContaining({ id: 'agent1', state: 'partitioned' }),
    );
    expect((await run(['heal'], cwd, docker)).exitCode).toBe(0);
    expect(docker.asked.at(-1)).toMatch(/^docker rm --force --volumes \S+-agent1-partition$/);
  });

  it('name what there is when a name is not known', async () => {
    const cwd = singleHost();
    const { exitCode, stderr } = await run(['stop', 'agent7'], cwd, runningIn(cwd));
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/agent7[\s\S]*allowed: .*agent1-docker/)]);
  });
});

describe('exec', () => {
  it('passes everything behind the name on, and the exit code back', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    docker.answers.push(['docker exec', ended(7)]);
    for (const dashes of [[], ['--']]) {
      const { exitCode } = await run(['exec', 'agent1', ...dashes, 'ls', '-la', '--json', '$HOME'], cwd, docker);
      expect([exitCode, docker.asked.at(-1)]).toEqual([7, 'docker exec --interactive id-agent1 ls -la --json $HOME']);
    }
  });
});

describe('flags of exec', () => {
  it.each([
    [['exec', 'agent1', '--lab', 'LAB', '--', 'ls', '--lab', 'x']],
    [['exec', '--lab', 'LAB', 'agent1', 'ls', '--lab', 'x']],
    [['exec', 'agent1', '--lab=LAB', 'ls', '--lab', 'x']],
  ])('%j are ours up to the command', async (argv) => {
    const lab = singleHost();
    const docker = runningIn(lab);
    docker.answers.push(['docker exec', ended(0)]);
    const { exitCode } = await run(
      argv.map((word) => word.replace('LAB', lab)),
      temporaryFolder(),
      docker,
    );
    expect([exitCode, docker.asked.at(-1)]).toEqual([0, 'docker exec --interactive id-agent1 ls --lab x']);
  });
});

describe('logs', () => {
  it('stand under the names of their containers', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd);
    docker.answers.push([' logs ', ['master1-1        | hello', '\u001b[2Kagent1-docker-1  | API listen on /x']]);
    const { stdout } = await run(['logs', '--tail', '5', 'master1', 'agent1-docker'], cwd, docker);
    expect(stdout).toBe('master1       | hello\nagent1-docker | API listen on /x\n');
    expect(docker.asked.at(-1)).toContain('logs --no-color --timestamps --tail 5 -- master1 agent1-docker');
  });
});

describe('a lab that was stopped', () => {
  it('is shown by status with exit code 5, and by list', async () => {
    const cwd = singleHost();
    const docker = runningIn(cwd, 'exited');
    const status = await run(['status', '--json'], cwd, docker);
    expect([status.exitCode, JSON.parse(status.stdout)]).toMatchObject([
      5,
      {
        running: false,
        runtime: 'docker',
        parts: expect.arrayContaining([expect.objectContaining({ id: 'agent1-node' })]),
      },
    ]);
    const list = await run(['list'], cwd, docker);
    expect(list.stdout).toMatch(/^lab +docker +stopped +/m);
  });

  it('is not denied by list where Docker does not answer', async () => {
    const docker = new FakeDocker();
    docker.answers.push(['docker ps', ended(1, '', 'Cannot connect to the Docker daemon at unix:///x.sock.')]);
    const { exitCode, stderr } = await run(['list'], temporaryFolder(), docker);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('labs on Docker are not shown')]);
  });

  it('is named by list when its folder is gone', async () => {
    const { stdout } = await run(['list'], temporaryFolder(), runningIn('/gone'));
    expect(stdout).toContain('/gone (gone: down lab ends it)');
  });

  it.each([['verify'], ['scale', 'x', '2'], ['exec', 'agent1', 'ls']])(
    '%s says that it does not run',
    async (...argv) => {
      const cwd = singleHost();
      const { exitCode, stderr } = await run(argv, cwd, runningIn(cwd, 'exited'));
      expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LAB_NOT_RUNNING')]);
    },
  );
});

describe('scale agents', () => {
  it('writes the number into the spec and what follows from it', async () => {
    const cwd = temporaryFolder();
    const toolFolder = fakeToolFolder();
    await runFake(['lab', '--yes'], { cwd, toolFolder });
    const lab = join(cwd, 'lab');
    const { exitCode, stdout } = await runFake(['scale', 'agents', '4', '--lab', lab], { cwd, toolFolder });
    expect([exitCode, stdout]).toEqual([0, 'The lab does not run; up starts it with 4 agents.\n']);
    expect(readFileSync(join(lab, 'mesos-cluster.yaml'), 'utf8')).toMatch(/counts:\n {2}agents: 4\n/);
    expect(readFileSync(join(lab, 'docker-compose.yml'), 'utf8')).toContain('agent4-docker:');
  });

  it('leaves the spec as it is when so many cannot run here', async () => {
    const cwd = temporaryFolder();
    const toolFolder = fakeToolFolder();
    await runFake(['lab', '--yes'], { cwd, toolFolder });
    const lab = join(cwd, 'lab');
    const before = readFileSync(join(lab, 'mesos-cluster.yaml'), 'utf8');
    const { runCommand } = runningIn(lab);
    const { exitCode, stderr } = await runFake(['scale', 'agents', '900'], { cwd: lab, toolFolder, runCommand });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('MACHINE_DOCKER_MEMORY')]);
    expect(readFileSync(join(lab, 'mesos-cluster.yaml'), 'utf8')).toBe(before);
  });

  it.each([['0'], ['-1'], ['many'], ['1.5']])('takes no %s', async (count) => {
    const { exitCode, stderr } = await runFake(['scale', 'agents', count], { cwd: singleHost() });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is not a number of agents')]);
  });

  it('is not for labs that name their machines', async () => {
    const nodes =
      'name: lab\nnodes:\n  - {name: a, roles: [zookeeper, mesos-master, marathon, marathon-lb, mesos-agent]}\n';
    const { exitCode, stderr } = await runFake(['scale', 'agents', '2'], {
      cwd: folderWith({ 'mesos-cluster.yaml': nodes }),
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('names its machines one by one')]);
  });
});

describe('verbs on a lab', () => {
  it.each(['up', 'down', 'status', 'logs', 'verify', 'stop', 'start'])('%s needs one', async (verb) => {
    const result = await runFake([verb], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('USAGE_NOT_A_LAB') });
  });

  it.each([['logs'], ['verify'], ['scale', 'x', '2'], ['stop'], ['exec', 'a', 'b']])(
    '%s says without Docker that the lab does not run',
    async (...argv) => {
      const { exitCode, stderr } = await runFake(argv, { cwd: singleHost() });
      expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LAB_NOT_RUNNING')]);
    },
  );

  it('say that the runtime that was asked for is not there', async () => {
    const { exitCode, stderr } = await runFake(['up', '--runtime', 'docker'], { cwd: singleHost() });
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/MACHINE_NO_DOCKER: [\s\S]*not on PATH/)]);
  });

  it('say in words of its own what is wrong with the Docker that was asked for', async () => {
    const docker = new FakeDocker();
    docker.answers.push(['docker version', failures['a socket that one may not open'].version]);
    const { exitCode, stderr } = await run(['up', '--runtime', 'docker'], singleHost(), docker);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/^error MACHINE_DOCKER_PERMISSION: [\s\S]*fix: .*usermod/),
    ]);
  });

  it('do not run a lab of several machines on the Docker of one', async () => {
    const { exitCode, stderr } = await runFake(['up', '--runtime', 'docker'], { cwd: vagrantLab() });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/several machines[\s\S]*vagrant, embedded/)]);
  });
});
