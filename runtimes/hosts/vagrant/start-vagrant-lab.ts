import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import { cleanUp } from '../../clean-up.ts';
import type { StartedLab, StartOptions } from '../../cluster-runtime.ts';
import { writeHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { nodeLines } from '../remove-from-nodes.ts';
import { labOn, lookAtMachines, marker, markerOf, readMarker } from './vagrant-lab.ts';
import { vagrantMachines, type VagrantMachines } from './vagrant-machines.ts';

/** As ClusterRuntime.start. */
export async function startVagrantLab(
  world: HostsWorld,
  vagrant: VagrantMachines,
  directory: string,
  options: StartOptions,
): Promise<StartedLab> {
  const { plan, tell, signal } = options;
  const before = new Map((await lookAtMachines(world, vagrant, directory)).map(({ name, state }) => [name, state]));
  const abandon = () => rollBack(world, vagrant, directory, before, options);
  const keep = () => {
    writeHostsRecord(world.files, directory, {
      ...{ format: 1, name: plan.name, phase: 'kept', isFresh: before.size === 0, process: ownIdentity() },
      ...{ directory, plan, skipped: [], files: {}, settings: options.settings },
    });
    world.files.writeText(markerOf(directory), marker(world, plan), false);
    world.registry.add(directory);
    return Promise.resolve();
  };
  const run = (title: string, words: readonly string[]) =>
    tell.step({ title }, (see) =>
      vagrant.run(words, {
        signal,
        onLine: (line) => {
          see(line);
          if (/^==> /.test(line)) tell.note(line);
        },
      }),
    );
  try {
    await run('vagrant up', ['up']);
    const isOld = readMarker(world, directory) !== marker(world, plan);
    // Vagrant does nothing with machines that run.
    const old = [...before].flatMap(([name, state]) => (isOld && state === 'running' ? [name] : []));
    if (old.length > 0) await run(`vagrant provision ${old.join(' ')}`, ['provision', ...old]);
    const machines = await lookAtMachines(world, vagrant, directory);
    return { ...labOn(world, directory, plan, machines), keep, abandon };
  } catch (error) {
    if (options.retain) await keep();
    else await cleanUp(tell, abandon);
    throw error;
  }
}

/** Destroys the machines that this start has made; those that were there are left as they are. */
async function rollBack(
  world: HostsWorld,
  vagrant: VagrantMachines,
  directory: string,
  before: ReadonlyMap<string, string>,
  { tell }: StartOptions,
): Promise<void> {
  const never = new AbortController().signal;
  const rest = vagrantMachines({ ...world, signal: never }, directory);
  const states = [...(await rest.states())];
  const made = states.flatMap(([name, state]) => (state !== 'not_created' && !before.has(name) ? [name] : []));
  if (made.length > 0) await vagrant.run(['destroy', '--force', ...made], { signal: never });
  const ends = states.map(([node, state]) => ({
    node,
    state: made.includes(node)
      ? 'destroyed again'
      : state === 'not_created'
        ? 'was not made'
        : `left as it is (${state})`,
  }));
  for (const line of nodeLines(ends)) tell.note(line);
}
