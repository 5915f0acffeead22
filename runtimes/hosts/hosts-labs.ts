import type { LabsFacet } from '../labs-facet.ts';
import { readHostsRecord } from './hosts-record.ts';
import type { HostsWorld } from './hosts-world.ts';
import { planWithout } from './start/plan-without.ts';
import { madeMachines } from './vagrant/vagrant-lab.ts';

/** Labs on machines of their own that were started from here: by their records, without asking the machines. */
export function hostsLabs({ files, registry }: HostsWorld, runtime: 'hosts' | 'vagrant'): LabsFacet {
  const started = () =>
    registry.started().filter(({ record: { plan } }) => (plan.vagrant === undefined) === (runtime === 'hosts'));
  const stateOf = (directory: string, machines: number) =>
    runtime === 'hosts' ? `on ${machines} machines` : virtualMachines(madeMachines(files, directory).size);
  return {
    list: () =>
      Promise.resolve(
        started().map(({ directory, record: { name, phase, plan } }) => ({
          name,
          runtime,
          state: phase === 'starting' ? 'starting' : stateOf(directory, plan.nodes.length),
          directory,
          folderIsGone: false,
          urls: plan.urls.marathons,
        })),
      ),
    named: (name) =>
      Promise.resolve(started().flatMap(({ directory, record }) => (record.name === name ? [directory] : []))),
    recorded: (directory) => {
      const record = readHostsRecord(files, directory);
      return record && planWithout(record.plan, record.skipped);
    },
  };
}

/** Whether they run, only Vagrant knows, and that takes seconds. */
const virtualMachines = (count: number): string =>
  count === 0 ? 'no virtual machines' : `on ${count} virtual machine${count === 1 ? '' : 's'}`;
