import type { Cluster } from '../../checks/cluster-target.ts';
import { pollUntil } from '../../checks/poll-until.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { listAt } from '../../protocol/json.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import { awaitDeployment } from '../apps/await-deployment.ts';
import type { MarathonClient } from '../apps/marathon-client.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import type { Unwell } from './unwell.ts';

/** What strategies need of the world. */
export interface StrategyWorld {
  readonly marathon: MarathonClient;
  readonly cluster: Cluster;
  readonly reporter: StepReporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Of each wait. */
  readonly deadlineMs: number;
  /** Goes over deployments that are in progress. */
  readonly isForced: boolean;
}

/** Between two looks at what changes. */
export const lookMs = 200;

/**
 * Waits until the instances of an app run and are well.
 * @param unwell judges them on the way; missing: of the version before, which has to come back in any case
 * @returns `2 of 2 running, 2 healthy`
 * @throws UserError NOT_READY
 */
export function awaitWell(world: StrategyWorld, id: string, title: string, unwell?: Unwell): Promise<string> {
  const { marathon, cluster, clock, signal, deadlineMs, reporter } = world;
  const judge = unwell === undefined ? {} : { isUnwell: (app: unknown) => unwell.look(app) };
  return reporter.step({ title, deadlineMs }, (seen) =>
    awaitDeployment(id, { marathon, cluster, clock, signal, deadlineMs, seen, note: reporter.note, ...judge }),
  );
}

/** Waits until Marathon has no deployment of an app any more, also of one that is removed. @throws UserError DEPLOYMENT_IN_PROGRESS */
export async function awaitQuiet({ marathon, clock, signal, deadlineMs }: StrategyWorld, id: string): Promise<void> {
  const look = async () => {
    // The app is gone at once, and its instances take their time to end.
    const { json } = await marathon.ask('GET', '/v2/deployments');
    const isBusy = listAt(json).some((deployment) => listAt(deployment, 'affectedApps').includes(id));
    return { ok: !isBusy, seen: 'its deployment goes on' };
  };
  const result = await pollUntil(look, { timeoutMs: deadlineMs, intervalMs: lookMs, signal, clock });
  if (result.ok) return;
  throw new UserError({
    // Not that the new version is not well: nobody goes back for it.
    code: 'DEPLOYMENT_IN_PROGRESS',
    message: `the deployment of ${id} is not done after ${Math.round(deadlineMs / 1000)} s`,
    found: result.seen,
    fix: 'create-mesos-cluster status shows what it waits for; --timeout SECONDS waits longer',
  });
}

/** The error for a new version that is not well. */
export const notWell = (why: string, id: string) =>
  new UserError({ code: 'NOT_READY', message: why, fix: `create-mesos-cluster logs ${id} shows what its tasks say` });

/**
 * Lets the load balancer drain the other colour: marathon-lb takes, of two, the one that was scaled last for the newer one
 * (get_apps in marathon_lb.py), and Marathon takes no note of a scaling to as many as there are. The one too many does
 * not come to serve.
 */
export async function takeTurn({ marathon }: StrategyWorld, id: string, instances: number): Promise<void> {
  for (const count of [instances + 1, instances])
    await marathon.ask('PUT', `${appPath(id)}?force=true`, { instances: count });
}

/** Removes an app that serves no more, and waits until its instances have ended; those that take longer end by themselves. */
export async function remove(world: StrategyWorld, id: string): Promise<void> {
  await world.marathon.ask('DELETE', `${appPath(id)}?force=true`);
  try {
    await awaitQuiet(world, id);
  } catch (error) {
    if (!isUserError(error)) throw error;
    world.reporter.warn(
      `${id} is removed, and its instances take longer than ${Math.round(world.deadlineMs / 1000)} s to end`,
    );
  }
}
