import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../errors/user-error.ts';
import { vagrantfile } from '../../../generators/machines/vagrantfile.ts';
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

/** The runtime with the fake program in the place of the real one. */
const runtime = () => vagrantRuntime({ ...fakeWorld(fakeMachines(0), plan), runCommand: vagrant.runCommand });

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
    expect(options.notes).toEqual(['==> node1: Booting VM...', '==> node2: Booting VM...']);
    expect(lab.machines).toMatchObject([
      { name: 'node1', ok: true },
      { name: 'node2', ok: true },
    ]);
    expect(lab.parts.map(({ id, state }) => [id, state])).toEqual([
      ['node1-mesos-master', 'running'],
      ['node2-mesos-agent', 'running'],
    ]);
  });

  it('is left as it is by a second up, and provisioned again when its files are newer', async () => {
    const { lab } = await up();
    expect(await lab.differences({ plan, settings: [] })).toEqual([]);
    const newer = planWithAgents(2, { name: 'lab', vagrant: {}, timing: 'fast' });
    expect(await lab.differences({ plan: newer, settings: [] })).toEqual([
      'the files of the lab are newer than its machines',
    ]);
    await runtime().start({ directory }, heardOptions(newer));
    expect(calls()).toContain('provision node1 node2');
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
    expect(calls().at(-1)).toBe(
      'ssh node2 --no-tty --command sudo docker compose --ansi never --project-name lab logs --no-color --tail 5 -- mesos-agent',
    );
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
    const mistaken = () =>
      vagrantRuntime({ ...fakeWorld(fakeMachines(0), plan), planOf, runCommand: vagrant.runCommand });
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
