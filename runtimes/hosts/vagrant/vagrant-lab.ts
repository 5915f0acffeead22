import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { isUserError } from '../../../errors/user-error.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { FoundLab, RunningLab } from '../../cluster-runtime.ts';
import type { DockerEngine } from '../../docker/docker-engine.ts';
import { readablePlan } from '../../docker/lab/find-lab.ts';
import { labContainers, ofLab, type LabContainer } from '../../docker/lab/lab-containers.ts';
import { readHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { partId, partsOn } from '../nodes/node-parts.ts';
import { givenTexts } from './given-texts.ts';
import type { MachineLinks } from './machine-links.ts';
import type { VagrantMachines } from './vagrant-machines.ts';

/** A virtual machine of the lab, and what it has of it. */
export interface Machine {
  readonly name: string;
  /** As the provider calls it. */
  readonly state: string;
  /** Of one that runs and lets us in. */
  readonly engine?: DockerEngine;
  /** Undefined where its Engine does not answer. */
  readonly containers?: readonly LabContainer[];
}

/** What the machines of a lab are asked with. */
export interface Machines {
  readonly vagrant: VagrantMachines;
  readonly links: MachineLinks;
}

/** The machines that Vagrant has made, by its own files, with the id that the provider gave each. */
export function madeMachines(
  files: Pick<FileSystem, 'list' | 'kindOf' | 'readText'>,
  directory: string,
): ReadonlyMap<string, string> {
  const folder = `${directory}/.vagrant/machines`;
  const idOf = (name: string) =>
    (files.list(`${folder}/${name}`) ?? [])
      .map((provider) => `${folder}/${name}/${provider}/id`)
      .find((path) => files.kindOf(path) === 'file');
  return new Map(
    (files.list(folder) ?? []).flatMap((name) => {
      const path = idOf(name);
      return path === undefined ? [] : [[name, files.readText(path).trim()] as const];
    }),
  );
}

/** The machines that Vagrant has made for nodes that the lab no longer has. */
export function forgottenMachines(
  files: Pick<FileSystem, 'list' | 'kindOf' | 'readText'>,
  directory: string,
  { nodes }: Plan,
): readonly string[] {
  return [...madeMachines(files, directory).keys()].filter((made) => !nodes.some(({ name }) => name === made));
}

/** A machine that lets us in runs. Vagrant, which takes seconds, is asked only of others, and for the way into them. */
export async function lookAtMachines(
  world: HostsWorld,
  { vagrant, links }: Machines,
  directory: string,
  signal: AbortSignal = world.signal,
): Promise<readonly Machine[]> {
  const made = madeMachines(world.files, directory);
  if (made.size === 0) return [];
  const engines = new Map(await links.reach(made, signal));
  const states = new Map([...engines.keys()].map((name) => [name, 'running']));
  if (engines.size < made.size) {
    for (const [name, state] of await vagrant.states(signal)) if (!engines.has(name)) states.set(name, state);
    const strange = new Map([...made].filter(([name]) => !engines.has(name) && states.get(name) === 'running'));
    if (strange.size > 0) {
      await links.learn(strange, signal);
      for (const [name, engine] of await links.reach(strange, signal)) engines.set(name, engine);
    }
  }
  const plan = await planOf(world, directory);
  const there = [...states].filter(([, state]) => state !== 'not_created').sort(([a], [b]) => (a < b ? -1 : 1));
  return inParallel(there, async ([name, state]) => {
    const engine = engines.get(name);
    if (engine === undefined) return { name, state };
    if (isUserError(plan)) return { name, state, engine };
    const containers = await labContainers(engine, ofLab(plan.name), { signal }).catch((error: unknown) => {
      if (isUserError(error)) return undefined;
      throw error;
    });
    return { name, state, engine, ...(containers === undefined ? {} : { containers }) };
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
    const machine = machines.find((each) => each.name === name);
    const state = machine?.state ?? 'not created';
    const detail =
      state === 'running' && machine?.containers === undefined ? 'running, no answer of its Docker' : state;
    return { name, address, endpoint: `vagrant ssh ${name}`, ok: state === 'running', detail };
  });
  return {
    runtime: 'vagrant',
    plan,
    target: targetFromPlan(plan),
    parts: machines.flatMap(({ name, containers = [] }) => partsOn(name, containers)),
    machines: ofPlan,
    settings: [],
    differences: (options) => {
      const wrong = [...whatIsWrong(options.plan, machines).values()].flat();
      const isNewer = givenTexts(world, directory).notGiven(options.plan).length > 0;
      const gone = forgottenMachines(world.files, directory, options.plan).map(
        (name) => `${name} is no machine of the lab any more`,
      );
      return Promise.resolve([
        ...wrong,
        ...gone,
        ...(isNewer ? ['the files of the lab are newer than its machines'] : []),
      ]);
    },
    // Nobody looks at every container over SSH; the ladder sees what does not come.
    watch: () => new Promise(() => undefined),
  };
}

const runs: ReadonlySet<string> = new Set(['running', 'restarting']);

/** What another `vagrant up` would mend, in words, by the names of the nodes that have something. */
export function whatIsWrong(plan: Plan, machines: readonly Machine[]): ReadonlyMap<string, readonly string[]> {
  const found = plan.nodes.map(({ name, components }): readonly [string, readonly string[]] => {
    const machine = machines.find((each) => each.name === name);
    if (machine?.state !== 'running') return [name, [`${name} is ${machine?.state ?? 'not created'}`]];
    const { containers } = machine;
    if (containers === undefined) return [name, [`Docker of ${name} does not answer`]];
    const states = components.map(({ service }) => ({
      service,
      state: containers.find(({ id }) => id === service)?.state ?? 'missing',
    }));
    const wrong = states.filter(({ state }) => !runs.has(state));
    return [name, wrong.map(({ service, state }) => `${partId(name, service)} is ${state}`)];
  });
  return new Map(found.filter(([, words]) => words.length > 0));
}
