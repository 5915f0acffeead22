import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';

/** Whether a part of the spec decides which nodes and roles there are. */
function isStructure([key, , part, ...rest]: SpecPath): boolean {
  if (key === 'nodes') return part === undefined || part === 'roles' || (part === 'address' && rest.length === 0);
  return key === 'preset' || key === 'placement' || key === 'counts' || key === 'addons';
}

const aboutStructure: ReadonlySet<string> = new Set(['SPEC_ROLES', 'SPEC_QUORUM', 'SPEC_COMBINATION', 'SPEC_ADDRESS']);

/**
 * Tells whether a problem may be there only because a part of the spec could not be read: it is about that part, or
 * about which nodes there are when that is not known. What a value is by itself, such as an even count, is no follow-up.
 *
 * @param unread paths of what could not be read
 * @param spec the rest
 */
export function followUps(unread: readonly SpecPath[], spec: ClusterSpec): (problem: SpecProblem) => boolean {
  const lost = new Set(unread.map((path) => keyOf(isItem(path) ? path.slice(0, -1) : path)));
  const structureLost = unread.some(isStructure);
  return ({ code, path }) => {
    if (lost.has(keyOf([])) || path.some((_, index) => lost.has(keyOf(path.slice(0, index + 1))))) return true;
    if (!structureLost || !aboutStructure.has(code)) return false;
    if (code === 'SPEC_QUORUM') return path[0] !== 'counts';
    return code !== 'SPEC_ADDRESS' || !exists(spec, path);
  };
}

const keyOf = (path: SpecPath) => JSON.stringify(path);

/** What cannot be read is removed from its list, so that the places in it are not known; only nodes stay in theirs. */
const isItem = (path: SpecPath) => typeof path.at(-1) === 'number' && !(path[0] === 'nodes' && path.length === 2);

const exists = (spec: ClusterSpec, path: SpecPath) =>
  path.reduce<unknown>((tree, key) => (tree as Record<string | number, unknown> | undefined)?.[key], spec) !==
  undefined;

/** Codes of problems that leave it open which ports there are. */
const meaninglessPorts: ReadonlySet<string> = new Set([
  'SPEC_PORT',
  'SPEC_ROLES',
  'SPEC_COMBINATION',
  'SPEC_DUPLICATE',
  'SPEC_RESOURCES',
]);

/** Whether a plan of the spec says something about its ports and names in spite of these problems. */
export function hasMeaningfulPlan(problems: readonly SpecProblem[], unread: readonly SpecPath[]): boolean {
  const isLost = (path: SpecPath) =>
    isStructure(path) || path[0] === 'ports' || path[0] === 'nodes' || path.at(-1) === 'resources';
  const leavesPorts = ({ code, path: [key] }: SpecProblem) =>
    !meaninglessPorts.has(code) &&
    (code === 'SPEC_ADDRESS' || code === 'SPEC_QUORUM' || (key !== 'nodes' && key !== 'counts'));
  return !unread.some(isLost) && problems.every(leavesPorts);
}
