import { UserError } from '../../../errors/user-error.ts';
import type { ClusterRuntime, LogRequest } from '../../cluster-runtime.ts';
import { exec, unknownPart } from '../../docker/docker-runtime.ts';
import { showLogs } from '../../docker/show-logs.ts';
import { hostsFolder } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { partId } from '../known-lab.ts';
import { startVagrantLab } from './start-vagrant-lab.ts';
import { findVagrantLab, lookAtMachines, partsOf, type Machine } from './vagrant-lab.ts';
import { vagrantMachines, type VagrantMachines } from './vagrant-machines.ts';

/** Virtual machines that Vagrant makes: each starts its own part of the cluster (provision/provision.sh). */
export function vagrantRuntime(world: HostsWorld): ClusterRuntime {
  const machinesIn = (directory: string) => vagrantMachines(world, directory);
  const look = (directory: string) => lookAtMachines(world, machinesIn(directory), directory);
  return {
    name: 'vagrant',
    unavailable: () => Promise.resolve(undefined),
    find: async ({ directory }) => findVagrantLab(world, directory, await look(directory)),
    prepare: async ({ directory }) => {
      await machinesIn(directory).run(['--version'], { signal: world.signal });
    },
    start: ({ directory }, options) => startVagrantLab(world, machinesIn(directory), directory, options),
    remove: async ({ directory }) => {
      const names = (await look(directory)).map(({ name }) => name);
      if (names.length === 0) return undefined;
      await machinesIn(directory).run(['destroy', '--force'], { signal: new AbortController().signal });
      world.files.removeTree(hostsFolder(directory));
      const kept = ['boxes, for the next up (vagrant box list shows them)'];
      return { removed: `the virtual machines ${names.join(', ')} (vagrant destroy)`, kept };
    },
    turn: async ({ directory }, to, names, signal) => {
      const machines = await look(directory);
      const unknown = names.find((name) => !machines.some((machine) => machine.name === name));
      if (unknown !== undefined) throw unknownMachine(unknown, machines);
      const words = to === 'stopped' ? ['halt', ...names] : ['up', '--no-provision', ...names];
      await machinesIn(directory).run(words, { signal });
    },
    logs: async ({ directory }, request, onLine) => logs(machinesIn(directory), await look(directory), request, onLine),
    exec: async ({ directory }, id, words, signal) => {
      const machines = await look(directory);
      for (const { name, containers } of machines) {
        const container = containers.find((each) => partId(name, each.id) === id);
        if (container !== undefined)
          return exec(machinesIn(directory).engine(name), container, words, world.hasTerminal(), signal);
      }
      throw unknownPart(id, machines.flatMap(partsOf));
    },
  };
}

async function logs(
  vagrant: VagrantMachines,
  machines: readonly Machine[],
  request: LogRequest,
  onLine: (id: string, line: string) => void,
): Promise<boolean> {
  const asked = machines.flatMap(({ name, containers }) => {
    const ids = containers.map(({ id }) => id).filter((id) => request.ids.includes(partId(name, id)));
    const [first] = containers;
    return first === undefined || ids.length === 0 ? [] : [{ name, ids, lab: first.lab }];
  });
  if (asked.flatMap(({ ids }) => ids).length < request.ids.length) return false;
  await Promise.all(
    asked.map(({ name, ids, lab }) =>
      showLogs(vagrant.engine(name), lab, { ...request, ids }, (id, line) => {
        onLine(partId(name, id), line);
      }),
    ),
  );
  return true;
}

const unknownMachine = (name: string, machines: readonly Machine[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no virtual machine called ${name}`,
    found: name,
    allowed: machines.map((machine) => machine.name).join(', '),
    fix: `exec NODE-COMPONENT and logs NODE-COMPONENT work on single components`,
  });
