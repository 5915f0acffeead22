import { UserError } from '../../errors/user-error.ts';
import type { ServerState } from '../../checks/haproxy-statistics.ts';
import { askBalancer, isOut, isReloading, serverOf } from './balancer.ts';
import { portOf } from './deployment-group.ts';
import { appNamed, type RunningApp, type RunningTask } from './running-app.ts';
import { lookMs, notWell, type StrategyWorld } from './strategy-world.ts';
import type { Unwell } from './unwell.ts';

/** Between two looks at a reload: each has its price, see isReloading. */
const reloadMs = 1000;

interface Drain {
  /** Whose instances shall go. */
  readonly leaving: string;
  /** Whose instances take over. */
  readonly staying: string;
  /** How many shall go. */
  readonly count: number;
  /** Judges those that stay. */
  readonly unwell?: Unwell;
}

/**
 * Waits until the load balancer sends nothing more to so many instances of an app, and their requests are done; those
 * that take over have to be there. What lasts longer than the deadline is broken off, as by zdd.py.
 * @returns those instances
 * @throws UserError NOT_READY when those that stay are not well; LAB_NOT_RUNNING when the load balancer does not answer
 */
export function awaitDrained(world: StrategyWorld, drain: Drain): Promise<readonly RunningTask[]> {
  const { deadlineMs, reporter } = world;
  const { count, leaving } = drain;
  const title = `Draining ${count} instance${count === 1 ? '' : 's'} of ${leaving} at the load balancer`;
  return reporter.step({ title, deadlineMs }, (seen) => drained(world, drain, seen));
}

async function drained(world: StrategyWorld, drain: Drain, seen: (text: string) => void) {
  const { marathon, clock, signal, deadlineMs, reporter } = world;
  const { leaving, staying, count, unwell } = drain;
  const until = clock.now() + deadlineMs;
  let pauseMs = lookMs;
  for (;;) {
    const [old, young] = [await appNamed(marathon, leaving), await appNamed(marathon, staying)];
    const why = unwell?.look(young?.answer);
    if (why !== undefined) throw notWell(why, staying);
    const tasks = old?.tasks ?? [];
    const wanted = Math.min(count, tasks.length);
    const balancer = young === undefined ? { why: `Marathon has no app ${staying}` } : await ask(world, young);
    if ('servers' in balancer) {
      const { servers } = balancer;
      const out = tasks.filter((task) => isOut(task, servers));
      const isTakenOver = young?.tasks.every((task) => serverOf(task, servers)?.isUp === true) === true;
      const areOut = isTakenOver && out.length >= wanted;
      // Without an answer nothing is known of it.
      if (areOut && !(await isReloading(world.cluster, signal).catch(() => true))) return out.slice(0, wanted);
      pauseMs = areOut ? reloadMs : lookMs;
      const rest = areOut
        ? '; the load balancer is reloading'
        : isTakenOver
          ? ''
          : '; those that take over are not in yet';
      seen(`${out.length} of ${wanted} are out${rest}`);
      if (clock.now() > until) {
        if (!isTakenOver) throw notWell(`the load balancer sends nothing to all instances of ${staying}`, staying);
        reporter.warn(`Requests to ${leaving} that last longer than ${Math.round(deadlineMs / 1000)} s are broken off`);
        const draining = tasks.filter((task) => isOut(task, servers) || serverOf(task, servers)?.isDraining === true);
        return draining.slice(0, wanted);
      }
    } else {
      seen(balancer.why);
      if (clock.now() > until) throw noAnswer(world, balancer.why);
    }
    await clock.sleep(pauseMs, signal);
  }
}

type Answer = { readonly servers: readonly ServerState[] } | { readonly why: string };

async function ask({ cluster, signal }: StrategyWorld, app: RunningApp): Promise<Answer> {
  try {
    return { servers: await askBalancer(cluster, portOf(app), signal) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

const noAnswer = ({ cluster, deadlineMs }: StrategyWorld, found: string) =>
  new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `The load balancer at ${cluster.target.loadBalancer ?? ''} does not say what it does, for ${Math.round(deadlineMs / 1000)} s`,
    found,
    fix: 'npm run status shows whether it runs; npm run start starts what was stopped',
  });
