import { formerInstances, watchedOf } from './deployment-group.ts';
import { appNamed, type RunningApp } from './running-app.ts';
import { awaitWell, lookMs, notWell, type StrategyWorld } from './strategy-world.ts';
import type { Unwell } from './unwell.ts';

interface Canary {
  readonly old: RunningApp;
  readonly young: string;
  readonly watchMs: number;
  readonly unwell: Unwell;
}

/**
 * Lets a few instances of a new version serve beside all of the version before, of which the load balancer leaves as many
 * out, ready to come back at once. One that is further already is not watched again.
 * @throws UserError NOT_READY when they are not well
 */
export async function watchCanary(world: StrategyWorld, { old, young, watchMs, unwell }: Canary): Promise<void> {
  const { marathon, clock, signal, reporter } = world;
  await awaitWell(world, young, `Starting the canary ${young}`, unwell);
  const [leaving, coming] = [await appNamed(marathon, old.id), await appNamed(marathon, young)];
  if (leaving === undefined || coming === undefined) return;
  if (coming.instances > watchedOf(coming) || leaving.instances < formerInstances(coming)) return;
  const title = `Watching ${young}, ${coming.instances} of ${leaving.instances} instances`;
  await reporter.step({ title, deadlineMs: watchMs }, async (seen) => {
    const until = clock.now() + watchMs;
    while (clock.now() < until) {
      const why = unwell.look((await appNamed(marathon, young))?.answer);
      if (why !== undefined) throw notWell(why, young);
      seen(`well so far, for ${Math.ceil((until - clock.now()) / 1000)} s more`);
      await clock.sleep(lookMs, signal);
    }
  });
}
