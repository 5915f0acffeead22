import type { VagrantFacts } from './vagrant-facts.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { memoryNeedMb } from '../../docker/preflight/memory.ts';
import type { Plan, VagrantPlan } from '../../../planning/plan/plan.ts';
import type { VagrantProvider } from '../../../planning/catalogue/roles.ts';
import type { Finding } from '../../doctor-facet.ts';
import { hostOnlyFinding } from './host-only-finding.ts';

interface ProviderNeeds {
  readonly title: string;
  /** What is asked for the version. */
  readonly program: string;
  /** None: it is part of Vagrant. */
  readonly plugin?: string;
  readonly install: string;
}

const needs: Readonly<Record<VagrantProvider, ProviderNeeds>> = {
  virtualbox: { title: 'VirtualBox', program: 'VBoxManage', install: 'https://www.virtualbox.org/wiki/Downloads' },
  libvirt: {
    title: 'libvirt',
    program: 'virsh',
    plugin: 'vagrant-libvirt',
    install: 'Debian and Ubuntu: sudo apt install libvirt-daemon-system libvirt-clients qemu-kvm',
  },
  parallels: {
    title: 'Parallels Desktop',
    program: 'prlctl',
    plugin: 'vagrant-parallels',
    install: 'https://www.parallels.com (Pro or Business: the standard edition has no prlctl)',
  },
  vmware_desktop: {
    title: 'VMware Workstation or Fusion',
    program: 'vmrun',
    plugin: 'vagrant-vmware-desktop',
    install:
      'https://www.vmware.com/products/desktop-hypervisor.html, and https://developer.hashicorp.com/vagrant/install/vmware',
  },
};

const providers = Object.keys(needs) as VagrantProvider[];

/** Older ones cannot choose the image of a box by processor; the Vagrantfile asks for the same. */
const oldestVagrant = (isArm: boolean) => (isArm ? '2.4.0' : '2.3.0');

/**
 * What this machine needs for a lab of virtual machines: Vagrant, a provider with its plug-in, a processor that can, and
 * memory for all of them.
 * @param wanted a provider that the user's environment asks for (VAGRANT_DEFAULT_PROVIDER), before the plan's
 */
export function vagrantLabFindings(
  plan: Plan,
  vagrant: VagrantPlan,
  facts: VagrantFacts,
  wanted: string | undefined,
): readonly Finding[] {
  const asked = providers.find((name) => name === wanted) ?? vagrant.provider;
  const used = usable(asked, facts) ? asked : (providers.find((name) => usable(name, facts)) ?? asked);
  const own = providerFindings(asked, facts);
  return [
    vagrantFinding(facts),
    ...(used === asked ? own : own.map(asWarning)),
    ...(used === asked ? [] : [insteadOf(asked, used)]),
    ...(used === 'virtualbox' ? [hostOnlyFinding(plan, facts)] : []),
    ...processorFindings(used, facts),
    ...memoryFindings(plan, vagrant, facts),
  ];
}

function vagrantFinding({ vagrant, vagrantComplaint, isArm }: VagrantFacts): Finding {
  const least = oldestVagrant(isArm);
  const need = `Vagrant ${least} or newer`;
  const fix = 'install it: https://developer.hashicorp.com/vagrant/install';
  if (vagrant !== undefined) return { need, ok: isAtLeast(vagrant, least), found: vagrant, fix };
  const words = vagrantComplaint?.split('\n', 1)[0];
  return {
    need: 'Vagrant',
    ok: false,
    found: words === undefined ? 'not on PATH' : words === '' ? 'no answer' : words,
    fix,
  };
}

function usable(provider: VagrantProvider, { programs, plugins }: VagrantFacts): boolean {
  const { plugin } = needs[provider];
  return programs[provider] !== undefined && (plugin === undefined || plugins.has(plugin));
}

function providerFindings(provider: VagrantProvider, facts: VagrantFacts): readonly Finding[] {
  const { title, program, plugin, install } = needs[provider];
  const said = facts.programs[provider];
  const found = said === undefined ? `no program called ${program}` : versionIn(said);
  const own: Finding = {
    need: `${title}, the provider of the machines`,
    ok: said !== undefined,
    found,
    fix: `install it: ${install}`,
  };
  const version = facts.plugins.get(plugin ?? '');
  return [
    own,
    ...(said === undefined ? [] : complaints(provider, said)),
    ...(plugin === undefined
      ? []
      : [
          {
            need: `Vagrant's plug-in ${plugin}`,
            ok: version !== undefined,
            found: version ?? 'vagrant plugin list does not have it',
            fix: `vagrant plugin install ${plugin}`,
          },
        ]),
  ];
}

const versionIn = (said: string): string =>
  /\d+\.\d+[\w.]*/.exec(said.replace(/^WARNING[^]*?\n\n?(?=\d)/, ''))?.[0] ?? 'there';

