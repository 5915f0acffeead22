import { appPath } from '../../protocol/marathon/app-id.ts';
import { targetOf } from './deployment-group.ts';
import { awaitDrained } from './drain.ts';
import { appNamed } from './running-app.ts';
import { awaitQuiet, awaitWell, remove, takeTurn, type StrategyWorld } from './strategy-world.ts';
import type { Unwell } from './unwell.ts';

interface Swap {
  readonly old: string;
  readonly young: string;
  readonly unwell: Unwell;
}

/**
 * Lets the younger colour of a group grow and ends the instances of the older one that the load balancer has drained for
 * it, until the older one is gone. All that it goes by is in Marathon and at the load balancer, so it may be broken off
 * anywhere, and begun again. As many instances serve as shall in the end, or as did before (zdd.py: swap_zdd_apps).
 * @returns what runs of the younger one
 * @throws UserError NOT_READY when it is not well
 */
export async function swap(world: StrategyWorld, { old, young, unwell }: Swap): Promise<string> {
  const { marathon } = world;
  for (;;) {
    const state = await awaitWell(world, young, `Waiting for ${young}`, unwell);
    await awaitQuiet(world, old);
    const [leaving, coming] = [await appNamed(marathon, old), await appNamed(marathon, young)];
    if (leaving === undefined || coming === undefined) return state;
    const target = targetOf(coming);
    const count = surplus(coming.instances, leaving.instances, target);
    const isWhole = coming.instances >= target;
    const out = count === 0 ? [] : await awaitDrained(world, { leaving: old, staying: young, count, unwell });
    if (isWhole && count === leaving.instances) {
      await remove(world, old);
      return state;
    }
    if (out.length > 0) {
      await marathon.ask('POST', '/v2/tasks/delete?scale=true', { ids: out.map(({ id }) => id) });
      await awaitQuiet(world, old);
    }
    // Of one that was not well there is nothing to be drained.
    if (out.length < count) await marathon.ask('PUT', appPath(old), { instances: leaving.instances - count });
    const instances = grown(coming.instances, leaving.instances - count, target);
    if (instances > coming.instances) await marathon.ask('PUT', appPath(young), { instances });
    else await takeTurn(world, young, instances);
  }
}

/** How many instances of the older one marathon-lb drains: one for each of the younger one, and none below the target. */
const surplus = (young: number, old: number, target: number): number =>
  Math.min(young, old, Math.max(0, young + old - target));

/** By half of what is there, and all at once when that is as many as are left (zdd.py: scale_new_app_instances). */
function grown(young: number, old: number, target: number): number {
  const next = Math.floor(young + (young + 1) / 2);
  return next >= old ? target : Math.min(next, target);
}
