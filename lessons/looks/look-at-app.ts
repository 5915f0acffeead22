import { readApp, type AppSeen } from '../../checks/app-definition.ts';
import { describeAnswer } from '../../checks/cluster-client.ts';
import type { Seen } from '../../checks/poll-until.ts';
import { appPath, podPath } from '../../protocol/marathon/app-id.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import { askMarathon } from '../asking/ask-cluster.ts';
import type { LessonWorld } from '../lesson-world.ts';
import { whatIsMissing } from './contains.ts';

type Wanted = Extract<Look, { readonly kind: 'app' }>['value'];

/** What is seen of an app or a pod. */
interface Found {
  readonly instances: number;
  readonly running: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly deployments: number;
  readonly json: unknown;
  /** Why its last task failed. */
  readonly failure?: string;
}

/** Whether an app, or a pod, is as a lesson wants it. */
export async function lookAtApp(world: LessonWorld, wanted: Wanted, signal: AbortSignal): Promise<Seen> {
  const { id, absent } = wanted;
  const found = (await findApp(world, id, signal)) ?? (await findPod(world, id, signal));
  if (absent === true)
    return { ok: found === undefined, seen: `Marathon has ${found === undefined ? 'no' : 'an'} app ${id}` };
  if (found === undefined) return { ok: false, seen: `Marathon has no app ${id}` };
  const counts = (['instances', 'running', 'healthy', 'unhealthy'] as const).flatMap((name) => {
    const count = wanted[name];
    return count === undefined ? [] : [{ ok: found[name] === count, seen: countText(name, found[name], count) }];
  });
  const others = [
    ...(wanted.deploying === undefined ? [] : [lookAtDeployments(found, wanted.deploying)]),
    ...(wanted.versions === undefined ? [] : [await lookAtVersions(world, id, wanted.versions, signal)]),
    ...(wanted.has === undefined ? [] : [lookInside(wanted.has, found.json)]),
  ];
  const all = [...counts, ...others];
  const wrong = all.filter(({ ok }) => !ok);
  const failure = wrong.length > 0 && found.failure !== undefined ? [`its last task failed: ${found.failure}`] : [];
  const shown = wrong.length > 0 ? wrong : all;
  const words = shown.map(({ seen }) => seen);
  return {
    ok: wrong.length === 0,
    seen: [words.length === 0 ? `${id} is there` : `${id}: ${words.join(', ')}`, ...failure].join('; '),
  };
}

function countText(name: 'instances' | 'running' | 'healthy' | 'unhealthy', found: number, wanted: number): string {
  const words = { instances: 'asked for', running: 'running', healthy: 'healthy', unhealthy: 'unhealthy' };
  return `${found} ${words[name]}${found === wanted ? '' : `, wanted ${wanted === 1 ? 'is' : 'are'} ${wanted}`}`;
}

const lookAtDeployments = ({ deployments }: Found, wanted: boolean): Seen => ({
  ok: deployments > 0 === wanted,
  seen: deployments > 0 ? 'a deployment goes on' : 'no deployment goes on',
});

const lookInside = (has: unknown, json: unknown): Seen => {
  const lacking = whatIsMissing(has, json);
  return { ok: lacking === undefined, seen: lacking ?? 'it is configured as it should be' };
};

async function lookAtVersions(world: LessonWorld, id: string, wanted: number, signal: AbortSignal): Promise<Seen> {
  const { json } = await askMarathon(world, `${appPath(id)}/versions`, signal);
  const count = listAt(json, 'versions').length;
  return { ok: count >= wanted, seen: `Marathon knows ${count} of its configurations, wanted are ${wanted} at least` };
}

async function findApp(world: LessonWorld, id: string, signal: AbortSignal): Promise<Found | undefined> {
  const answer = await askMarathon(world, appPath(id), signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new Error(`${appPath(id)} answers ${describeAnswer(answer)}`);
  const app = readApp(answer.json);
  const running = app.tasks.filter(({ state }) => state === 'TASK_RUNNING');
  return {
    ...{ instances: app.instances, running: running.length },
    healthy: running.filter((task) => !app.hasHealthChecks || task.alive === true).length,
    unhealthy: running.filter((task) => app.hasHealthChecks && task.alive === false).length,
    deployments: listAt(answer.json, 'app', 'deployments').length,
    json: valueAt(answer.json, 'app'),
    ...failureOf(app),
  };
}

const failureOf = ({ failed }: AppSeen) =>
  failed?.isAppsFault === true ? { failure: `${failed.state} ${failed.message}` } : {};

/** Its instances count as healthy when Marathon calls them stable. */
async function findPod(world: LessonWorld, id: string, signal: AbortSignal): Promise<Found | undefined> {
  const answer = await askMarathon(world, `${podPath(id)}::status`, signal);
  if (answer.status !== 200) return undefined;
  const states = listAt(answer.json, 'instances').map((instance) => textAt(instance, 'status'));
  const count = (...wanted: readonly string[]) => states.filter((state) => wanted.includes(state ?? '')).length;
  const pod = valueAt(answer.json, 'spec');
  return {
    instances: numberAt(pod, 'scaling', 'instances') ?? 1,
    ...{ running: count('STABLE', 'DEGRADED'), healthy: count('STABLE'), unhealthy: count('DEGRADED') },
    deployments: textAt(answer.json, 'status') === 'STABLE' ? 0 : 1,
    json: pod,
  };
}
