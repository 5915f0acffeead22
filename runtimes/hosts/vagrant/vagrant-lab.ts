import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { isUserError } from '../../../errors/user-error.ts';
import { textFingerprint } from '../../../lab/fingerprint.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { FoundLab, RunningLab } from '../../cluster-runtime.ts';
import { readablePlan } from '../../docker/lab/find-lab.ts';
import { labContainers, ofLab, type LabContainer } from '../../docker/lab/lab-containers.ts';
import { hostsFolder, readHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { inParallel } from '../in-parallel.ts';
import { partsOn } from '../nodes/node-parts.ts';
import type { VagrantMachines } from './vagrant-machines.ts';

/** A virtual machine of the lab, and what it has of it. */
export interface Machine {
  readonly name: string;
  /** As the provider calls it. */
  readonly state: string;
  readonly containers: readonly LabContainer[];
}

/** The machines that Vagrant has made, by its own files: each has its provider's id in one. */
export function madeMachines(files: Pick<FileSystem, 'list' | 'kindOf'>, directory: string): readonly string[] {
  const folder = `${directory}/.vagrant/machines`;
  const isMade = (name: string) =>
    (files.list(`${folder}/${name}`) ?? []).some(
      (provider) => files.kindOf(`${folder}/${name}/${provider}/id`) === 'file',
    );
  return (files.list(folder) ?? []).filter(isMade);
}

/** Vagrant is asked only where it has made something: it takes seconds. */
export async function lookAtMachines(
  world: HostsWorld,
  vagrant: VagrantMachines,
  directory: string,
): Promise<readonly Machine[]> {
  if (madeMachines(world.files, directory).length === 0) return [];
  const states = [...(await vagrant.states())].filter(([, state]) => state !== 'not_created');
  const plan = await planOf(world, directory);
  return inParallel(states, async ([name, state]) => {
    if (isUserError(plan) || state !== 'running') return { name, state, containers: [] };
    // One that is still booting has no answer.
    const containers = await labContainers(vagrant.engine(name), ofLab(plan.name)).catch(() => []);
    return { name, state, containers };
  });
}

const planOf = (world: HostsWorld, directory: string) =>
  readablePlan(world, directory, readHostsRecord(world.files, directory));

export async function findVagrantLab(
  world: HostsWorld,
  directory: string,
  machines: readonly Machine[],
): Promise<FoundLab> {
  // Somebody may have destroyed them with Vagrant itself.
  if (machines.length === 0)
    return { kind: readHostsRecord(world.files, directory) === undefined ? 'nothing' : 'remains' };
  const plan = await planOf(world, directory);
  if (isUserError(plan)) return { kind: 'unplanned', parts: [], problem: plan };
  const lab = labOn(world, directory, plan, machines);
  return { kind: machines.some(({ state }) => state === 'running') ? 'running' : 'stopped', lab };
}

export function labOn(world: HostsWorld, directory: string, plan: Plan, machines: readonly Machine[]): RunningLab {
  const ofPlan = plan.nodes.map(({ name, address = '' }) => {
    const state = machines.find((machine) => machine.name === name)?.state ?? 'not created';
    return { name, address, endpoint: `vagrant ssh ${name}`, ok: state === 'running', detail: state };
  });
  return {
    runtime: 'vagrant',
    plan,
    target: targetFromPlan(plan),
    parts: machines.flatMap(({ name, containers }) => partsOn(name, containers)),
    machines: ofPlan,
    settings: [],
    differences: (options) =>
      Promise.resolve([
        ...ofPlan.filter(({ ok }) => !ok).map(({ name, detail }) => `${name} is ${detail}`),
        ...(marker(world, options.plan) === readMarker(world, directory)
          ? []
          : ['the files of the lab are newer than its machines']),
      ]),
    // Nobody looks at every container over SSH; the ladder sees what does not come.
    watch: () => new Promise(() => undefined),
  };
}

export const markerOf = (directory: string) => `${hostsFolder(directory)}/vagrant-files`;
/** What the machines were told to run. */
export const marker = ({ nodeTexts }: HostsWorld, plan: Plan) => textFingerprint(JSON.stringify([...nodeTexts(plan)]));
export const readMarker = ({ files }: HostsWorld, directory: string) =>
  files.kindOf(markerOf(directory)) === 'file' ? files.readText(markerOf(directory)) : undefined;
