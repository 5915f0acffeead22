import { type ClusterTarget, clusterAt, type Cluster } from './cluster-target.ts';
import { lookAtAgents, lookAtLeadingMaster, lookAtMasterCount, lookAtZookeepers } from './look-at-masters.ts';
import { lookAtLoadBalancer, lookAtMarathon } from './look-at-marathon.ts';
import { pollUntil, type Seen } from './poll-until.ts';
import { systemClock, type Clock } from '../platform/clock.ts';

export type ReadinessStepName = 'zookeeper' | 'leading master' | 'masters' | 'agents' | 'marathon' | 'load balancer';

/** What a reporter is told, step by step. Times are in milliseconds. */
export type ReadinessProgress = { readonly step: ReadinessStepName; readonly elapsedMs: number } & (
  | { readonly kind: 'started'; readonly deadlineMs: number }
  /** Not yet, and why. */
  | { readonly kind: 'waiting'; readonly seen: string }
  | { readonly kind: 'done'; readonly seen: string }
  | { readonly kind: 'failed'; readonly seen: string }
);

export interface ReadinessOptions {
  readonly signal: AbortSignal;
  /** For everything together. Default: three minutes (real images start Java twice). */
  readonly timeoutMs?: number;
  /** For single steps; none goes on after `timeoutMs`. */
  readonly stepTimeoutsMs?: Readonly<Partial<Record<ReadinessStepName, number>>>;
  /** Between two looks. Default 100. */
  readonly intervalMs?: number;
  /** Default: that of this machine. */
  readonly clock?: Clock;
  readonly onProgress?: (progress: ReadinessProgress) => void;
}

/** A step of the ladder did not come true before its deadline. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
  readonly kind = 'not ready';
  readonly exitCode = 5;
  readonly step: ReadinessStepName;
  /** What the last look saw, in words. */
  readonly lastSeen: string;
  readonly elapsedMs: number;

  constructor(step: ReadinessStepName, lastSeen: string, elapsedMs: number) {
    super(`${step} not ready after ${(elapsedMs / 1000).toFixed(1)} s; last seen: ${lastSeen}`);
    this.step = step;
    this.lastSeen = lastSeen;
    this.elapsedMs = elapsedMs;
  }
}

interface Step {
  readonly name: ReadinessStepName;
  readonly look: (signal: AbortSignal) => Promise<Seen>;
}

/** The ladder: each step needs the ones before it. What the cluster does not have is left out. */
function stepsFor(cluster: Cluster): readonly Step[] {
  const { target } = cluster;
  let leader = target.masters[0] ?? '';
  const steps: readonly (Step & { readonly isWanted: boolean })[] = [
    {
      name: 'zookeeper',
      isWanted: target.zookeepers.length > 0,
      look: (signal) => lookAtZookeepers(cluster, signal),
    },
    {
      name: 'leading master',
      isWanted: target.masters.length > 0,
      look: async (signal) => {
        const seen = await lookAtLeadingMaster(cluster, signal);
        leader = seen.leader ?? leader;
        return seen;
      },
    },
    { name: 'masters', isWanted: target.masters.length > 0, look: (signal) => lookAtMasterCount(cluster, signal) },
    {
      name: 'agents',
      isWanted: target.expected === undefined || target.expected.agents.length > 0,
      look: (signal) => lookAtAgents(cluster, leader, signal),
    },
    {
      name: 'marathon',
      isWanted: target.marathons.length > 0,
      look: (signal) => lookAtMarathon(cluster, leader, signal),
    },
    {
      name: 'load balancer',
      isWanted: target.loadBalancer !== undefined,
      look: (signal) => lookAtLoadBalancer(cluster, signal),
    },
  ];
  return steps.filter(({ isWanted }) => isWanted);
}

/**
 * Waits until the whole cluster is really ready, step by step.
 * @throws NotReadyError when a step's deadline passes; the signal's reason when it aborts
 */
export async function waitUntilReady(target: ClusterTarget, options: ReadinessOptions): Promise<void> {
  const { signal, timeoutMs = 180_000, intervalMs = 100, onProgress, clock = systemClock } = options;
  const start = clock.now();
  for (const { name: step, look } of stepsFor(clusterAt(target))) {
    const remainingMs = Math.max(0, timeoutMs - (clock.now() - start));
    const deadlineMs = Math.min(remainingMs, options.stepTimeoutsMs?.[step] ?? remainingMs);
    onProgress?.({ kind: 'started', step, elapsedMs: 0, deadlineMs });
    const began = clock.now();
    const result = await pollUntil(look, {
      timeoutMs: deadlineMs,
      intervalMs,
      signal,
      clock,
      onSeen: (seen) => onProgress?.({ kind: 'waiting', step, seen, elapsedMs: clock.now() - began }),
    });
    const { elapsedMs } = result;
    if (!result.ok) {
      onProgress?.({ kind: 'failed', step, seen: result.seen, elapsedMs });
      throw new NotReadyError(step, result.seen, elapsedMs);
    }
    onProgress?.({ kind: 'done', step, seen: result.value.seen, elapsedMs });
  }
}
