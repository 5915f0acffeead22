import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import { vagrantFacts } from '../../../runtimes/hosts/vagrant/vagrant-facts.ts';

const said = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({
  kind: 'ended',
  exitCode,
  stdout,
  stderr,
});

/** A machine with these files and programs, by their words. */
const machine = (files: Readonly<Record<string, string>>, programs: Readonly<Record<string, CommandResult>>) => ({
  files: {
    kindOf: (path: string) => (path in files ? ('file' as const) : undefined),
    readText: (path: string) => files[path] ?? '',
  },
  runCommand: (program: string, words: readonly string[]) =>
    Promise.resolve<CommandResult>(programs[[program, ...words].join(' ')] ?? { kind: 'missing' }),
  env: {},
  cwd: '/lab',
  signal: new AbortController().signal,
});

const meminfo = 'MemTotal:       24684096 kB\nMemFree:        14424768 kB\nMemAvailable:   19493788 kB\n';

describe('what a machine has for virtual machines', () => {
  it('is read from its programs and its kernel', async () => {
    const world = machine(
      {
        '/proc/meminfo': meminfo,
        '/proc/cpuinfo': 'flags\t\t: fpu vme vmx sse\n',
        '/etc/vbox/networks.conf': '* 10.0.0.0/8\n',
      },
      {
        'vagrant --version': said('Vagrant 2.4.1'),
        'vagrant plugin list': said(
          'vagrant-libvirt (0.11.2, system)\n  - Version Constraint: 0.11.2\nvagrant-parallels (2.4.2, global)',
        ),
        'VBoxManage --version': said('7.0.14r161095'),
        'uname -m': said('x86_64'),
      },
    );
    expect(await vagrantFacts(world)).toEqual({
      system: 'linux',
      isArm: false,
      vagrant: 'Vagrant 2.4.1',
      vagrantComplaint: undefined,
      plugins: new Map([
        ['vagrant-libvirt', '0.11.2'],
        ['vagrant-parallels', '2.4.2'],
      ]),
      programs: { virtualbox: '7.0.14r161095', libvirt: undefined, parallels: undefined, vmware_desktop: undefined },
      networksFile: '* 10.0.0.0/8\n',
      hasVirtualisation: true,
      hasKvm: false,
      memory: { totalMb: 24105, availableMb: 19036 },
    });
  });

  it('has the device of KVM also where its processor cannot', async () => {
    const files = { '/proc/meminfo': meminfo, '/dev/kvm': '', '/proc/cpuinfo': 'flags\t\t: fpu vme hypervisor\n' };
    expect(await vagrantFacts(machine(files, {}))).toMatchObject({ hasKvm: true, hasVirtualisation: false });
    const other = { ...files, '/proc/cpuinfo': 'features\t: esan3 zarch\n' };
    expect(await vagrantFacts(machine(other, {}))).toMatchObject({ hasKvm: true, hasVirtualisation: undefined });
  });

  it('is a Mac by its folders', async () => {
    const world = machine(
      { '/System/Library/CoreServices': '' },
      {
        'uname -m': said('arm64'),
        'sysctl -n hw.memsize': said('17179869184\n'),
        'vagrant plugin list': said('No plugins installed.'),
      },
    );
    expect(await vagrantFacts(world)).toMatchObject({
      ...{ system: 'macos', isArm: true, vagrant: undefined, plugins: new Map(), hasVirtualisation: undefined },
      memory: { totalMb: 16384 },
    });
  });

  it('keeps the words of a program that fails', async () => {
    const words = 'error: failed to connect to the hypervisor';
    const world = machine(
      {},
      {
        'virsh --connect qemu:///system version --daemon': said('', 1, words),
        'vagrant --version': said('', 1, 'cannot load such file -- vagrant'),
      },
    );
    expect(await vagrantFacts(world)).toMatchObject({
      ...{ system: 'other', vagrant: undefined, vagrantComplaint: 'cannot load such file -- vagrant' },
      programs: { libvirt: words },
    });
  });
});
