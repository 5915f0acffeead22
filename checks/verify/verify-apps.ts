import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { absoluteId } from '../../protocol/marathon/app-id.ts';
import { readApp, verifyLabel, type AppDefinition, type AppSeen } from '../app-definition.ts';
import { CheckFailure, expectSeen, foundBefore, type VerifiedApp, type VerifyRun } from './check.ts';
import { describeAnswer, type ClusterAnswer } from '../cluster-client.ts';
import { failureStory } from '../failure-story.ts';
import { FailuresAlike, type FailedTask } from '../failed-tasks.ts';
import { WaitingReasons } from '../why-waiting.ts';
import { listAt, textAt } from '../../protocol/json.ts';
import type { Seen } from '../poll-until.ts';

const urlOf = (run: VerifyRun, path: string) => `${foundBefore(run.found.marathon, 'a Marathon')}${path}`;

/** An app; undefined when there is none. @throws CheckFailure when Marathon answers neither */
export async function askForApp(run: VerifyRun, id: string, signal: AbortSignal): Promise<AppSeen | undefined> {
  const answer = await run.cluster.client.ask(urlOf(run, `/v2/apps${id}`), signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new CheckFailure(`GET /v2/apps${id} answers ${describeAnswer(answer)}`);
  return readApp(answer.json);
}

interface Deployed extends Seen {
  readonly app?: VerifiedApp;
  /** Waiting does not help. */
  readonly refused?: true;
}

/**
 * Sees to it that an app is deployed. One of an earlier run of verify is taken over; one of somebody else stays as it
 * is. @throws CheckFailure when Marathon refuses it
 */
export async function deploy(
  run: VerifyRun,
  definition: AppDefinition,
  signal: AbortSignal,
): Promise<{ readonly app: VerifiedApp; readonly evidence: string }> {
  const id = absoluteId(definition.id);
  const marked = {
    ...definition,
    id,
    labels: { ...definition.labels, [verifyLabel]: run.runId },
    ...offSimulated(run, definition),
  };
  const look = async (either: AbortSignal): Promise<Deployed> => {
    const there = await askForApp(run, id, either);
    if (there !== undefined && there.runId === undefined) {
      const seen = `an app ${id} that verify did not deploy was there already: it is looked at, not changed and not removed`;
      return { ok: true, seen, app: { id, definition, isOurs: false } };
    }
    if (there?.runId === run.runId)
      return { ok: true, seen: `${id} is deployed`, app: { id, definition: marked, isOurs: true } };
    run.touched.set(id, new Set([run.runId, ...(there?.runId === undefined ? [] : [there.runId])]));
    const answer = await post(run, marked, there !== undefined, either);
    if (answer.status >= 200 && answer.status < 300) {
      const deployment = textAt(answer.json, 'deployments', '0', 'id') ?? textAt(answer.json, 'deploymentId');
      const note = there === undefined ? '' : ' in place of the one that an earlier verify left';
      const seen = `Marathon accepted ${id}${note}${deployment === undefined ? '' : ` (deployment ${deployment})`}`;
      return { ok: true, seen, app: { id, definition: marked, isOurs: true } };
    }
    const seen = `Marathon answers ${describeAnswer(answer)} to ${id}`;
    const isFinal = answer.status >= 400 && answer.status < 500 && answer.status !== 409;
    return isFinal ? { ok: true, seen, refused: true } : { ok: false, seen };
  };
  const { app, seen, refused } = await expectSeen(run, look, run.times.lookMs, signal);
  if (refused === true || app === undefined) throw new CheckFailure(seen);
  return { app, evidence: seen };
}

/** What shall answer cannot be on an agent where nothing runs. */
function offSimulated({ cluster }: VerifyRun, { constraints = [] }: AppDefinition): Pick<AppDefinition, 'constraints'> {
  if ((cluster.target.expected?.simulatedAgents ?? 0) === 0) return {};
  return { constraints: [...constraints, [simulatedAttribute.name, 'UNLIKE', simulatedAttribute.value]] };
}

function post(run: VerifyRun, app: AppDefinition, replace: boolean, signal: AbortSignal): Promise<ClusterAnswer> {
  const { ask } = run.cluster.client;
  if (!replace) return ask(urlOf(run, '/v2/apps'), signal, { method: 'POST', body: app });
  return ask(urlOf(run, `/v2/apps${app.id}?force=true`), signal, { method: 'PUT', body: app });
}

export interface AppState extends Seen {
  readonly seenApp?: AppSeen;
  readonly hopeless?: true;
}

/** Whether the wanted number of instances runs, and is healthy if the app has health checks. */
export async function lookAtApp(run: VerifyRun, app: VerifiedApp, signal: AbortSignal): Promise<AppState> {
  const { id } = app;
  const seenApp = await askForApp(run, id, signal);
  if (seenApp === undefined) return { ok: false, seen: `Marathon has no app ${id}` };
  const wanted = app.isOurs ? (app.definition.instances ?? 1) : seenApp.instances;
  if (wanted === 0) return { ok: true, hopeless: true, seen: `${id} is suspended: it has no instances` };
  const running = seenApp.tasks.filter(({ state }) => state === 'TASK_RUNNING');
  const alive = running.filter((task) => !seenApp.hasHealthChecks || task.alive === true);
  const places = running.map(({ host, ports }) => [host, ...ports].join(':')).join(', ');
  const words = [
    `${running.length} of ${wanted} instances of ${id} run${places === '' ? '' : ` (${places})`}`,
    ...(seenApp.hasHealthChecks ? [`${alive.length} healthy`] : []),
  ];
  const { failed } = seenApp;
  const failures = run.failures.get(id) ?? new FailuresAlike();
  run.failures.set(id, failures);
  const isHopeless = failures.areHopeless(failed, wanted);
  const ranMs = runningMs(run, id, running);
  const isSteady = failed?.isAppsFault !== true || ranMs >= run.times.settleMs;
  if (alive.length >= wanted && isSteady) return { ok: true, seen: words.join(', '), seenApp };
  if (failed !== undefined) words.push(`last failure ${failed.state}: ${failed.message}`);
  if (alive.length >= wanted) return { ok: false, seen: words.join(', '), seenApp };
  if (isHopeless) return { ok: true, hopeless: true, seen: await whyHopeless(run, words, failed, signal) };
  if (seenApp.tasks.length < wanted) words.push(...(await whyNoOffer(run, id, signal)));
  return { ok: false, seen: words.join(', '), seenApp };
}

/** For how long these same tasks have been seen to run. */
function runningMs(run: VerifyRun, id: string, running: AppSeen['tasks']): number {
  const tasks = running.map((task) => task.id).join();
  const before = run.running.get(id);
  const since = before?.tasks === tasks ? before.since : run.clock.now();
  run.running.set(id, { tasks, since });
  return run.clock.now() - since;
}

/** Why one task after another fails: what the last one says of it, and what may be done. */
async function whyHopeless(
  run: VerifyRun,
  words: readonly string[],
  failed: FailedTask,
  signal: AbortSignal,
): Promise<string> {
  const { stderr, cause } = await failureStory(run.cluster, failed, signal);
  const likely = cause === undefined ? '' : ` (most likely ${cause.cause})`;
  return [
    `${words.join(', ')}: one task after another fails with these words${likely}`,
    ...stderr.map((line) => `stderr: ${line}`),
    ...(cause === undefined ? [] : [`fix: ${cause.fix}`]),
  ].join('\n');
}

/** Why Marathon declined the last offers for an app. */
async function whyNoOffer(run: VerifyRun, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const reasons = run.waiting.get(id) ?? new WaitingReasons(id, { agents: run.cluster.target, note: run.note });
  run.waiting.set(id, reasons);
  const reason = await reasons.look(
    run.clock.now(),
    async () => (await run.cluster.client.ask(urlOf(run, '/v2/queue'), signal)).json,
  );
  return reason === undefined ? [] : [reason];
}

/** The removal of one app or pod. */
export interface Removal {
  readonly id: string;
  /** Run ids that mark the app as ours. */
  readonly marks: ReadonlySet<string>;
  /** Whether Marathon has taken the order; a second one would start another deployment. */
  isAsked: boolean;
}

/** Whether an app has gone, with its tasks; asks for that first. */
export async function removeApp(run: VerifyRun, removal: Removal, signal: AbortSignal): Promise<Seen> {
  const { id, marks } = removal;
  const { ask } = run.cluster.client;
  const app = await askForApp(run, id, signal);
  if (app !== undefined && !removal.isAsked) {
    if (app.runId === undefined || !marks.has(app.runId)) return { ok: true, seen: `${id} is somebody else's by now` };
    const answer = await ask(urlOf(run, `/v2/apps${id}?force=true`), signal, { method: 'DELETE' });
    if (answer.status !== 200 && answer.status !== 404) {
      return { ok: false, seen: `DELETE /v2/apps${id} answers ${describeAnswer(answer)}` };
    }
    removal.isAsked = true;
  }
  // The app is gone at once, its tasks with the deployment that stops them.
  const { json } = await ask(urlOf(run, '/v2/deployments'), signal);
  const deployments = Array.isArray(json) ? json : [];
  const runs = deployments.some((deployment) => listAt(deployment, 'affectedApps').includes(id));
  if (app === undefined && !runs) return { ok: true, seen: `${id} is removed` };
  return { ok: false, seen: `${id} is still being removed` };
}
