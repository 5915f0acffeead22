import { durationMs } from '../../protocol/duration-units.ts';
import { cleaner as defaults } from '../components/cleaner.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedCleaner } from './plan.ts';
import type { ResolvedSpec } from './resolve-spec.ts';

/** What cleans the agents' own Engines; undefined where they share one that is not the lab's alone, or the spec wants none. */
export function planCleaner(
  { cleaner, mesos }: ClusterSpec,
  { agentDocker }: ResolvedSpec,
): PlannedCleaner | undefined {
  if (agentDocker !== 'dind' || cleaner?.enabled === false) return undefined;
  const { containers = defaults.containers, danglingImagesMb = defaults.danglingImagesMb } = cleaner ?? {};
  const age = durationMs(cleaner?.age ?? removeDelay(mesos)) ?? durationMs(defaults.age) ?? 0;
  const { usualMemoryMb } = defaults;
  return { containers, ageSeconds: Math.ceil(age / 1000), danglingImagesMb, usualMemoryMb };
}

/** How long the agents themselves keep ended containers. */
export const removeDelay = (mesos: ClusterSpec['mesos']): string =>
  String(mesos?.agent?.flags?.['docker_remove_delay'] ?? defaults.age);
