import { UserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import type { Cluster } from '../../checks/cluster-target.ts';
import { failedTaskOf, FailuresAlike, type FailedTask } from '../../checks/failed-tasks.ts';
import { failureStory } from '../../checks/failure-story.ts';
import { excerpt } from '../../checks/excerpt.ts';
import { WaitingReasons } from '../../checks/why-waiting.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { lookAtPod } from './look-at-pod.ts';
import type { MarathonClient } from './marathon-client.ts';
import { unknownApp } from './running-marathon.ts';

export interface WaitWorld {
  readonly marathon: MarathonClient;
  /** What is waited for. */
  readonly kind?: 'app' | 'pod';
  /** Where its tasks say why they fail. */
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Between two looks. */
  readonly everyMs?: number;
  readonly seen: (text: string) => void;
  /** For what a person may do something about while this waits. */
  readonly note: (text: string) => void;
  /** Told of an app with its tasks at each look. @returns why it need not be waited for any longer */
  readonly isUnwell?: (app: unknown) => string | undefined;
}

/** Between two looks at one app. */
export const pollMs = 100;
/** Marathon's deployment is over once its tasks have run for a moment: those that fail at once do so about now. */
const firstLookMs = 500;
/** How long instances that are missing after a deployment may take to come back. */
const settleMs = 2000;

/**
 * Waits until an app or a pod has no deployment any more, and its instances still run a moment later.
 * @returns a line that says what runs
 * @throws UserError NOT_READY with what was seen last, when the deadline comes first, instances end again, or one task
 *   after another fails with the same words
 */
export async function awaitDeployment(id: string, world: WaitWorld): Promise<string> {
  const { marathon, kind = 'app', cluster, clock, signal, deadlineMs, everyMs = pollMs, seen, note, isUnwell } = world;
  const until = clock.now() + deadlineMs;
  let endedAt: number | undefined;
  const failures = new FailuresAlike();
  const askQueue = async () => (await marathon.ask('GET', '/v2/queue')).json;
  const reasons = new WaitingReasons(id, { agents: cluster.target, note });
  for (;;) {
    const app = kind === 'pod' ? await lookAtPod(marathon, id) : await lookAtApp(marathon, id);
    // Somebody has removed it since.
    if (app === undefined) throw unknownApp(id);
    const state = describe(app);
    const failed = failedTaskOf(app);
    const instances = numberAt(app, 'instances') ?? 0;
    const isComplete = (numberAt(app, 'tasksRunning') ?? 0) >= instances;
    const waiting = isComplete ? undefined : await reasons.look(clock.now(), askQueue);
    seen(waiting === undefined ? state : `${state}; ${waiting}`);
    const why = (message: string, more = '') => notReady(message, more, { id, state, failed, waiting }, world);
    const unwell = isUnwell?.(app);
    if (unwell !== undefined) throw await why(unwell);
    if (failures.areHopeless(failed, instances))
      throw await why(`one task of ${id} after another fails with the same words`);
    if (listAt(app, 'deployments').length === 0) {
      endedAt ??= clock.now();
      const settlingMs = clock.now() - endedAt;
      if (isComplete && settlingMs >= quietMs(app)) return state;
      if (!isComplete && settlingMs >= settleMs) throw await why(`the instances of ${id} do not keep running`);
    } else if (clock.now() > until) {
      const goesOn = isUnwell === undefined ? '; it goes on' : '';
      const message = `the deployment of ${id} is not done after ${Math.round(deadlineMs / 1000)} s${goesOn}`;
      throw await why(message, '; --timeout SECONDS waits longer');
    }
    await clock.sleep(everyMs, signal);
  }
}

async function lookAtApp({ ask }: MarathonClient, id: string): Promise<unknown> {
  const { json } = await ask('GET', `${appPath(id)}?embed=app.counts&embed=app.lastTaskFailure`);
  return valueAt(json, 'app');
}

interface AppState {
  readonly id: string;
  readonly state: string;
  readonly failed: FailedTask | undefined;
  readonly waiting: string | undefined;
}

/** With what the last task that failed says, and the fix where its words are known. @param more ends the fix where not */
async function notReady(
  message: string,
  more: string,
  { id, state, failed, waiting }: AppState,
  { cluster, signal }: WaitWorld,
): Promise<UserError> {
  const { stderr, cause } = failed?.isAppsFault === true ? await failureStory(cluster, failed, signal) : { stderr: [] };
  const last = failed === undefined ? '' : `; last failure: ${failed.state} ${excerpt(failed.message, 500)}`;
  return new UserError({
    code: 'NOT_READY',
    message: cause === undefined ? message : `${message}: most likely ${cause.cause}`,
    found: [
      `${[state, ...(waiting === undefined ? [] : [waiting])].join('; ')}${last}`,
      ...stderr.map((line) => `stderr: ${line}`),
    ].join('\n           '),
    fix: cause?.fix ?? `create-mesos-cluster logs ${id} shows what its tasks say${more}`,
  });
}

/** For how long instances must be looked at after a deployment before they are believed to run. */
function quietMs(app: unknown): number {
  if ((numberAt(app, 'instances') ?? 0) === 0) return 0;
  const failedAt = Date.parse(textAt(app, 'lastTaskFailure', 'timestamp') ?? '');
  if (failedAt >= Date.parse(textAt(app, 'version') ?? '')) return settleMs;
  return listAt(app, 'healthChecks').length > 0 ? 0 : firstLookMs;
}

function describe(app: unknown): string {
  const count = (name: string) => numberAt(app, name) ?? 0;
  const healthy = listAt(app, 'healthChecks').length > 0 ? `, ${count('tasksHealthy')} healthy` : '';
  return `${count('tasksRunning')} of ${count('instances')} running${healthy}`;
}
