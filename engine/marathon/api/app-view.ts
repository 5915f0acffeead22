import type { App } from '../../../protocol/marathon.ts';
import { objectOf } from '../../http/json-parts.ts';
import type { Leader } from '../leadership/leader.ts';
import { definitionOf } from '../leadership/shared-parts.ts';
import { healthOf } from '../scheduling/instances.ts';
import { tasksView } from './task-view.ts';

/** Parts of an answer that a client may ask for with `embed`. */
export type Embed = 'tasks' | 'counts' | 'deployments' | 'lastTaskFailure' | 'readiness' | 'taskStats';

/** What Marathon embeds when nobody asks (AppInfoEmbedResolver.scala). */
const listDefault: readonly Embed[] = ['counts', 'deployments'];
const appDefault: readonly Embed[] = ['counts', 'deployments', 'tasks', 'lastTaskFailure', 'readiness'];

/**
 * What is to be embedded.
 * @param prefix `apps` for lists, `app` for one app, `group.apps` for groups
 */
export function embedsOf(query: URLSearchParams, prefix: 'apps' | 'app' | 'group.apps'): ReadonlySet<Embed> {
  const names = query.getAll('embed').flatMap((each) => each.split(','));
  const asked = new Set<Embed>(prefix === 'app' ? appDefault : listDefault);
  for (const name of names) {
    // Marathon accepts both forms everywhere.
    const part = name.replace(/^(?:group\.)?apps?\./, '');
    if (part === 'failures') for (const each of appDefault) asked.add(each);
    if (part === 'count') asked.add('counts');
    if (part === 'tasks' || part === 'counts' || part === 'deployments' || part === 'lastTaskFailure') asked.add(part);
    if (part === 'readiness' || part === 'taskStats') asked.add(part);
  }
  return asked;
}

/** An app with what is embedded, for jsonPartsAnswer. */
export const appView = (leader: Leader, app: App, embed: ReadonlySet<Embed>): unknown =>
  objectOf(appFields(leader, app, embed));

/** The fields of an app with what is embedded: tasks as a listOf (AppInfo of Marathon). */
export function appFields(leader: Leader, app: App, embed: ReadonlySet<Embed>): Readonly<Record<string, unknown>> {
  const { shared, deployments, health } = leader;
  const failure = shared.failures.get(app.id);
  return {
    ...app,
    ...(embed.has('counts') ? taskCounts(leader, app.id) : {}),
    ...(embed.has('deployments') ? { deployments: deployments.affecting(app.id).map(({ id }) => ({ id })) } : {}),
    ...(embed.has('readiness') ? { readinessCheckResults: health.readiness.results(app.id) } : {}),
    ...(embed.has('tasks') ? { tasks: tasksView(leader, shared.instances.ofApp(app.id)) } : {}),
    ...(embed.has('lastTaskFailure') && failure !== undefined ? { lastTaskFailure: failure } : {}),
    ...(embed.has('taskStats') ? { taskStats: taskStats(leader, app) } : {}),
  };
}

/** (TaskCounts.scala of Marathon) */
function taskCounts({ shared, health }: Leader, appId: string, versions?: (version: string) => boolean) {
  const counts = { tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 };
  if (versions === undefined && shared.apps.versions(appId).every(({ healthChecks }) => healthChecks === undefined)) {
    const { staged, up } = shared.instances.counted(appId);
    return { ...counts, tasksStaged: staged, tasksRunning: up };
  }
  for (const instance of shared.instances.ofApp(appId)) {
    if (versions?.(instance.version) === false) continue;
    if (instance.condition === 'Staging' || instance.condition === 'Starting') counts.tasksStaged += 1;
    if (instance.condition !== 'Running') continue;
    counts.tasksRunning += 1;
    const checks = definitionOf(shared, appId, instance.version)?.healthChecks ?? [];
    const isHealthy = healthOf(health.results(instance.taskId), health.countOf(checks));
    if (isHealthy === true) counts.tasksHealthy += 1;
    if (isHealthy === false) counts.tasksUnhealthy += 1;
  }
  return counts;
}

function taskStats(leader: Leader, app: App): object {
  const { lastConfigChangeAt, lastScalingAt } = app.versionInfo;
  const stats = (versions?: (version: string) => boolean) => {
    const counts = taskCounts(leader, app.id, versions);
    return {
      stats: {
        counts: {
          staged: counts.tasksStaged,
          running: counts.tasksRunning,
          healthy: counts.tasksHealthy,
          unhealthy: counts.tasksUnhealthy,
        },
      },
    };
  };
  return {
    startedAfterLastScaling: stats((version) => version >= lastScalingAt),
    withLatestConfig: stats((version) => version >= lastConfigChangeAt),
    withOutdatedConfig: stats((version) => version < lastConfigChangeAt),
    totalSummary: stats(),
  };
}
