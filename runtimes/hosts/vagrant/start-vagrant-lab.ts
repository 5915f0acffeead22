import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import { cleanUp } from '../../clean-up.ts';
import type { StartedLab, StartOptions } from '../../cluster-runtime.ts';
import { removeHostsRecord, writeHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { nodeLines } from '../remove-from-nodes.ts';
import { destroyForgotten } from './forgotten-machines.ts';
import { givenTexts } from './given-texts.ts';
import { forgottenMachines, labOn, lookAtMachines, whatIsWrong, type Machines } from './vagrant-lab.ts';

/** As ClusterRuntime.start. */
export async function startVagrantLab(
  world: HostsWorld,
  asked: Machines,
  directory: string,
  options: StartOptions,
): Promise<StartedLab> {
  const { plan, tell, signal, timeoutMs } = options;
  const there = await lookAtMachines(world, asked, directory, signal);
  const before = new Set(there.map(({ name }) => name));
  const abandon = () => rollBack(world, asked, directory, before, options);
  const keep = () => {
    writeHostsRecord(world.files, directory, {
      ...{ format: 1, name: plan.name, phase: 'kept', isFresh: before.size === 0, process: ownIdentity() },
      ...{ directory, plan, skipped: [], files: {}, settings: options.settings },
    });
    world.registry.add(directory);
    return Promise.resolve();
  };
  const given = givenTexts(world, directory);
  const stale = given.notGiven(plan);
  const wrong = whatIsWrong(plan, there);
  const all = plan.nodes.map(({ name }) => name);
  const forgotten = forgottenMachines(world.files, directory, plan);
  const names = all.filter((name) => wrong.has(name) || stale.includes(name));
  try {
    if (names.length > 0) {
      given.forget(names);
      const words = upWords(names, all, before, stale);
      await tell.step({ title: `vagrant ${words.join(' ')}`, deadlineMs: timeoutMs }, (see) =>
        asked.vagrant.run(words, {
          signal,
          timeoutMs,
          onLine: (line) => {
            see(line);
            if (/^==> /.test(line)) tell.note(line);
          },
        }),
      );
      given.write(plan, names);
    }
    if (forgotten.length > 0) {
      await tell.step({ title: `vagrant destroy ${forgotten.join(' ')}`, deadlineMs: timeoutMs }, () =>
        destroyForgotten(world, asked.vagrant, directory, forgotten, { signal, timeoutMs }),
      );
      given.forget(forgotten);
    }
    return { ...labOn(world, directory, plan, await lookAtMachines(world, asked, directory, signal)), keep, abandon };
  } catch (error) {
    if (options.retain) await keep();
    else await cleanUp(tell, abandon);
    throw error;
  }
}

/**
 * On machines that are there, `vagrant up` runs the provisioners that are marked `run: 'always'`, those that copy files
 * and start containers; the others only once, also when that has failed: Vagrant writes that it was done before it is
 * (lib/vagrant/action/builtin/provision.rb, its sentinel). So where it is not known to have come to a good end, all are
 * asked for.
 */
function upWords(
  names: readonly string[],
  all: readonly string[],
  before: ReadonlySet<string>,
  stale: readonly string[],
): readonly string[] {
  const anew = names.some((name) => before.has(name) && stale.includes(name));
  return ['up', ...(anew ? ['--provision'] : []), ...(names.length < all.length ? names : [])];
}

/** A provider that was interrupted finishes what it was at first. */
export const destroyMs = 600_000;

/** Destroys the machines that this start has made; those that were there are left as they are. */
async function rollBack(
  world: HostsWorld,
  { vagrant }: Machines,
  directory: string,
  before: ReadonlySet<string>,
  { tell }: StartOptions,
): Promise<void> {
  const never = new AbortController().signal;
  const states = [...(await vagrant.states(never))];
  const made = states.flatMap(([name, state]) => (state !== 'not_created' && !before.has(name) ? [name] : []));
  if (made.length > 0) await vagrant.run(['destroy', '--force', ...made], { signal: never, timeoutMs: destroyMs });
  givenTexts(world, directory).forget(made);
  if (before.size === 0) removeHostsRecord(world.files, directory);
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
