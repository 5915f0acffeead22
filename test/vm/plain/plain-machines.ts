import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from '../../docker/support/until.ts';
import { virsh, type BoxKind, type TestVagrant } from '../support/virtual-machines.ts';

export interface PlainMachine {
  readonly name: string;
  readonly address: string;
  readonly box: BoxKind;
  readonly memoryMb?: number;
}

/** Virtual machines that are no lab's: somebody has them, and lets the user vagrant in over SSH. */
export interface PlainMachines {
  /** A folder of their own, with their Vagrantfile. */
  readonly folder: string;
  /** With an `ssh` first on PATH that has the key, and known_hosts as below. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of that `ssh`. A test may write others there. */
  readonly knownHosts: string;
  readonly key: string;
  /** What a command of root's prints. @throws when it fails */
  readonly inside: (machine: string, command: string) => Promise<string>;
  /** Copies a file or a folder of this machine to /home/vagrant. */
  readonly put: (machine: string, ...paths: readonly string[]) => Promise<void>;
  /** Copies an image of this machine's Engine. */
  readonly load: (machine: string, image: string) => Promise<void>;
  /** Until it lets somebody in again. */
  readonly reboot: (machine: string) => Promise<void>;
  /** Pulls the network cable out, and puts it back. */
  readonly cable: (machine: string, isIn: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const vagrantfileOf = (
  machines: readonly (PlainMachine & { readonly boxName: string })[],
) => `Vagrant.configure('2') do |config|
  config.vm.box_check_update = false
  config.vm.synced_folder '.', '/vagrant', disabled: true
${machines
  .map(
    ({ name, address, boxName, memoryMb = 1024 }) => `  config.vm.define '${name}' do |machine|
    machine.vm.box = '${boxName}'
    machine.vm.hostname = '${name}'
    machine.vm.network 'private_network', ip: '${address}'
    machine.vm.provider('libvirt') { |v| v.memory = ${String(memoryMb)} }
  end
`,
  )
  .join('')}end
`;

/** Vagrant's public key of all boxes, as this machine's package has it. */
async function insecureKey(): Promise<string> {
  const words = ['/usr/share', '-path', '*/vagrant-*/keys/vagrant', '-print', '-quit'];
  return (await execa('find', words, { stdin: 'ignore' })).stdout;
}

export async function plainMachines(vagrant: TestVagrant, machines: readonly PlainMachine[]): Promise<PlainMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'vm-plain-'));
  const key = join(folder, 'key');
  const knownHosts = join(folder, 'known_hosts');
  copyFileSync(await insecureKey(), key);
  chmodSync(key, 0o600);
  writeFileSync(knownHosts, '');
  mkdirSync(join(folder, 'bin'));
  const words = ['-i', key, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'GlobalKnownHostsFile=/dev/null'];
  writeFileSync(join(folder, 'bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  const boxes = new Map<BoxKind, string>();
  for (const { box } of machines) if (!boxes.has(box)) boxes.set(box, await vagrant.box(box));
  const named = machines.map((machine) => ({ ...machine, boxName: boxes.get(machine.box) ?? '' }));
  writeFileSync(join(folder, 'Vagrantfile'), vagrantfileOf(named));
  const call = { cwd: folder, env: vagrant.environment, stdin: 'ignore', timeout: 600_000 } as const;

  const addressOf = (name: string) => machines.find((machine) => machine.name === name)?.address ?? '';
  // Its own way in, which no test of host keys changes.
  const own = [
    '-i',
    key,
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
  ];
  const inside = async (name: string, command: string) => {
    const place = [...own, '-o', 'ConnectTimeout=20', `vagrant@${addressOf(name)}`];
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    return (await execa('ssh', [...place, `sudo bash -c ${quoted}`], { stdin: 'ignore', timeout: 300_000 })).stdout;
  };
  const remove = async () => {
    await execa('vagrant', ['destroy', '--force'], { ...call, reject: false });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await execa('vagrant', ['up'], call);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    ...{ folder, knownHosts, key, inside, remove },
    environment: { ...vagrant.environment, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
    put: async (name, ...paths) => {
      const place = `vagrant@${addressOf(name)}:/home/vagrant/`;
      await execa('scp', [...own, '-q', '-r', ...paths, place], { stdin: 'ignore', timeout: 300_000 });
    },
    load: async (name, image) => {
      const load = [...own, `vagrant@${addressOf(name)}`, 'sudo docker load'];
      await execa('docker', ['save', image], { buffer: false }).pipe('ssh', load);
    },
    reboot: async (name) => {
      const started = () => inside(name, 'uptime --since');
      const before = await started();
      // The connection ends with it.
      await inside(name, 'systemctl reboot').catch(() => undefined);
      await until(`${name} booted`, 300_000, async () => {
        const now = await started();
        return now === before ? { seen: `it runs since ${now}` } : { value: true };
      });
    },
    cable: async (name, isIn) => {
      const id = readFileSync(join(folder, `.vagrant/machines/${name}/libvirt/id`), 'utf8').trim();
      // Interface, type, source, model, MAC; below two lines of heading.
      const cables = (await virsh('domiflist', id)).split('\n').slice(2);
      for (const mac of cables.flatMap((line) => line.trim().split(/\s+/)[4] ?? []))
        await virsh('domif-setlink', id, mac, isIn ? 'up' : 'down');
    },
  };
}
