import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { waitUntilReady, type ReadinessProgress, type ReadinessStepName } from '../../checks/wait-until-ready.ts';
import { UserError } from '../../errors/user-error.ts';
import type { RunningStep, StepReporter } from '../printing/step-reporter.ts';

const titles: Readonly<Record<ReadinessStepName, string>> = {
  zookeeper: 'ZooKeeper has a quorum',
  'leading master': 'A master leads and has recovered',
  masters: 'All masters answer',
  agents: 'All agents are registered',
  marathon: 'Marathon leads and its framework is active',
  'load balancer': 'The load balancer serves',
};

interface ReadyWorld {
  readonly reporter: StepReporter;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** The last log lines of what did not become ready, for the error. */
  readonly lastLines: (step: ReadinessStepName) => Promise<readonly string[]>;
  /** Resolves to what is wrong when a part of the cluster ends for good: then nothing is waited for any more. */
  readonly broken?: Promise<UserError>;
}

/**
 * Waits until the cluster is ready, with a line for each step.
 * @throws UserError NOT_READY with what was seen last
 */
export async function awaitReady(target: ClusterTarget, world: ReadyWorld): Promise<void> {
  const { reporter, timeoutMs, intervalMs, broken } = world;
  const lines = stepLines(reporter);
  const enough = new AbortController();
  const signal = AbortSignal.any([world.signal, enough.signal]);
  void broken?.then((error) => {
    enough.abort(error);
  });
  try {
    await waitUntilReady(target, { signal, timeoutMs, intervalMs, onProgress: lines.onProgress });
  } catch (error) {
    if (!isNotReady(error)) throw error;
    const log = await world.lastLines(error.step);
    throw new UserError({
      code: 'NOT_READY',
      message: `not ready after ${(error.elapsedMs / 1000).toFixed(1)} s: ${titles[error.step]}`,
      found: [error.lastSeen, ...log].join('\n           '),
      fix: '--timeout SECONDS waits longer; --retain leaves what was started, to look at it',
    });
  } finally {
    lines.finished();
  }
}

/** By its name: it may have been thrown in a chunk of the bundle that was loaded later. */
function isNotReady(error: unknown): error is Error & {
  readonly step: ReadinessStepName;
  readonly lastSeen: string;
  readonly elapsedMs: number;
} {
  return error instanceof Error && error.name === 'NotReadyError';
}

/** Turns what is told of the steps, one after another, into lines. */
function stepLines(reporter: StepReporter) {
  let running: RunningStep | undefined;
  const end = (...how: Parameters<RunningStep['end']>) => {
    running?.end(...how);
    running = undefined;
  };
  return {
    onProgress: (progress: ReadinessProgress) => {
      switch (progress.kind) {
        case 'started':
          running = reporter.begin({ title: titles[progress.step], deadlineMs: progress.deadlineMs });
          break;
        case 'waiting':
          running?.see(progress.seen);
          break;
        case 'done':
          end('done');
          break;
        case 'failed':
          end('failed', progress.seen);
          break;
      }
    },
    /** Also when it was broken off in the middle of a step. */
    finished: () => {
      end('failed');
    },
  };
}
