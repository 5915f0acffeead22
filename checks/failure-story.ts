import { stripVTControlCharacters } from 'node:util';
import type { Cluster } from './cluster-target.ts';
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
const mostColumns = 300;
/** Of the stack that glog shows of a program that aborts: what was said before it is of more use. */
const stackFrame = /^(?:PC:|\s+)\s*@\s+0x/;

/** A task's words must neither move the cursor nor fill the screen. */
function printable(line: string): string {
  const text = line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trimEnd();
  return text.length > mostColumns ? `${text.slice(0, mostColumns)}…` : text;
}

/** Looks into the sandbox of a task that failed, and for words of a known kind there and in what Mesos says. */
export async function failureStory(cluster: Cluster, failed: FailedTask, signal: AbortSignal): Promise<FailureStory> {
  const said = await saidLast(cluster, failed, signal);
  const lines = stripVTControlCharacters(said).split('\n').map(printable);
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
