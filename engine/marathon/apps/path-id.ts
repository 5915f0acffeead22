/*
 * Ids of apps and groups (PathId.scala of Marathon): absolute paths, `/group/name`; a user may write them relative.
 */

/** Each segment of an id; as Marathon names it in its error. */
const segmentPattern =
  '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$';
const segment = /^(?:(?:(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])|\.{1,2})$/;
const reserved = ['restart', 'tasks', 'versions', '.', '..'];
/** Longer ids are refused: Mesos makes them part of file names (NAME_MAX with a uuid and `instance-`). */
const maxIdLength = 200;

const segmentsOf = (id: string) => id.split('/').filter((part) => part !== '');

/** The absolute form: `.` and `..` resolved against a base group. */
export function canonicalId(id: string, base = '/'): string {
  const result: string[] = [];
  for (const part of [...(id.startsWith('/') ? [] : segmentsOf(base)), ...segmentsOf(id)]) {
    if (part === '..') result.pop();
    else if (part !== '.') result.push(part);
  }
  return `/${result.join('/')}`;
}

/** What is wrong with an id, as a user wrote it; in Marathon's words. */
export function idErrors(id: string): readonly string[] {
  const parts = segmentsOf(id);
  const last = parts.at(-1);
  const errors: string[] = [];
  if (parts.length === 0) errors.push('Path must contain at least one path element');
  if (id.length > maxIdLength) errors.push(`is longer than ${maxIdLength}`);
  else if (!parts.every((part) => segment.test(part))) {
    errors.push(`must fully match regular expression '${segmentPattern}'`);
  }
  if (last !== undefined && reserved.includes(last)) {
    errors.push(`must not end with any of the following reserved keywords: ${reserved.join(', ')}`);
  }
  return errors;
}

/** `/` for apps at the top. */
export function parentOf(id: string): string {
  const end = id.lastIndexOf('/');
  return end <= 0 ? '/' : id.slice(0, end);
}

interface Named {
  readonly id: string;
}

/** Where something has changed: the groups of the apps of a change, or of its groups where it has no apps. */
export const changedGroups = (apps: readonly Named[], groups: readonly Named[]): ReadonlySet<string> =>
  new Set((apps.length > 0 ? apps : groups).map(({ id }) => parentOf(id)));

export const isInGroup = (id: string, group: string) => group === '/' || id === group || id.startsWith(`${group}/`);

/** As part of a task id: `group_name`. */
export const safePath = (id: string) => segmentsOf(id).join('_');

/** As name of a task: `name.group`. */
export const hostnameOf = (id: string) => segmentsOf(id).reverse().join('.');
