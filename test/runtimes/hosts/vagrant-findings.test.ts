import { describe, expect, it } from 'vitest';
import { allFine, type Finding } from '../../../runtimes/doctor-facet.ts';
import { hostOnlyFinding } from '../../../runtimes/hosts/vagrant/host-only-finding.ts';
import { vagrantLabFindings } from '../../../runtimes/hosts/vagrant/vagrant-findings.ts';
import type { VagrantFacts } from '../../../runtimes/hosts/vagrant/vagrant-facts.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import type { VagrantProvider } from '../../../planning/catalogue/roles.ts';

const facts: VagrantFacts = {
  system: 'linux',
  isArm: false,
  vagrant: 'Vagrant 2.3.4',
  vagrantComplaint: undefined,
  plugins: new Map(),
  programs: { virtualbox: '7.0.14r161095', libvirt: undefined, parallels: undefined, vmware_desktop: undefined },
  networksFile: undefined,
  hasVirtualisation: true,
  hasKvm: false,
  memory: { totalMb: 16_000, availableMb: 9000 },
};
const noPrograms = { ...facts.programs, virtualbox: undefined };

const planFor = (provider: VagrantProvider, memoryMb = 2048, network = '192.168.56') =>
  planCluster({
    name: 'lab',
    placement: 'machines',
    vagrant: { provider, memoryMb },
    nodes: [
      { name: 'node1', address: `${network}.11`, roles: ['zookeeper', 'mesos-master', 'marathon'] },
      { name: 'node2', address: `${network}.12`, roles: ['mesos-agent'] },
    ],
  });

function look(plan: ReturnType<typeof planFor>, seen: VagrantFacts, wanted?: string): readonly Finding[] {
  if (plan.vagrant === undefined) throw new Error('no virtual machines');
  return vagrantLabFindings(plan, plan.vagrant, seen, wanted);
}
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ ok }) => !ok).map(({ need, isWarning }) => (isWarning ? `(${need})` : need));

