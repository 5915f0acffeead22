import { isUserError, UserError } from '../../errors/user-error.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import { formerInstances } from './deployment-group.ts';
import { awaitDrained } from './drain.ts';
import { appNamed, type RunningApp } from './running-app.ts';
import { awaitWell, remove, takeTurn, type StrategyWorld } from './strategy-world.ts';

/**
 * Gives the older colour of a group all requests again, with as many instances as it had, and removes the younger one.
 * @returns what runs of the older one
 * @throws UserError NOT_READY when the older one does not come back; the younger one stays then
 */
export async function goBack(world: StrategyWorld, oldId: string, youngId: string): Promise<string> {
  const { marathon } = world;
  const [old, young] = [await appNamed(marathon, oldId), await appNamed(marathon, youngId)];
  const serves = young?.tasks.some(({ isAlive, wasAlive }) => isAlive || wasAlive) === true;
  if (young !== undefined && old !== undefined) {
    if (serves) await keepServing(world, young);
    const wanted = Math.max(old.instances, formerInstances(young));
    // Whichever is scaled last is the one that the load balancer drains the other for.
    if (wanted > old.instances) await marathon.ask('PUT', `${appPath(oldId)}?force=true`, { instances: wanted });
    else if (serves) await takeTurn(world, oldId, wanted);
  }
  const state = await awaitWell(world, oldId, `Giving ${oldId} all requests again`);
  // Marathon may know for a second that an instance is not well before the load balancer does.
  if (serves) await awaitDrained(world, { leaving: youngId, staying: oldId, count: young.instances });
  await remove(world, youngId);
  return state;
}

/** marathon-lb counts instances that have not served yet, and would drain others for them before the older ones are back. */
async function keepServing({ marathon }: StrategyWorld, { id, instances, tasks }: RunningApp): Promise<void> {
  const idle = tasks.filter(({ isAlive, wasAlive }) => !isAlive && !wasAlive).map((task) => task.id);
  if (idle.length > 0) await marathon.ask('POST', '/v2/tasks/delete?scale=true&force=true', { ids: idle });
  const serving = tasks.length - idle.length;
  // Those that wait for an offer have no task.
  if (tasks.length < instances) await marathon.ask('PUT', `${appPath(id)}?force=true`, { instances: serving });
}

interface WayBack {
  /** Brings the version before back. @returns what runs of it */
  readonly back: () => Promise<string>;
  /** What then is, behind what was wrong: `/web-blue has all requests again`. */
  readonly then: string;
  /** What stays as it is when nobody goes back, and how to go on. */
  readonly otherwise: string;
  /** How to try it again. */
  readonly again: string;
}

/** Whether a deploy has ended because its new version is not well, and not because it was broken off or nobody answers. */
export const isNotWell = (error: unknown, { signal }: StrategyWorld): error is UserError =>
  !signal.aborted && isUserError(error) && error.problems[0].code === 'NOT_READY';

/**
 * What becomes of a deploy that did not come to its end: where the new version is not well it goes back; when it was
 * broken off, or Marathon or the load balancer does not answer, all stays.
 * @returns the error that says so
 */
export async function goBackAfter(
  error: unknown,
  world: StrategyWorld,
  { back, then, otherwise, again }: WayBack,
): Promise<unknown> {
  if (!isNotWell(error, world)) {
    world.reporter.warn(otherwise);
    return error;
  }
  const [first, ...more] = error.problems;
  const { reporter } = world;
  reporter.note(`${first.message}: going back`);
  try {
    const state = await back();
    return new UserError(
      { ...first, code: 'DEPLOY_WENT_BACK', message: `${first.message}; ${then} (${state})` },
      ...more,
    );
  } catch (failed) {
    if (!isUserError(failed)) return failed;
    const [problem] = failed.problems;
    const message = `going back did not work: ${problem.message}`;
    return new UserError(first, ...more, { ...problem, message, fix: again });
  }
}
