import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { hostEngine } from '../../docker/support/engine.ts';
import { startRun, type LabRun, type StartedRun } from '../../docker/support/lab-run.ts';
import { requireTool } from '../../support/require-tool.ts';

/** Makes Vagrant's own output the same everywhere, and keeps it off the network. */
const vagrantSettings = { VAGRANT_CHECKPOINT_DISABLE: '1', VAGRANT_NO_COLOR: '1', VAGRANT_DEFAULT_PROVIDER: 'libvirt' };

/** An emulated machine takes minutes to boot, and an `up` of several is the longest command. */
const longestRunMs = 1_200_000;

const script = (name: string) => fileURLToPath(new URL(`../../../scripts/vm/${name}`, import.meta.url));

/** Whether virtual machines can be made here: as any other tool, missing is never silent. */
export function canMakeMachines(): boolean {
  return (
    requireTool('Docker Engine', ['docker', 'info']) &&
    requireTool('Vagrant with libvirt', ['sh', '-c', 'vagrant plugin list | grep vagrant-libvirt']) &&
    requireTool('QEMU', ['qemu-system-x86_64', '--version']) &&
    requireTool('libvirtd', ['libvirtd', '--version'])
  );
}

/** Vagrant and libvirt with boxes of the tests, and nothing of whoever runs them. */
export interface TestVagrant {
  /** Of every command. */
  readonly environment: Readonly<Record<string, string>>;
  /** The name of a box, which is made unless it is there. */
  readonly box: (kind: BoxKind) => Promise<string>;
  /** What libvirt has: machines, networks, and disks that are no box; and the boxes of Vagrant. */
  readonly left: () => Promise<readonly string[]>;
  /** Removes the box, and what libvirt has kept of it. */
  readonly remove: () => Promise<void>;
}

/** As build-box.sh has them. */
export type BoxKind = 'engine' | 'native';

/** Starts libvirt's daemon, unless one answers. */
export async function testVagrant(): Promise<TestVagrant> {
  const home = mkdtempSync(join(tmpdir(), 'vagrant-home-'));
  const environment = { ...vagrantSettings, VAGRANT_HOME: home };
  const vagrant = (...words: readonly string[]) =>
    execa('vagrant', words, { env: environment, stdin: 'ignore', timeout: 120_000 });
  const nameOf = (kind: BoxKind) => `cmc-test-${kind}-${String(process.pid)}`;
  await execa(script('libvirtd.sh'), ['start'], { stdin: 'ignore', stdout: 'ignore', timeout: 60_000 });
  return {
    environment,
    box: async (kind) => {
      const { stdout: path } = await execa(script('build-box.sh'), [kind], { stdin: 'ignore', timeout: 600_000 });
      await vagrant('box', 'add', '--name', nameOf(kind), path);
      return nameOf(kind);
    },
    left: async () => {
      const { stdout } = await vagrant('box', 'list');
      const kept = (line: string) => !line.includes('_vagrant_box_image_');
      return [...(await libvirtHas()), ...stdout.split('\n')].filter((line) => line !== '' && kept(line)).sort();
    },
    remove: async () => {
      const volumes = (await linesOf('vol-list', 'default')).map((line) => line.trim().split(/\s+/)[0] ?? '');
      for (const volume of volumes) {
        if (/^cmc-test-\w+-/.test(volume) && volume.includes(`-${String(process.pid)}_`))
          await virsh('vol-delete', '--pool', 'default', volume);
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What libvirt's command line prints. @throws when it fails */
export const virsh = async (...words: readonly string[]) =>
  (await execa('virsh', ['--connect', 'qemu:///system', ...words], { stdin: 'ignore', timeout: 60_000 })).stdout;

const linesOf = async (...words: readonly string[]) =>
  (await virsh(...words)).split('\n').filter((line) => line !== '');

async function libvirtHas(): Promise<readonly string[]> {
  const pools = await linesOf('pool-list', '--all', '--name');
  const volumes = pools.includes('default') ? await linesOf('vol-list', 'default') : [];
  return [
    ...(await linesOf('list', '--all', '--name')).map((name) => `machine ${name}`),
    ...(await linesOf('net-list', '--all', '--name')).map((name) => `network ${name}`),
    ...volumes.slice(2).map((line) => `disk ${line.trim().split(/\s+/)[0] ?? ''}`),
  ];
}

/** A lab of virtual machines in a temporary folder, driven by the built program as its user would. */
export interface MachinesLab {
  readonly directory: string;
  readonly start: (...argv: readonly string[]) => StartedRun;
  readonly run: (...argv: readonly string[]) => Promise<LabRun>;
  /** The same. @throws when it does not end with 0, with what it said */
  readonly done: (...argv: readonly string[]) => Promise<LabRun>;
  /** What a command prints inside a machine. @throws when it fails */
  readonly inside: (machine: string, command: string) => Promise<string>;
  /** Runs `down` and removes the folder. */
  readonly remove: () => Promise<void>;
}

/** @param spec what it says beyond the box, the provider and the size of the machines */
export async function machinesLab(vagrant: TestVagrant, spec: Readonly<Record<string, unknown>>): Promise<MachinesLab> {
  const folder = mkdtempSync(join(tmpdir(), 'vm-lab-'));
  const directory = join(folder, 'lab');
  const machine = { provider: 'libvirt', box: await vagrant.box('engine'), cpus: 1, memoryMb: 1024 };
  const all = { images: { set: 'lite' }, ...spec, vagrant: machine };
  // JSON is YAML.
  writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(all, undefined, 2));
  const environment = { ...vagrant.environment, XDG_STATE_HOME: join(folder, 'state') };
  const start = (...argv: readonly string[]) => startRun(hostEngine, directory, argv, environment, longestRunMs);
  const run = (...argv: readonly string[]) => start(...argv).ended;
  const done = async (...argv: readonly string[]) => {
    const ended = await run(...argv);
    if (ended.status === 0) return ended;
    throw new Error(`${argv.join(' ')} ended with ${String(ended.status)}:\n${ended.stdout}\n${ended.stderr}`);
  };
  const made = await startRun(hostEngine, folder, ['lab', '--spec', 'spec.yaml', '--yes'], environment).ended;
  if (made.status !== 0) throw new Error(`the lab was not made: ${made.stderr}`);
  return {
    ...{ directory, start, run, done },
    inside: async (machine, command) => (await done('ssh', machine, command)).stdout,
    remove: async () => {
      await run('down');
      // Whatever `down` may have left; nothing, as a test sees.
      spawnSync('vagrant', ['destroy', '--force'], { cwd: directory, env: { ...process.env, ...environment } });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
