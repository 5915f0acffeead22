import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../errors/user-error.ts';
import { vagrantfile } from '../../../generators/machines/vagrantfile.ts';
import type { RunCommand } from '../../../platform/processes/run-command.ts';
import { shellWords } from '../../../platform/processes/shell-words.ts';
import { vagrantRuntime } from '../../../runtimes/hosts/vagrant/vagrant-runtime.ts';
import { fakeVagrant, type FakeVagrant } from './fake-vagrant.ts';
import { fakeMachines, fakeWorld, heardOptions, planWithAgents } from './fake-machines.ts';

const plan = planWithAgents(2, { name: 'lab', vagrant: {} });

let directory: string;
let vagrant: FakeVagrant;
beforeEach(() => {
  vagrant = fakeVagrant();
  directory = mkdtempSync(join(tmpdir(), 'vagrant-unit-'));
  writeFileSync(join(directory, 'Vagrantfile'), vagrantfile(plan).content);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const calls = () => vagrant.calls;

const commandOptions = () => ({
  ...{ cwd: directory, stdio: 'capture' as const, signal: new AbortController().signal },
});

/** The runtime with the fake program in the place of the real one. */
const runtime = () => vagrantRuntime(world());
const world = () => {
  const { runCommand, openTunnel } = vagrant;
  return { ...fakeWorld(fakeMachines(0), plan), runCommand, openTunnel };
};

const up = async () => {
  const options = heardOptions(plan);
  const lab = await runtime().start({ directory }, options);
  await lab.keep();
  return { lab, options };
};

describe('a lab of virtual machines', () => {
  it('is nothing before it was made, which Vagrant is not asked for', async () => {
    expect(await runtime().find({ directory })).toEqual({ kind: 'nothing' });
    expect(calls()).toEqual([]);
  });

  it('is made by vagrant up, whose progress is shown', async () => {
    const { lab, options } = await up();
    expect(calls()).toContain('up');
    expect(options.notes).toEqual(expect.arrayContaining(['==> node1: Booting VM...', '==> node2: Booting VM...']));
    expect(vagrant.provisioned).toEqual(['node1 install', 'node1 start', 'node2 install', 'node2 start']);
    expect(lab.machines).toMatchObject([
      { name: 'node1', ok: true },
      { name: 'node2', ok: true },
    ]);
    expect(lab.parts.map(({ id, state }) => [id, state])).toEqual([
      ['node1-marathon', 'running'],
      ['node1-marathon-lb', 'running'],
      ['node1-mesos-master', 'running'],
      ['node1-zookeeper', 'running'],
      ['node2-mesos-agent', 'running'],
    ]);
  });

  it('is left as it is by a second up, and provisioned again once when its files are newer', async () => {
    const { lab } = await up();
    expect(await lab.differences({ plan, settings: [] })).toEqual([]);
    const newer = planWithAgents(2, { name: 'lab', vagrant: {}, timing: 'fast' });
    expect(await lab.differences({ plan: newer, settings: [] })).toEqual([
      'the files of the lab are newer than its machines',
    ]);
    vagrant = fakeVagrant();
    await runtime().start({ directory }, heardOptions(newer));
    expect(calls()).toEqual(['up --provision']);
    expect(vagrant.provisioned).toEqual(['node1 install', 'node1 start', 'node2 install', 'node2 start']);
  });

  it('tells why a machine failed, by its name, and is mended by a second up where it is not right', async () => {
    writeFileSync(join(directory, 'fail-start-node2'), '');
    const retained = { ...heardOptions(plan), retain: true };
    await expect(runtime().start({ directory }, retained)).rejects.toMatchObject({
      problems: [
        expect.objectContaining({ found: expect.stringMatching(/node2: exec: "docker-init".*\n.*node2: .*gave up/) }),
      ],
    });
    rmSync(join(directory, 'fail-start-node2'));
    const found = await runtime().find({ directory });
    const lab = 'lab' in found ? found.lab : undefined;
    expect(await lab?.differences({ plan, settings: [] })).toEqual([
      'node2-mesos-agent is created',
      'the files of the lab are newer than its machines',
    ]);
    const { lab: mended } = await up();
    // What is marked `once` may not have come to an end, though Vagrant takes it for done.
    expect(calls()).toContain('up --provision');
    expect(await mended.differences({ plan, settings: [] })).toEqual([]);
  });

  it('has only those machines mended whose containers do not run, or that are off', async () => {
    const { lab } = await up();
    await runtime().control({ directory }, 'stop', ['node2'], new AbortController().signal);
    vagrant = fakeVagrant();
    await runtime().start({ directory }, heardOptions(plan));
    expect(calls()).toEqual(['status --machine-readable', 'up node2']);
    expect(vagrant.provisioned).toEqual(['node2 start']);
    expect(await lab.differences({ plan, settings: [] })).toEqual([]);
  });

  it('asks Vagrant once for the way into all machines, which later commands know', async () => {
    await up();
    expect(calls().filter((call) => call.startsWith('ssh-config'))).toEqual(['ssh-config node1 node2']);
    vagrant = fakeVagrant();
    expect(await runtime().find({ directory })).toMatchObject({ kind: 'running' });
    expect(calls()).toEqual([]);
  });

  it('asks for the way again when a machine was made anew, or lets nobody in', async () => {
    await up();
    await vagrant.runCommand('vagrant', ['destroy', '--force', 'node2'], commandOptions());
    await vagrant.runCommand('vagrant', ['up', 'node2'], commandOptions());
    vagrant = fakeVagrant();
    await runtime().find({ directory });
    expect(calls()).toEqual(['status --machine-readable', 'ssh-config node2']);
    vagrant.silent.add('node1');
    const found = await runtime().find({ directory });
    expect(found).toMatchObject({
      lab: { machines: [{ name: 'node1', detail: 'running, no answer of its Docker' }, { detail: 'running' }] },
    });
    const request = { ids: ['node1-marathon'], tail: 5, follow: false, signal: new AbortController().signal };
    await expect(runtime().logs({ directory }, request, () => undefined)).rejects.toThrow('node1 is running, and its');
  });

  it('is asked inside its machines where this machine has no Docker', async () => {
    await up();
    const { runCommand } = vagrant;
    const withoutDocker = vagrantRuntime({
      ...world(),
      runCommand: (program, ...rest) =>
        program === 'docker' ? Promise.resolve({ kind: 'missing' }) : runCommand(program, ...rest),
    });
    expect(await withoutDocker.find({ directory })).toMatchObject({
      lab: { parts: expect.arrayContaining([expect.objectContaining({ id: 'node2-mesos-agent' })]) },
    });
    expect(calls().filter((call) => call.startsWith('ssh node2'))).toHaveLength(1);
  });

  it('is given up when it has not come up in time, which the error says', async () => {
    const late: RunCommand = (program, words, options) =>
      words[0] === 'up' && options.timeoutMs === 60_000
        ? Promise.resolve({ kind: 'stopped' })
        : vagrant.runCommand(program, words, options);
    const options = heardOptions(plan);
    await expect(vagrantRuntime({ ...world(), runCommand: late }).start({ directory }, options)).rejects.toMatchObject({
      problems: [
        expect.objectContaining({
          message: 'vagrant up did not come to an end within 60 s',
          fix: expect.stringContaining('--timeout SECONDS'),
        }),
      ],
    });
  });

  it('is halted and started again without provisioning, whole or by machine', async () => {
    await up();
    const { control } = runtime();
    const { signal } = new AbortController();
    await control({ directory }, 'stop', ['node2'], signal);
    const { kind, ...found } = await runtime().find({ directory });
    expect([kind, found]).toEqual([
      'running',
      {
        lab: expect.objectContaining({
          machines: [expect.anything(), expect.objectContaining({ detail: 'poweroff' })],
        }),
      },
    ]);
    await control({ directory }, 'start', [], signal);
    expect(calls()).toEqual(expect.arrayContaining(['halt node2', 'up --no-provision']));
    await expect(control({ directory }, 'stop', ['node9'], signal)).rejects.toThrow('no virtual machine called node9');
  });

  it('shows logs from inside its machines', async () => {
    await up();
    const lines: string[] = [];
    const request = { ids: ['node2-mesos-agent'], tail: 5, follow: false, signal: new AbortController().signal };
    await runtime().logs({ directory }, request, (id, line) => lines.push(`${id} ${line}`));
    expect(lines).toEqual(['node2-mesos-agent said in a fake machine']);
    expect(calls().filter((call) => call.startsWith('ssh '))).toEqual([]);
  });

  it('loses the machines that it no longer has, which Vagrant does not know any more', async () => {
    const { lab } = await up();
    const smaller = planWithAgents(1, { name: 'lab', vagrant: {} });
    writeFileSync(join(directory, 'Vagrantfile'), vagrantfile(smaller).content);
    expect(await lab.differences({ plan: smaller, settings: [] })).toContain('node2 is no machine of the lab any more');
    await (await runtime().start({ directory }, heardOptions(smaller))).keep();
    expect(calls().at(-1)).toBe('destroy --force node2');
    expect(existsSync(join(directory, '.vagrant/machines/node2/fake'))).toBe(false);
  });

  it('is destroyed by down also where its Vagrantfile does not know a machine any more', async () => {
    await up();
    writeFileSync(join(directory, 'Vagrantfile'), vagrantfile(planWithAgents(1, { name: 'lab', vagrant: {} })).content);
    expect((await runtime().remove({ directory }))?.removed).toContain('node1, node2');
    expect(await runtime().find({ directory })).toEqual({ kind: 'nothing' });
  });

  it('is destroyed by down, which says so', async () => {
    await up();
    const removal = await runtime().remove({ directory });
    expect(removal?.removed).toBe('the virtual machines node1, node2 (vagrant destroy)');
    expect(await runtime().find({ directory })).toEqual({ kind: 'nothing' });
  });

  it('is found by its record, halted and destroyed also while its spec has mistakes', async () => {
    await up();
    const planOf = () => Promise.reject(new UserError({ code: 'SPEC_SYNTAX', message: 'no YAML' }));
    const mistaken = () => vagrantRuntime({ ...world(), planOf });
    expect(await mistaken().find({ directory })).toMatchObject({ kind: 'running', lab: { plan: { name: 'lab' } } });
    await mistaken().control({ directory }, 'stop', [], new AbortController().signal);
    expect((await mistaken().remove({ directory }))?.removed).toContain('node1, node2');
  });

  it('loses only the machines that a failed up has made', async () => {
    writeFileSync(join(directory, 'fail-node2'), '');
    const options = heardOptions(plan);
    await expect(runtime().start({ directory }, options)).rejects.toMatchObject({
      problems: [
        expect.objectContaining({
          code: 'COMMAND_FAILED',
          found: expect.stringContaining('The box cannot be downloaded'),
        }),
      ],
    });
    expect(options.notes).toEqual(expect.arrayContaining(['node1: destroyed again', 'node2: was not made']));
    expect(calls()).toContain('destroy --force node1');
  });

  it('says what is missing when there is no Vagrant', async () => {
    const world = {
      ...fakeWorld(fakeMachines(0), plan),
      runCommand: () => Promise.resolve({ kind: 'missing' } as const),
    };
    await expect(vagrantRuntime(world).prepare({ directory }, heardOptions(plan))).rejects.toMatchObject({
      problems: [expect.objectContaining({ code: 'MACHINE_NO_VAGRANT' })],
    });
  });
});

describe('words for the shell of a machine', () => {
  it('arrive as they are', () => {
    expect(shellWords(['echo', "it's", '$HOME', 'a b', 'plain-1.2/x'])).toBe(
      `echo 'it'\\''s' '$HOME' 'a b' plain-1.2/x`,
    );
  });
});