/** A provider that is there, and says that it cannot. */
function complaints(provider: VagrantProvider, said: string): readonly Finding[] {
  if (provider === 'virtualbox' && /kernel module is not loaded|character device \/dev\/vboxdrv/i.test(said)) {
    const found = 'its kernel module is not loaded: no machine will start';
    const fix = "sudo /sbin/vboxconfig; where the machine's firmware has Secure Boot, the module must be signed";
    return [{ need: "VirtualBox's kernel module", ok: false, found, fix }];
  }
  if (provider !== 'libvirt' || !/failed to connect|error:/i.test(said)) return [];
  const denied = /permission denied|authentication|access denied/i.test(said);
  const found = said
    .split('\n')
    .filter((line) => line.startsWith('error:'))
    .slice(-1)
    .join('')
    .slice(0, 200);
  const fix = denied
    ? 'sudo usermod -aG libvirt "$USER", then log out and in again'
    : 'sudo systemctl start libvirtd (newer systems: virtqemud.socket)';
  return [{ need: "libvirt's daemon", ok: false, found: found === '' ? 'it does not answer' : found, fix }];
}

const asWarning = (finding: Finding): Finding => (finding.ok ? finding : { ...finding, isWarning: true });

const insteadOf = (asked: VagrantProvider, used: VagrantProvider): Finding => ({
  need: 'Provider',
  ok: true,
  found: `Vagrant takes ${needs[used].title}, which is here, instead of ${needs[asked].title} (vagrant.provider: ${used} makes it the lab's own)`,
});

function processorFindings(used: VagrantProvider, { hasVirtualisation, hasKvm }: VagrantFacts): readonly Finding[] {
  const need = "The processor's virtualisation";
  const firmware =
    'switch it on in the firmware of this machine (Intel VT-x, AMD-V or SVM); in a virtual machine: switch on nested virtualisation';
  // QEMU does without, which VirtualBox and the others do not.
  const emulation = `${firmware}; or let QEMU emulate: in the Vagrantfile of the box, or of ~/.vagrant.d, driver = 'qemu' and cpu_mode = 'maximum' for the provider libvirt`;
  const slow = 'QEMU can emulate the machines, ten times slower or more: --timeout SECONDS waits longer';
  if (hasVirtualisation === false) {
    const found = 'the processor shows none (no vmx or svm in /proc/cpuinfo)';
    if (used !== 'libvirt') return [{ need, ok: false, found, fix: firmware }];
    const device = hasKvm ? '; machines that use the /dev/kvm that is there would hang' : '';
    return [{ need, ok: false, isWarning: true, found: `${found}${device}. ${slow}`, fix: emulation }];
  }
  if (used === 'libvirt' && !hasKvm) {
    const fix = `sudo modprobe kvm_intel (or kvm_amd); ${emulation}`;
    return [{ need, ok: false, isWarning: true, found: `there is no /dev/kvm. ${slow}`, fix }];
  }
  if (hasKvm) return [{ need, ok: true, found: '/dev/kvm is there' }];
  return hasVirtualisation === undefined ? [] : [{ need, ok: true, found: 'vmx or svm in /proc/cpuinfo' }];
}

function memoryFindings(plan: Plan, { memoryMb }: VagrantPlan, { memory }: VagrantFacts): readonly Finding[] {
  const small = plan.nodes.flatMap((node): readonly Finding[] => {
    const needMb = memoryNeedMb({ ...plan, nodes: [node] });
    if (memoryMb >= needMb) return [];
    const found = `${node.name} gets ${memoryMb} MB, and its part of the lab takes about ${needMb} MB`;
    return [
      {
        need: 'Memory of each machine',
        ok: false,
        isWarning: true,
        found,
        fix: `vagrant.memoryMb: ${Math.ceil(needMb / 512) * 512}`,
      },
    ];
  });
  if (memory === undefined) return small;
  const { totalMb, availableMb } = memory;
  const sumMb = plan.nodes.length * memoryMb;
  const words = `${plan.nodes.length} machines take ${sumMb} MB; this machine has ${totalMb} MB, ${availableMb} MB of it free`;
  const less = Math.floor(availableMb / plan.nodes.length / 256) * 256;
  const smaller = less >= 1024 ? `vagrant.memoryMb: ${less}; or ` : '';
  const fix = `end other programs; or ${smaller}fewer machines; or --runtime docker, which needs no virtual machines`;
  const need = 'Memory for the machines';
  if (sumMb > totalMb) return [...small, { need, ok: false, found: words, fix }];
  return [
    ...small,
    {
      need,
      ok: sumMb <= availableMb,
      ...(sumMb <= availableMb ? {} : { isWarning: true as const }),
      found: words,
      fix,
    },
  ];
}