describe('what a lab of virtual machines needs of this machine', () => {
  it('is all there', () => {
    const findings = look(planFor('virtualbox'), facts);
    expect(wrong(findings)).toEqual([]);
    expect(findings.map(({ found }) => found)).toEqual(
      expect.arrayContaining(['Vagrant 2.3.4', '7.0.14r161095', 'vmx or svm in /proc/cpuinfo']),
    );
  });

  it.each<readonly [string, VagrantFacts, readonly string[]]>([
    ['Vagrant', { ...facts, vagrant: undefined }, ['Vagrant']],
    ['a Vagrant that is new enough', { ...facts, vagrant: 'Vagrant 2.2.19' }, ['Vagrant 2.3.0 or newer']],
    ['a newer Vagrant on arm64', { ...facts, isArm: true }, ['Vagrant 2.4.0 or newer']],
    ['the provider', { ...facts, programs: noPrograms }, ['VirtualBox, the provider of the machines']],
    ['a processor that can', { ...facts, hasVirtualisation: false }, ["The processor's virtualisation"]],
    ['memory', { ...facts, memory: { totalMb: 4000, availableMb: 3000 } }, ['Memory for the machines']],
    ['memory that is free', { ...facts, memory: { totalMb: 8000, availableMb: 3000 } }, ['(Memory for the machines)']],
    [
      "VirtualBox's kernel module",
      {
        ...facts,
        programs: {
          ...facts.programs,
          virtualbox:
            'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n         available for the current kernel (6.1.0-18-amd64) or it failed to\n         load. Please recompile the kernel module and install it by\n\n           sudo /sbin/vboxconfig\n\n         You will not be able to start VMs until this problem is fixed.\n7.0.14r161095',
        },
      },
      ["VirtualBox's kernel module"],
    ],
  ])('may lack %s', (_, seen, needs) => {
    expect(wrong(look(planFor('virtualbox'), seen))).toEqual(needs);
  });

  it.each<readonly [VagrantProvider, string]>([
    ['libvirt', 'vagrant-libvirt'],
    ['parallels', 'vagrant-parallels'],
    ['vmware_desktop', 'vagrant-vmware-desktop'],
  ])('is a plug-in for %s', (provider, plugin) => {
    const programs = { ...noPrograms, [provider]: '9.0.0' };
    const seen = { ...facts, hasKvm: true, programs };
    const without = look(planFor(provider), seen);
    expect(without.find(({ ok }) => !ok)).toMatchObject({
      need: `Vagrant's plug-in ${plugin}`,
      fix: `vagrant plugin install ${plugin}`,
    });
    expect(wrong(look(planFor(provider), { ...seen, plugins: new Map([[plugin, '1.0']]) }))).toEqual([]);
  });

  it('is the daemon of libvirt, and KVM', () => {
    const said =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory";
    const seen = {
      ...facts,
      plugins: new Map([['vagrant-libvirt', '0.12']]),
      programs: { ...noPrograms, libvirt: said },
    };
    const findings = look(planFor('libvirt'), seen);
    expect(wrong(findings)).toEqual(["libvirt's daemon", "(The processor's virtualisation)"]);
    expect(findings.find(({ need }) => need === "libvirt's daemon")?.fix).toContain('systemctl start libvirtd');
  });

  const libvirt = { plugins: new Map([['vagrant-libvirt', '0.12']]), programs: { ...noPrograms, libvirt: '9.0.0' } };

  it.each<readonly [string, Partial<VagrantFacts>, string]>([
    ['without KVM', { hasKvm: false }, 'there is no /dev/kvm. QEMU can emulate'],
    ['without a processor that can', { hasVirtualisation: false }, 'the processor shows none'],
    ["with KVM's device, and a processor that shows nothing", { hasKvm: true, hasVirtualisation: false }, 'would hang'],
  ])('is slow with libvirt %s, which emulates, and says how', (_, more, found) => {
    const finding = look(planFor('libvirt'), { ...facts, ...libvirt, ...more }).find(({ ok }) => !ok);
    expect(finding).toMatchObject({
      ...{ isWarning: true, found: expect.stringContaining(found) },
      fix: expect.stringContaining("driver = 'qemu'"),
    });
  });

  it('is another provider that is here, which Vagrant takes then', () => {
    const findings = look(planFor('libvirt'), facts);
    expect(allFine(findings)).toBe(true);
    expect(findings.find(({ need }) => need === 'Provider')?.found).toContain(
      'takes VirtualBox, which is here, instead of libvirt',
    );
  });

  it('is the provider that the environment asks for', () => {
    expect(wrong(look(planFor('libvirt'), { ...facts, programs: noPrograms }, 'virtualbox'))).toEqual([
      'VirtualBox, the provider of the machines',
    ]);
  });

  it('is more memory for a machine than the spec gives it', () => {
    expect(wrong(look(planFor('virtualbox', 512), facts))).toContain('(Memory of each machine)');
  });
});

describe("VirtualBox's rule for addresses", () => {
  const rule = (network: string, more: Partial<VagrantFacts>) =>
    hostOnlyFinding(planFor('libvirt', 2048, network), { ...facts, ...more });
  const version = (virtualbox: string) => ({ programs: { ...facts.programs, virtualbox } });

  it.each<readonly [boolean, string, string, Partial<VagrantFacts>]>([
    [true, 'the usual range', '192.168.60', {}],
    [false, 'another network', '10.1.1', {}],
    [
      true,
      'one that the file allows',
      '10.1.1',
      { networksFile: '# mine\n* 10.0.0.0/8 192.168.0.0/16\n* 2001::/64\n' },
    ],
    [false, 'the usual range, if the file names others alone', '192.168.60', { networksFile: '* 10.0.0.0/8\n' }],
    [true, 'any, before VirtualBox 6.1.28', '10.1.1', version('6.1.20r143896')],
    [true, 'any, on a Mac since VirtualBox 7', '10.1.1', { system: 'macos', ...version('7.0.14r161095') }],
    [false, 'another network on a Mac before', '10.1.1', { system: 'macos', ...version('6.1.50r161033') }],
    [true, 'any, on Windows', '10.1.1', { system: 'other' }],
  ])('is %s for %s', (ok, _, network, more) => {
    expect(rule(network, more).ok).toBe(ok);
  });

  it('says which address, and the line for the file', () => {
    expect(rule('10.1.1', {})).toMatchObject({
      found:
        'not allowed: node1 10.1.1.11, node2 10.1.1.12 (without a /etc/vbox/networks.conf only 192.168.56.0/21 is allowed)',
      fix: expect.stringMatching(/addresses from 192\.168\.56\.11 on; or echo '\* 10\.0\.0\.0\/8 .*networks\.conf$/),
    });
  });
});
