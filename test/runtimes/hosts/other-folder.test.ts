import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import type { RunCommand } from '../../../platform/processes/run-command.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { readHostsRecord, writeHostsRecord, type HostsRecord } from '../../../runtimes/hosts/hosts-record.ts';
import { hostsRuntime } from '../../../runtimes/hosts/hosts-runtime.ts';
import { FakeDocker } from '../docker/fake-docker.ts';
import { fakeMachines, fakeWorld, heardOptions, planWithAgents } from './fake-machines.ts';

/* Two labs called `fake` in two folders, and a machine that both name: nobody touches what is the other's. */

const plan = planWithAgents(2);
const never = new AbortController().signal;

let folder: string;
let directory: string;
/** Of node1, which is ours, and of node2. */
let engines: readonly [FakeDocker, FakeDocker];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'other-folder-'));
  directory = join(folder, 'lab');
  mkdirSync(directory);
  engines = [new FakeDocker(), new FakeDocker()];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const runCommand: RunCommand = (program, [, endpoint, ...words], options) =>
  engines[endpoint === 'unix:///node1.sock' ? 0 : 1].runCommand(program, words, options);
const world = () => fakeWorld({ ...fakeMachines(0), runCommand }, plan);
const runtime = () => hostsRuntime(world());
const remove = (lab = directory) => runtime().remove({ directory: lab });

/** Puts a component of a lab in a folder onto a machine. */
function put(index: 0 | 1, service: string, lab: string): void {
  const node = `node${String(index + 1)}`;
  const project = `${lab}/nodes/${node}`;
  const composeFile = `${project}/docker-compose.yml`;
  const ids = { id: `${service} of ${lab}`, service, role: service, node };
  engines[index].containers.push({ ...ids, lab: plan.name, directory: project, composeFile });
}

/** What is left of a start in our folder. */
const recordOf = (skipped: readonly string[] = []): HostsRecord => ({
  ...{ format: 1, name: plan.name, phase: 'kept', isFresh: true, process: ownIdentity() },
  ...{ directory, plan, skipped, files: {}, settings: [] },
});
const record = (skipped?: readonly string[]) => {
  writeHostsRecord(nodeFileSystem, directory, recordOf(skipped));
};

const idsOn = (index: 0 | 1) => engines[index].containers.map(({ id }) => id);
/** What was asked of a machine beyond questions. */
const changesOn = (index: 0 | 1) =>
  engines[index].asked.filter((command) => / (?:rm|stop|start|up|kill|restart) /.test(command));

