import type { Place } from '../../errors/user-error.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Locate, SpecPath } from '../../planning/shape/spec-problem.ts';
import type { FlagUse } from './command-line.ts';
import { isValueProblem } from './flag-values.ts';

/** One value for the spec, and who said so. */
export interface SpecSetting {
  readonly path: SpecPath;
  readonly value: unknown;
  readonly place: Place;
}

/** What flags put into the spec; several uses of a flag that makes a list become one setting. */
export function settingsOf(uses: readonly FlagUse[]): readonly SpecSetting[] {
  const settings = new Map<string, SpecSetting>();
  for (const { flag, text } of uses) {
    const read = flag.read?.(text) ?? [];
    if (isValueProblem(read)) throw new Error(`--${flag.name} was not checked: ${text}`);
    for (const { path, value, joins } of read) {
      const key = JSON.stringify(path);
      const before = joins ? settings.get(key)?.value : undefined;
      const joined =
        Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value;
      settings.set(key, { path, value: joined, place: { kind: 'flag', flag: `--${flag.name}` } });
    }
  }
  return [...settings.values()];
}

/** A plain tree of the spec, as far as it is needed to put a value in. */
type Tree = Readonly<Record<string, unknown>>;

/** The spec with the settings in it; the given spec stays as it is. */
export function withSettings(spec: ClusterSpec, settings: readonly SpecSetting[]): ClusterSpec {
  const start: Tree = spec;
  const tree = settings.reduce((before, { path, value }) => put(before, path, value), start);
  // Every flag's reader makes a value of the type that its path has in the schema: a test walks through all of them.
  return tree as ClusterSpec;
}

function put(tree: Tree, [head, ...rest]: SpecPath, value: unknown): Tree {
  if (head === undefined) return tree;
  const key = String(head);
  const below = Object.hasOwn(tree, key) ? tree[key] : undefined;
  const inner = typeof below === 'object' && below !== null ? (below as Tree) : {};
  // Not a spread with a computed key: a flag named __proto__ must become a key like any other, and be refused as one.
  return Object.fromEntries([
    ...Object.entries(tree).filter(([name]) => name !== key),
    [key, rest.length === 0 ? value : put(inner, rest, value)],
  ]);
}

/** Finds the flag that set a path, or something in it or above it; otherwise asks `otherwise`. */
export function locateSettings(settings: readonly SpecSetting[], otherwise: Locate): Locate {
  return (path, at) => {
    const covers = (one: SpecPath, other: SpecPath) => one.every((key, index) => key === other[index]);
    const setting =
      settings.find((candidate) => covers(candidate.path, path)) ??
      settings.find((candidate) => covers(path, candidate.path));
    return setting?.place ?? otherwise(path, at);
  };
}

/** For specs without a file: a problem that no flag caused stands at a key. */
export const locateByKey: Locate = (path) => ({ kind: 'path', path: path.length === 0 ? 'the spec' : path.join('.') });
