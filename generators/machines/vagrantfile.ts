import type { Plan } from '../../planning/plan/plan.ts';
import { registryCredentialsPath, registryCredentialsVariable } from '../../protocol/registry-credentials.ts';
import render from '../../templates/Vagrantfile.ejs';
import type { GeneratedFile } from '../generated-file.ts';
import { quoteRuby } from '../text/quote-ruby.ts';

/**
 * Boxes, by what can be read about them: bento publishes VirtualBox, Parallels and VMware images of Ubuntu for x86_64
 * and arm64, and one for libvirt on x86_64 only (chef/bento issues 1588, 1660); cloud-image publishes libvirt images
 * for both processors (alchemy-solutions/vagrant-cloud-images).
 */
const boxes = {
  current: { usual: 'bento/ubuntu-24.04', libvirt: 'bento/ubuntu-24.04', libvirtArm: 'cloud-image/ubuntu-24.04' },
  // systemd mounts cgroup v1 when asked to until version 255; stock Mesos is of the time of 22.04 and before.
  cgroupV1: { usual: 'bento/ubuntu-22.04', libvirt: 'generic/ubuntu2204', libvirtArm: 'cloud-image/ubuntu-22.04' },
} as const;

/** Where the lab is, seen from the Vagrantfile. */
export interface VagrantfileOptions {
  /** Relative to the Vagrantfile, with forward slashes; empty when they share a folder. */
  readonly labFolder?: string;
}

/** Folders of the lab that the machines need to build their images; relative, and each of them once. */
function buildFolders({ nodes }: Plan): readonly string[] {
  const builds = nodes.flatMap(({ components }) => components.flatMap(({ image }) => image.build ?? []));
  return [...new Set(builds.flatMap(({ context, dockerfile }) => [context, dockerfile.replace(/\/[^/]*$/, '')]))];
}

function checkedLabFolder(folder: string): string {
  const parts = folder.split('/');
  if (folder !== '' && parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error(`the folder of the lab leaves that of the Vagrantfile: ${folder}`);
  }
  return folder;
}

/**
 * The Vagrantfile of a lab: a virtual machine per node, with blocks for all four providers.
 * @param plan a plan with `vagrant`, whose nodes all have addresses
 * @throws {Error} when the plan lacks either, or the folder leaves that of the Vagrantfile: bugs, not the user's mistakes
 */
export function vagrantfile(plan: Plan, options: VagrantfileOptions = {}): GeneratedFile {
  const { vagrant } = plan;
  if (!vagrant) throw new Error('the plan has no virtual machines');
  const nodes = plan.nodes.map(({ name, address, roles }) => {
    if (address === undefined) throw new Error(`node ${name} has no address`);
    return { name, address, roles: roles.join(', ') };
  });
  const registryNodes = plan.nodes.filter((node) => node.roles.includes('registry')).map(({ name }) => name);
  const content = render(
    {
      ...vagrant,
      // Parallels, libvirt and VirtualBox take numbers; the keys of a .vmx file are text.
      cpusText: String(vagrant.cpus),
      memoryText: String(vagrant.memoryMb),
      boxes: vagrant.cgroupV1 ? boxes.cgroupV1 : boxes.current,
      labFolder: checkedLabFolder(options.labFolder ?? ''),
      buildFolders: buildFolders(plan),
      registryNodes: registryNodes.map(quoteRuby).join(', '),
      credentials: registryCredentialsPath,
      variable: registryCredentialsVariable,
      quote: quoteRuby,
      nodes,
    },
    quoteRuby,
  );
  return { path: 'Vagrantfile', content };
}
