import type { Lesson } from '../../planning/lesson/lesson.ts';
import { leaderOf } from '../asking/ask-cluster.ts';
import { metricKey, readMetric } from '../looks/look-at-api.ts';
import type { LessonWorld } from '../lesson-world.ts';
import type { Baseline } from './progress.ts';

/**
 * What is so now, as far as looks of a lesson will compare with it.
 * @param at milliseconds since 1970
 */
export async function takeBaseline(
  world: LessonWorld,
  lesson: Lesson,
  at: number,
  signal: AbortSignal,
): Promise<Baseline> {
  const leaders: Record<string, string> = {};
  const metrics: Record<string, number> = {};
  for (const step of lesson.checks.flatMap(({ looks, solution }) => [...looks, ...solution])) {
    if (step.kind === 'leader' && step.value.changed === true) {
      leaders[step.value.of] ??= await leaderOf(world, step.value.of, signal);
    }
    if (step.kind === 'metric' && step.value.grownBy !== undefined) {
      const { of = 'mesos-master', name } = step.value;
      metrics[metricKey(step.value)] ??= (await readMetric(world, of, name, signal)) ?? 0;
    }
  }
  return { at, leaders, metrics };
}