describe('a machine with a lab of the same name in another folder', () => {
  beforeEach(() => {
    record(['node2']);
    put(1, 'mesos-agent', '/home/other/lab');
    engines[1].volumes.push('volume of the other');
    engines[1].networks.push('network of the other');
    // A task of its agent, with a sandbox in the work folder that ours would have.
    engines[1].answers.push(
      ['name=^/?mesos-', ['task']],
      ['inspect --format {{.Id}}', [`task\t${plan.workDir}/slaves\t`]],
    );
  });
  const otherIsWhole = () => {
    expect(changesOn(1)).toEqual([]);
    expect([...idsOn(1), ...engines[1].volumes, ...engines[1].networks]).toEqual([
      'mesos-agent of /home/other/lab',
      'volume of the other',
      'network of the other',
    ]);
  };
  const belongs = 'node2: the containers of a lab called fake belong to another folder';

  it('is left alone by down, which removes the lab from the others, and says so', async () => {
    put(0, 'mesos-master', directory);
    engines[0].volumes.push('volume of ours');
    const removal = await remove();
    expect(removal?.removed).toBe('node1: 1 container and 1 volume');
    expect(removal?.kept).toContain(`${belongs}: /home/other/lab`);
    expect([...idsOn(0), ...engines[0].volumes]).toEqual([]);
    otherIsWhole();
    expect(readHostsRecord(nodeFileSystem, directory)).toBeUndefined();
  });

  it('is named by down in a copy of the folder, which has nothing else to remove', async () => {
    await expect(remove()).rejects.toMatchObject({
      problems: [{ code: 'SPEC_DUPLICATE', message: `${belongs}; nothing was done`, found: '/home/other/lab' }],
    });
    otherIsWhole();
  });

  it('loses what is ours, and nothing else, when both have containers on it', async () => {
    put(1, 'marathon', directory);
    expect((await remove())?.removed).toBe('node2: 1 container');
    expect(changesOn(1).map((command) => command.replace(/^.* rm/, 'rm'))).toEqual([
      'rm --force --volumes marathon of ' + directory,
    ]);
    expect([...idsOn(1), ...engines[1].volumes]).toEqual(['mesos-agent of /home/other/lab', 'volume of the other']);
  });

  it.each([
    ['stopped', 'stop'],
    ['running', 'start'],
  ] as const)('is named when ours is to be %s, on the machines that are left', async (_, action) => {
    put(0, 'mesos-master', directory);
    const { control } = runtime();
    await expect(control({ directory }, action, [], never)).rejects.toMatchObject({
      problems: [{ code: 'COMMAND_FAILED', message: expect.stringContaining(`${belongs}; the other nodes were`) }],
    });
    expect(changesOn(0)).toHaveLength(1);
    await control({ directory }, action, ['node1'], never);
    expect(changesOn(0)).toHaveLength(2);
    otherIsWhole();
  });

  it('is refused by up, also with --force', async () => {
    await expect(runtime().prepare({ directory }, { ...heardOptions(plan), force: true })).rejects.toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ code: 'SPEC_DUPLICATE', message: belongs })]),
    });
    otherIsWhole();
  });

  it('is left alone by a start that fails', async () => {
    engines[0].answers.push(['--pull never', { kind: 'ended', exitCode: 1, stdout: '', stderr: '' }]);
    const smaller = { ...plan, nodes: plan.nodes.slice(0, 1) };
    await expect(runtime().start({ directory }, heardOptions(smaller))).rejects.toThrow(
      'node1: Docker could not start',
    );
    otherIsWhole();
  });
});

it('a machine that leaves the lab is left alone when it has one of another folder, which is named', async () => {
  record(['node1']);
  put(0, 'mesos-master', '/home/other/lab');
  const options = heardOptions({ ...plan, nodes: plan.nodes.slice(1) });
  await (await runtime().start({ directory }, options)).keep();
  expect([changesOn(0), idsOn(0)]).toEqual([[], ['mesos-master of /home/other/lab']]);
  expect(options.notes).toContainEqual(expect.stringMatching(/^node1: .* left as they are: \/home\/other\/lab$/));
});

describe('a lab with its record in another folder than it was started in', () => {
  beforeEach(() => {
    record();
    put(0, 'mesos-master', directory);
    engines[1].volumes.push('left by a start that was killed');
  });

  it('is removed by down there, when it was moved', async () => {
    const moved = join(folder, 'moved');
    renameSync(directory, moved);
    expect((await remove(moved))?.removed).toBe('node1: 1 container; node2: 1 volume');
    expect(readHostsRecord(nodeFileSystem, moved)).toBeUndefined();
  });

  it('is removed by down there, when that is another name of the same folder', async () => {
    const link = join(folder, 'link');
    symlinkSync(directory, link);
    engines[0].containers.splice(0);
    put(0, 'mesos-master', link);
    writeHostsRecord(nodeFileSystem, directory, { ...recordOf(), directory: link });
    expect((await remove())?.removed).toBe('node1: 1 container; node2: 1 volume');
  });

  it('is left alone by down there, when it was copied', async () => {
    const copy = join(folder, 'copy');
    cpSync(directory, copy, { recursive: true });
    engines[1].volumes.splice(0);
    await expect(remove(copy)).rejects.toThrow('node1: the containers of a lab called fake belong to another folder');
    expect(changesOn(0)).toEqual([]);
  });
});
