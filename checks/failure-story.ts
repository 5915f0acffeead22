import type { Cluster } from './cluster.ts';
import type { FailedTask } from './failed-tasks.ts';
import { likelyCauseOfTask, type Cause } from './likely-cause.ts';
import { endOfStderr } from './look-at-sandbox.ts';

/** What there is to say of a task that failed. */
export interface FailureStory {
  /** The last lines of its standard error, without empty ones; none where its agent does not show them. */
  readonly stderr: readonly string[];
  readonly cause?: Cause;
}

const mostLines = 8;
/** Of the stack that glog shows of a program that aborts: what was said before it is of more use. */
const stackFrame = /^(?:PC:|\s+)\s*@\s+0x/;

/** Looks into the sandbox of a task that failed, and for words of a known kind there and in what Mesos says. */
export async function failureStory(cluster: Cluster, failed: FailedTask, signal: AbortSignal): Promise<FailureStory> {
  const said = await saidLast(cluster, failed, signal);
  const lines = said.split('\n').map((line) => line.trimEnd());
  const stderr = lines.filter((line) => line !== '' && !stackFrame.test(line)).slice(-mostLines);
  const cause = likelyCauseOfTask(`${failed.message}\n${said}`);
  return cause === undefined ? { stderr } : { stderr, cause };
}

/** Asks the masters in turn: each knows the agents, or sends to the one that does. */
async function saidLast(cluster: Cluster, { taskId: id, agentId }: FailedTask, signal: AbortSignal): Promise<string> {
  for (const master of cluster.target.masters) {
    try {
      return await endOfStderr(cluster, master, { id, agentId }, signal);
    } catch {
      signal.throwIfAborted();
    }
  }
  return '';
}
