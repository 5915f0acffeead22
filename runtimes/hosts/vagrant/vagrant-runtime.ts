import { UserError } from '../../../errors/user-error.ts';
import type { ClusterRuntime } from '../../cluster-runtime.ts';
import { liteInstead } from '../../docker/images/lite-instead.ts';
import { localImages } from '../../docker/images/local-images.ts';
import { hostsLabs } from '../hosts-labs.ts';
import { readHostsRecord, removeHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { byVagrant } from '../nodes/log-in.ts';
import { execOn, logsOn } from '../nodes/node-parts.ts';
import { startVagrantLab } from './start-vagrant-lab.ts';
import { vagrantDoctor } from './vagrant-doctor.ts';
import { findVagrantLab, lookAtMachines, type Machine } from './vagrant-lab.ts';
import { vagrantMachines } from './vagrant-machines.ts';

/** Virtual machines that Vagrant makes: each starts its own part of the cluster (provision/provision.sh). */
export function vagrantRuntime(world: HostsWorld): ClusterRuntime {
  const machinesIn = (directory: string) => vagrantMachines(world, directory);
  const look = (directory: string) => lookAtMachines(world, machinesIn(directory), directory);
  const parts = async (directory: string) =>
    (await look(directory)).map((machine) => ({ ...machine, engine: machinesIn(directory).engine(machine.name) }));
  return {
    name: 'vagrant',
    // A box is downloaded, and Docker is installed in it.
    times: { readyMs: 900_000, appsMs: 600_000, intervalMs: 500 },
    changesInPlace: true,
    refusal: () => Promise.resolve(undefined),
    find: async ({ directory }) => findVagrantLab(world, directory, await look(directory)),
    prepare: async ({ directory }) => {
      await machinesIn(directory).run(['--version'], { signal: world.signal });
    },
    start: ({ directory }, options) => startVagrantLab(world, machinesIn(directory), directory, options),
    remove: async ({ directory }) => {
      const names = (await look(directory)).map(({ name }) => name);
      if (names.length === 0 && readHostsRecord(world.files, directory) === undefined) return undefined;
      if (names.length > 0)
        await machinesIn(directory).run(['destroy', '--force'], { signal: new AbortController().signal });
      removeHostsRecord(world.files, directory);
      world.registry.remove(directory);
      if (names.length === 0) return { removed: '', kept: [] };
      const kept = ['boxes, for the next up (vagrant box list shows them)'];
      return { removed: `the virtual machines ${names.join(', ')} (vagrant destroy)`, kept };
    },
    control: async ({ directory }, action, names, signal) => {
      const machines = await look(directory);
      const unknown = names.find((name) => !machines.some((machine) => machine.name === name));
      if (unknown !== undefined) throw unknownMachine(unknown, machines);
      const words = action === 'stop' ? ['halt', ...names] : ['up', '--no-provision', ...names];
      await machinesIn(directory).run(words, { signal });
    },
    logs: async ({ directory }, request, onLine) => logsOn(await parts(directory), request, onLine),
    exec: async ({ directory }, id, words, signal) =>
      execOn(await parts(directory), id, words, { hasTerminal: world.hasTerminal(), signal }),
    doctor: (question) => vagrantDoctor(world, question),
    images: localImages(world),
    labs: hostsLabs(world, 'vagrant'),
    instead: (failed) => liteInstead(world, failed),
    login: byVagrant,
  };
}

const unknownMachine = (name: string, machines: readonly Machine[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no virtual machine called ${name}`,
    found: name,
    allowed: machines.map((machine) => machine.name).join(', '),
    fix: `exec NODE-COMPONENT and logs NODE-COMPONENT work on single components`,
  });
