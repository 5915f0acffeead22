import { UserError } from '../../../errors/user-error.ts';
import type { ClusterRuntime } from '../../cluster-runtime.ts';
import { liteInstead } from '../../docker/images/lite-instead.ts';
import { localImages } from '../../docker/images/local-images.ts';
import { cleanOnNodes } from '../images/clean-on-nodes.ts';
import { hostsLabs } from '../hosts-labs.ts';
import { readHostsRecord, removeHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { byVagrant } from '../nodes/log-in.ts';
import { execOn, logsOn, type NodeParts } from '../nodes/node-parts.ts';
import { destroyForgotten } from './forgotten-machines.ts';
import { destroyMs, startVagrantLab } from './start-vagrant-lab.ts';
import { vagrantDoctor } from './vagrant-doctor.ts';
import { machineLinks } from './machine-links.ts';
import { noAnswer, pushToMachines } from './push-to-machines.ts';
import { findVagrantLab, lookAtMachines, madeMachines, type Machines } from './vagrant-lab.ts';
import { vagrantMachines } from './vagrant-machines.ts';
import { warmMachines } from './warm-machines.ts';

/** Virtual machines that Vagrant makes: each starts its own part of the cluster (provision/provision.sh). */
export function vagrantRuntime(world: HostsWorld): ClusterRuntime {
  const known = new Map<string, Machines>();
  /** Once for each lab: connections are kept. */
  const machinesIn = (directory: string): Machines => {
    const vagrant = known.get(directory)?.vagrant ?? vagrantMachines(world, directory);
    const machines = known.get(directory) ?? { vagrant, links: machineLinks(world, vagrant, directory) };
    known.set(directory, machines);
    return machines;
  };
  const look = (directory: string, signal?: AbortSignal) =>
    lookAtMachines(world, machinesIn(directory), directory, signal);
  /** Of machines that answer. @throws UserError when one of these parts is on a machine that does not */
  const partsFor = async (directory: string, ids: readonly string[]): Promise<readonly NodeParts[]> => {
    const machines = await look(directory);
    const silent = machines.find(
      ({ name, containers }) => containers === undefined && ids.some((id) => id.startsWith(`${name}-`)),
    );
    if (silent !== undefined) throw new UserError(noAnswer(silent));
    return machines.flatMap(({ name, engine, containers }) =>
      engine === undefined || containers === undefined ? [] : [{ name, engine, containers }],
    );
  };
  return {
    name: 'vagrant',
    // A box is downloaded, and Docker is installed in it.
    times: { readyMs: 900_000, appsMs: 600_000, intervalMs: 500 },
    refusal: () => Promise.resolve(undefined),
    find: async ({ directory }, signal) => findVagrantLab(world, directory, await look(directory, signal)),
    prepare: async ({ directory }, { signal, timeoutMs }) => {
      await machinesIn(directory).vagrant.run(['--version'], { signal, timeoutMs });
    },
    start: ({ directory }, options) => startVagrantLab(world, machinesIn(directory), directory, options),
    remove: async ({ directory }) => {
      const made = () => [...madeMachines(world.files, directory).keys()];
      const names = made();
      if (names.length === 0 && readHostsRecord(world.files, directory) === undefined) return undefined;
      const { vagrant } = machinesIn(directory);
      const call = { signal: new AbortController().signal, timeoutMs: destroyMs };
      if (names.length > 0) await vagrant.run(['destroy', '--force'], call);
      await destroyForgotten(world, vagrant, directory, made(), call);
      removeHostsRecord(world.files, directory);
      world.registry.remove(directory);
      if (names.length === 0) return { removed: '', kept: [] };
      const kept = ['boxes, for the next up (vagrant box list shows them)'];
      return { removed: `the virtual machines ${names.join(', ')} (vagrant destroy)`, kept };
    },
    control: async ({ directory }, action, names, signal) => {
      const machines = [...madeMachines(world.files, directory).keys()];
      const unknown = names.find((name) => !machines.includes(name));
      if (unknown !== undefined) throw unknownMachine(unknown, machines);
      const words = action === 'stop' ? ['halt', ...names] : ['up', '--no-provision', ...names];
      await machinesIn(directory).vagrant.run(words, { signal });
    },
    logs: async ({ directory }, request, onLine) => logsOn(await partsFor(directory, request.ids), request, onLine),
    exec: async ({ directory }, id, words, signal) =>
      execOn(await partsFor(directory, [id]), id, words, { hasTerminal: world.hasTerminal(), signal }),
    doctor: (question) => vagrantDoctor(world, question),
    images: {
      ...localImages(world),
      push: async (request) => pushToMachines(world, await look(request.directory, request.signal), request),
      clean: async (request) => cleanOnNodes(await partsFor(request.directory, []), request),
      warm: async (request, images) => warmMachines(await look(request.directory, request.signal), request, images),
    },
    labs: hostsLabs(world, 'vagrant'),
    instead: (failed) => liteInstead(world, failed),
    login: byVagrant,
  };
}

const unknownMachine = (name: string, machines: readonly string[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no virtual machine called ${name}`,
    found: name,
    allowed: machines.join(', '),
    fix: `exec NODE-COMPONENT and logs NODE-COMPONENT work on single components`,
  });
