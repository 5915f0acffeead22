/*
 * marathon-lb makes one service of apps that share a deployment group: blue and green of its zdd.py (its README,
 * "Zero-downtime Deployments"; labels in its Longhelp.md).
 */

type Labels = Readonly<Record<string, string>>;

export const groupLabels = {
  group: 'HAPROXY_DEPLOYMENT_GROUP',
  otherPort: 'HAPROXY_DEPLOYMENT_ALT_PORT',
  colour: 'HAPROXY_DEPLOYMENT_COLOUR',
  targetInstances: 'HAPROXY_DEPLOYMENT_TARGET_INSTANCES',
  newInstances: 'HAPROXY_DEPLOYMENT_NEW_INSTANCES',
  startedAt: 'HAPROXY_DEPLOYMENT_STARTED_AT',
} as const;

/** The group that an app is in, without a slash before it, as marathon-lb takes both for the same; undefined: in none. */
export function groupOf(labels: Labels): string | undefined {
  const name = labels[groupLabels.group] ?? '';
  return name === '' ? undefined : name.replace(/^\//, '');
}

/** When a version came, in milliseconds since 1970; one without a date is older than all others. */
export function startedAt(labels: Labels): number {
  const time = Date.parse(labels[groupLabels.startedAt] ?? '');
  return Number.isNaN(time) ? -Infinity : time;
}
