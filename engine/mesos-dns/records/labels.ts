/** Makes a label of a name (records/labels/labels.go). */
export type LabelRule = (name: string) => string;

/** Letters become small, `.` and `_` a hyphen; what else is no letter, digit or hyphen goes. */
const mapped = (name: string): string =>
  name
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll(/[._]/g, '-')
    .replaceAll(/[^a-z0-9-]/g, '');

/**
 * Cuts at a length, without hyphens at the end; what they leave free is filled with what comes after the hyphens that
 * follow.
 */
function cut(label: string, longest: number): string {
  const size = Math.min(label.length, longest);
  const head = label.slice(0, size).replace(/-+$/, '');
  if (head.length === size) return head;
  const rest = label.slice(size).replace(/^-+/, '');
  return head + rest.slice(0, size - head.length);
}

/** RFC 952: begins with a letter, at most 24. */
export const rfc952: LabelRule = (name) => cut(mapped(name).replace(/^[-0-9]+/, ''), 24);

/** RFC 1123: at most 63. */
export const rfc1123: LabelRule = (name) => cut(mapped(name).replace(/^-+/, ''), 63);

/** A name whose dots stay: each part becomes a label, or nothing. */
export const domainFragment = (name: string, rule: LabelRule): string =>
  name
    .split('.')
    .map((part) => rule(part))
    .filter((label) => label !== '')
    .join('.');
