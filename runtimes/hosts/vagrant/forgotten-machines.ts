import { hostsFolder } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import type { VagrantCall, VagrantMachines } from './vagrant-machines.ts';

/** Machines have the names of nodes; nothing else is put into Ruby. */
const isName = (name: string) => /^[a-z0-9-]+$/.test(name);

/**
 * Destroys machines that were made and that the lab's Vagrantfile no longer has. Vagrant takes the names of machines from
 * there alone, so for this once it reads another one, which has them.
 * @throws UserError when Vagrant fails
 */
export async function destroyForgotten(
  { files }: Pick<HostsWorld, 'files'>,
  vagrant: VagrantMachines,
  directory: string,
  names: readonly string[],
  call: VagrantCall,
): Promise<void> {
  const known = names.filter(isName);
  if (known.length === 0) return;
  const folder = hostsFolder(directory);
  const path = `${folder}/forgotten.Vagrantfile`;
  files.makeFolders(folder);
  files.writeText(path, vagrantfileOf(known), false);
  try {
    await vagrant.run(['destroy', '--force', ...known], { ...call, vagrantfile: path.slice(directory.length + 1) });
  } finally {
    files.removeTree(path);
  }
}

/** The box is one that the check of Vagrant wants, and that nothing is made of. */
const vagrantfileOf = (names: readonly string[]) => `Vagrant.configure('2') do |config|
  config.vm.box = 'none'
${names.map((name) => `  config.vm.define '${name}'\n`).join('')}end
`;
