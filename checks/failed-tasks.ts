import { textAt, valueAt } from './json-value.ts';

/** The last task of an app that failed, as Marathon tells of it (`lastTaskFailure`). */
export interface FailedTask {
  readonly taskId: string;
  readonly agentId: string;
  /** `TASK_FAILED` and the like. */
  readonly state: string;
  readonly message: string;
  /** The app as it is now failed, not its agent, and not an older version of it. */
  readonly isAppsFault: boolean;
}

/** What a program did, or kept Mesos from starting one; what becomes of an agent or a kill is no fault of the app. */
const failedStates: ReadonlySet<string> = new Set(['TASK_FAILED', 'TASK_ERROR']);

/** As many alike mean that the next one fails, too: Marathon has waited longer each time. */
const mostAlike = 3;
/** A registry that is there, and slow or busy, fails less often than this one after another. */
const mostPulls = 6;

/** Of an app as `GET /v2/apps/ID` shows it; undefined when none has failed yet. */
export function failedTaskOf(app: unknown): FailedTask | undefined {
  const failure = valueAt(app, 'lastTaskFailure');
  if (failure === undefined) return undefined;
  const [state, version] = [textAt(failure, 'state') ?? 'failed', textAt(failure, 'version')];
  return {
    taskId: textAt(failure, 'taskId') ?? '',
    agentId: textAt(failure, 'slaveId') ?? '',
    state,
    message: textAt(failure, 'message') ?? '',
    isAppsFault: failedStates.has(state) && (version === undefined || version === textAt(app, 'version')),
  };
}

/** As Mesos says it: Failed to run 'docker -H unix:///var/run/docker.sock pull nginx:1.27': exited with status 1 */
export const isFailedPull = ({ message }: FailedTask) => / pull \S+': exited with status/.test(message);

/** Ids of containers, tasks and processes differ each time. */
const inGeneral = (message: string) => message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27,}|\b[0-9a-f]{12,}\b/g, '…');

/** Tasks of one app that failed one after another, with the same words. */
export class FailuresAlike {
  readonly #tasks = new Set<string>();
  #words: string | undefined;

  /** Notes what failed last, once for each task. @returns whether one more will fail like them */
  areHopeless(failed: FailedTask | undefined): failed is FailedTask {
    if (failed?.isAppsFault !== true) return false;
    const words = inGeneral(`${failed.state} ${failed.message}`);
    if (words !== this.#words) this.#tasks.clear();
    this.#words = words;
    this.#tasks.add(failed.taskId);
    return this.#tasks.size >= (isFailedPull(failed) ? mostPulls : mostAlike);
  }
}
