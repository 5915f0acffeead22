import type { Cluster } from './cluster.ts';
import type { FailedTask } from './failed-tasks.ts';
import { likelyCause, type Cause } from './likely-cause.ts';
import { lastErrorLines } from './look-at-sandbox.ts';

/** What there is to say of a task that failed. */
export interface FailureStory {
  /** The last lines of its standard error; none where its agent does not show them. */
  readonly stderr: readonly string[];
  readonly cause?: Cause;
}

const mostLines = 5;

/** Looks into the sandbox of a task that failed, and for words of a known kind there and in what Mesos says. */
export async function failureStory(cluster: Cluster, failed: FailedTask, signal: AbortSignal): Promise<FailureStory> {
  const stderr = await errorLines(cluster, failed, signal);
  const cause = likelyCause([failed.message, ...stderr].join('\n'));
  return cause === undefined ? { stderr } : { stderr, cause };
}

/** Asks the masters in turn: each knows the agents, or sends to the one that does. */
async function errorLines(
  cluster: Cluster,
  { taskId: id, agentId }: FailedTask,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const master of cluster.target.masters) {
    try {
      return await lastErrorLines(cluster, master, { id, agentId }, mostLines, signal);
    } catch {
      signal.throwIfAborted();
    }
  }
  return [];
}
