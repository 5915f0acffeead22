import type { Range, Resource } from '../../../../protocol/mesos.ts';

/** Whether an id may stand in a path (src/common/validation.cpp, validateID). */
export function refuseId(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (id.length > 255) return 'ID must not be greater than 255 characters';
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  if (/[\u0000-\u001f\u007f/\\]/.test(id)) return `'${id}' contains invalid characters`;
  return undefined;
}

/** A repeated field may be missing in JSON. */
const toRanges = (ranges: Resource['ranges']): readonly Range[] =>
  (ranges as { readonly range?: readonly Range[] } | undefined)?.range ?? [];

/** @param user whose they are, for the message */
export function refuseResources(resources: readonly Resource[], user: 'Task' | 'Executor'): string | undefined {
  const problem = refuseValues(resources);
  return problem === undefined ? undefined : `${user} uses invalid resources: Invalid resources: ${problem}`;
}

/** Why these are no amounts of resources (src/common/resources.cpp, Resources::validate). */
export function refuseValues(resources: readonly Resource[]): string | undefined {
  for (const { name, type, scalar, ranges, set } of resources) {
    const value = { SCALAR: scalar, RANGES: ranges, SET: set }[type];
    const problem =
      value === undefined
        ? `Invalid ${type.toLowerCase()} resource`
        : (scalar?.value ?? 0) < 0
          ? 'Invalid scalar resource: value < 0'
          : toRanges(ranges).some(({ begin, end }) => begin > end)
            ? 'Invalid ranges resource: begin > end'
            : undefined;
    if (problem !== undefined) return `${problem} (${name})`;
  }
  return undefined;
}
