import { groupLabels, groupOf, startedAt } from '../../protocol/marathon/deployment-group.ts';
import type { MarathonApp } from './marathon-app.ts';

/**
 * Makes one app of those that share a deployment group: blue and green of marathon-lb's zdd.py. It has the group's name,
 * the labels and service ports of the older one, and the tasks of both; as many tasks of the older one as the newer one
 * has beyond need get no new connection, in the order of their ids (get_apps in marathon_lb.py).
 */
export function mergeDeploymentGroups(apps: readonly MarathonApp[]): readonly MarathonApp[] {
  const alone: MarathonApp[] = [];
  const groups = new Map<string, MarathonApp>();
  for (const app of apps) {
    const group = groupOf(app.labels);
    if (group === undefined) {
      alone.push(app);
      continue;
    }
    const id = `/${group}`;
    const before = groups.get(id);
    groups.set(id, { ...(before === undefined ? app : merged(before, app)), id });
  }
  return [...alone, ...groups.values()];
}

function merged(first: MarathonApp, second: MarathonApp): MarathonApp {
  const [old, young] = inOrder(first, second);
  // Only zdd.py says how many are needed.
  const target = isOfZdd(young) ? (whole(young.labels[groupLabels.targetInstances]) ?? 1) : 1;
  const ready =
    second.healthChecks.length === 0 ? young.instances : young.tasks.filter(({ alive }) => alive === true).length;
  const drained = Math.min(ready, Math.max(0, ready + old.instances - target));
  const tasks = [...old.tasks].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...old,
    tasks: [...tasks.map((task, index) => (index < drained ? { ...task, isDraining: true } : task)), ...young.tasks],
  };
}

/** The older one first. Of a hybrid of both, kept by `zdd.py --new-instances`, the one scaled last is the newer one. */
function inOrder(first: MarathonApp, second: MarathonApp): readonly [old: MarathonApp, young: MarathonApp] {
  const [old, young] = startedAt(first.labels) < startedAt(second.labels) ? [first, second] : [second, first];
  if (!isOfZdd(young)) return [old, young];
  return time(old.lastScalingAt) > time(young.lastScalingAt) ? [young, old] : [old, young];
}

const isOfZdd = ({ labels }: MarathonApp) => labels[groupLabels.newInstances] !== undefined;

/** Without a date: before all others. */
function time(date: string | undefined): number {
  const parsed = Date.parse(date ?? '');
  return Number.isNaN(parsed) ? -Infinity : parsed;
}

function whole(label: string | undefined): number | undefined {
  return label !== undefined && /^\s*[-+]?\d+\s*$/.test(label) ? Number(label) : undefined;
}
