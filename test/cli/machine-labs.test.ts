import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { vagrantfile } from '../../generators/machines/vagrantfile.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import type { RunCommand } from '../../platform/processes/run-command.ts';
import { hostsRegistry } from '../../runtimes/hosts/hosts-registry.ts';
import { vagrantRuntime } from '../../runtimes/hosts/vagrant/vagrant-runtime.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { ended, FakeDocker } from '../runtimes/docker/fake-docker.ts';
import { fakeMachines, fakeWorld, heardOptions } from '../runtimes/hosts/fake-machines.ts';
import { fakeVagrant, type FakeVagrant } from '../runtimes/hosts/fake-vagrant.ts';
import { folderWith, runFake, temporaryFolder } from './fake-context.ts';

/* Labs on machines of their own, by their names: from a folder that is not theirs. */

const spec = { name: 'lab', preset: 'three-vm' } as const;
const plan = planCluster(spec);

let state: string;
let directory: string;
let vagrant: FakeVagrant;
let docker: FakeDocker;
beforeEach(async () => {
  state = temporaryFolder();
  vagrant = fakeVagrant();
  docker = new FakeDocker();
  directory = await started(temporaryFolder());
  // It keeps what it knows in the folder.
  vagrant = fakeVagrant();
});

/** A lab of virtual machines that was started from here. */
async function started(folder: string): Promise<string> {
  writeFileSync(join(folder, 'mesos-cluster.yaml'), JSON.stringify(spec));
  writeFileSync(join(folder, 'Vagrantfile'), vagrantfile(plan).content);
  const registry = hostsRegistry(nodeFileSystem, join(state, 'create-mesos-cluster'));
  const { runCommand: asked, openTunnel } = vagrant;
  const world = { ...fakeWorld(fakeMachines(0), plan), runCommand: asked, openTunnel, registry };
  const lab = await vagrantRuntime(world).start({ directory: folder }, heardOptions(plan));
  await lab.keep();
  return folder;
}

const runCommand: RunCommand = (program, words, options) =>
  (program === 'vagrant' ? vagrant : docker).runCommand(program, words, options);
const run = (...argv: readonly string[]) =>
  runFake(argv, { cwd: temporaryFolder(), env: { XDG_STATE_HOME: state }, runCommand });

describe('a lab of virtual machines', () => {
  it('is in list with its folder, which does not ask Vagrant', async () => {
    const { stdout } = await run('list', '--json');
    expect(JSON.parse(stdout)).toEqual({
      labs: [expect.objectContaining({ name: 'lab', runtime: 'vagrant', state: 'on 3 virtual machines', directory })],
    });
    expect(vagrant.calls).toEqual([]);
  });

  it('does not run embedded beside that', async () => {
    const { exitCode, stderr } = await runFake(['up', '--runtime', 'embedded'], {
      cwd: directory,
      env: { XDG_STATE_HOME: state },
      runCommand,
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('the lab runs already, on the runtime vagrant')]);
  });

  it('is waited for as long as --timeout says, and then no longer', async () => {
    let wasEnded = false;
    const hanging: RunCommand = (program, words, options) =>
      words[0] !== 'status'
        ? runCommand(program, words, options)
        : new Promise((resolve) => {
            options.signal.addEventListener('abort', () => {
              wasEnded = true;
              resolve({ kind: 'stopped' });
            });
          });
    const env = { XDG_STATE_HOME: state };
    const { exitCode, stderr } = await runFake(['up', '--timeout', '1'], { cwd: directory, env, runCommand: hanging });
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('NOT_READY: no end in 1 s: Asking the machines')]);
    expect(wasEnded).toBe(true);
  });

  it('is destroyed by its name', async () => {
    const { exitCode, stdout } = await run('down', 'lab');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('(vagrant destroy)')]);
    expect((await run('list')).stdout).toBe('No lab runs on this machine.\n');
  });

  it('is still there by its name where Docker is not', async () => {
    docker.answers.push(['docker', { kind: 'missing' }]);
    const { exitCode, stdout } = await run('down', 'lab');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('(vagrant destroy)')]);
  });

  it('is forgotten by down when somebody destroyed it with Vagrant itself', async () => {
    rmSync(join(directory, '.vagrant'), { recursive: true });
    expect((await run('list')).stdout).toMatch(/^lab +vagrant +no virtual machines /m);
    expect(await run('down', 'lab')).toMatchObject({ exitCode: 0, stdout: 'Nothing was left to remove.\n' });
    expect((await run('list')).stdout).toBe('No lab runs on this machine.\n');
  });

  it('is not guessed where another lab has its name', async () => {
    const composeFile = '/lab/docker-compose.yml';
    docker.containers.push({ id: 'id', service: 'master1', lab: 'lab', directory: '/lab', composeFile });
    const { exitCode, stderr } = await run('down', 'lab');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${directory}, /lab`)]);
    expect([docker.containers.length, vagrant.calls]).toEqual([1, []]);
  });
});

describe('doctor in a lab of several machines', () => {
  it('asks each machine once what labs have on it', async () => {
    const nodes = ['node1', 'node2'].map((name, index) => ({
      ...{ name, address: `192.0.2.${String(index + 2)}`, docker: `unix:///${name}.sock` },
      roles: index === 0 ? ['zookeeper', 'mesos-master', 'marathon'] : ['mesos-agent'],
    }));
    const cwd = folderWith({
      'mesos-cluster.yaml': JSON.stringify({ name: 'lab', placement: 'machines', nodes }),
      'nodes/node1/docker-compose.yml': 'name: lab\n',
    });
    // Whose addresses are others: then nobody connects to those of the spec from here.
    const look = '  |-- 10.9.9.9\n     /32 host LOCAL\n';
    const machines = fakeMachines(0, ({ words }) => (words[0] === 'run' ? ended(0, look) : undefined));
    const { stdout } = await runFake(['doctor', '--json'], { cwd, runCommand: machines.runCommand });
    expect(stdout).toContain('unix:///node2.sock');
    expect(machines.calls.filter(({ words }) => words[0] === 'ps').map(({ endpoint }) => endpoint)).toEqual([
      'unix:///node1.sock',
      'unix:///node2.sock',
    ]);
  });
});
