/** Where a load balancer serves a port of an app, or why it does not. */
export type ServedPort = { readonly port: number } | { readonly why: string };

const truths: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y']);

/** Whether a label says yes; whatever is no yes is a no. */
export const isTrue = (label: string): boolean => truths.has(label.toLowerCase());

/** What a label lists. */
export const words = (label: string | undefined, separator: string): readonly string[] =>
  (label ?? '').split(separator).flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));

/**
 * By marathon-lb's rules (marathon_lb.py: get_apps; Longhelp.md).
 * @param index of the port among those of the app
 * @param servicePort as the app has it; its label `HAPROXY_{index}_PORT` goes before it
 * @param groups that the load balancer serves, `*` all; undefined: not known
 */
export function servedPort(
  labels: Readonly<Record<string, string>>,
  index: number,
  servicePort: number,
  groups: readonly string[] | undefined,
): ServedPort {
  const label = (name: string) => labels[`HAPROXY_${index}_${name}`];
  const asked = label('GROUP') ?? labels['HAPROXY_GROUP'] ?? '';
  const names = words(asked, ',');
  if (names.length === 0) return { why: 'it has no label HAPROXY_GROUP' };
  if (groups !== undefined && !groups.includes('*') && !names.some((name) => groups.includes(name)))
    return { why: `HAPROXY_GROUP is ${asked}, and the load balancer serves ${groups.join(', ')}` };
  const enabled = label('ENABLED');
  if (enabled !== undefined && !isTrue(enabled)) {
    return { why: `HAPROXY_${index}_ENABLED is ${enabled}` };
  }
  const wanted = label('PORT') ?? String(servicePort);
  const port = Number(wanted);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return { port };
  return { why: label('PORT') === undefined ? 'it has no service port' : `HAPROXY_${index}_PORT is ${wanted}` };
}
