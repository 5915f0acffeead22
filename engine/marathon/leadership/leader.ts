import type { Deployments } from '../deployments/deployments.ts';
import type { SharedParts } from './shared-parts.ts';
import type { Counters } from '../counters.ts';
import type { EventBus } from '../event-bus.ts';
import type { HealthMonitor } from '../health/health-monitor.ts';
import { LeaderSession } from './leader-session.ts';
import type { MarathonSettings, MarathonWorld } from '../marathon-options.ts';
import type { LaunchQueue } from '../scheduling/launch-queue.ts';
import type { TaskKiller } from '../scheduling/task-killer.ts';
import { loadState } from '../storage/saved-state.ts';

/** Everything that only the leading Marathon does. */
export interface Leader {
  readonly shared: SharedParts;
  readonly deployments: Deployments;
  readonly queue: LaunchQueue;
  readonly health: HealthMonitor;
  readonly killer: TaskKiller;
  readonly counters: Counters;
  readonly frameworkId: () => string | undefined;
  readonly leadsForMs: () => number;
  /**
   * Ends the session with the master; tasks run on.
   * @param isSaving whether what has changed is still saved: not when somebody else may lead by now
   */
  readonly stop: (isSaving: boolean) => Promise<void>;
}

interface LeaderOptions {
  readonly settings: MarathonSettings;
  readonly world: MarathonWorld;
  readonly events: EventBus;
  /** Of this Marathon. */
  readonly webUrl: string;
  /** Another Marathon has taken over the state. */
  readonly onTakenOver: () => void;
}

/**
 * Takes over: loads what was saved, registers with the master under the framework's id, and goes on where the last
 * leader was.
 * @throws when the saved state cannot be read
 */
export async function startLeader(options: LeaderOptions): Promise<Leader> {
  const session = new LeaderSession({ ...options, saved: await loadState(options.world.store) });
  session.start();
  const { shared, deployments, queue, health, killer, counters } = session;
  return {
    shared,
    deployments,
    queue,
    health,
    killer,
    counters,
    frameworkId: () => session.frameworkId,
    leadsForMs: () => session.leadsForMs,
    stop: (isSaving) => session.stop(isSaving),
  };
}
