import { failedFetch, failedPull, likelyCauseOfTask } from './likely-cause.ts';
import { textAt, valueAt } from '../protocol/json.ts';

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

/** Each instance may fail so often with the same words and still come up: what it needs may come up later. */
const failuresAllowed = 2;
/** A registry that is there, and slow or busy, fails less often than this one after another. */
const mostPulls = 6;
/** What Mesos or Docker cannot do at all does not change, however many instances try it. */
const mostOfKnownCause = 2;

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
    isAppsFault: failedStates.has(state) && (version === undefined || isOfThisDefinition(version, app)),
  };
}

/** Scaling makes a version, too, and leaves tasks as they are (VersionInfo of Marathon). */
function isOfThisDefinition(version: string, app: unknown): boolean {
  const changedAt = Date.parse(textAt(app, 'versionInfo', 'lastConfigChangeAt') ?? '');
  return version === textAt(app, 'version') || Date.parse(version) >= changedAt;
}

/** Ids of containers and tasks, ports and process ids differ each time. */
const inGeneral = (message: string) => message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27,}|\b[0-9a-f]{12,}\b|\d{4,}/g, '…');

/** Tasks of one app that failed, by what was said of them. */
export class FailuresAlike {
  readonly #tasks = new Map<string, Set<string>>();

  /**
   * Notes what failed last, once for each task.
   * @param instances how many of them the app should have
   * @returns whether one of its instances, at least, has failed for the third time with the same words
   */
  areHopeless(failed: FailedTask | undefined, instances: number): failed is FailedTask {
    if (failed?.isAppsFault !== true) return false;
    const words = inGeneral(`${failed.state} ${failed.message}`);
    const tasks = this.#tasks.get(words) ?? new Set<string>();
    this.#tasks.set(words, tasks.add(failed.taskId));
    return tasks.size >= mostFailures(failed.message, instances);
  }
}

function mostFailures(message: string, instances: number): number {
  const most = failuresAllowed * Math.max(instances, 1) + 1;
  if (failedPull.test(message)) return Math.max(most, mostPulls);
  const mayPass = failedFetch.test(message) || likelyCauseOfTask(message) === undefined;
  return mayPass ? most : mostOfKnownCause;
}
