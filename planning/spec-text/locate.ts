import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Locate, SpecPath } from '../shape/spec-problem.ts';

type Step = { readonly key?: Node; readonly value: Node | null };

/** Where paths stand in a YAML file, and how their values are written. */
export interface YamlPlaces {
  readonly locate: Locate;
  /** The text of a scalar, without its quotes; undefined for everything else. */
  readonly sourceOf: (path: SpecPath) => string | undefined;
}

/**
 * Finds paths in a YAML tree. A path that does not exist is where the deepest part of it that does exist is, so a
 * missing key stands at its parent, and what a preset made stands at `preset` or at the start. Keys are indexed once
 * per map, when first asked for.
 *
 * @param targets what aliases stand for
 */
export function placesInYaml(
  root: Node | null,
  targets: ReadonlyMap<Alias, Node>,
  lines: LineCounter,
  file: string,
): YamlPlaces {
  const indices = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  const indexOf = (map: YAMLMap) => {
    const known = indices.get(map);
    if (known) return known;
    const made = new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    indices.set(map, made);
    return made;
  };
  const inside = (node: Node | null, key: string | number): Step | undefined => {
    const target = isAlias(node) ? targets.get(node) : node;
    if (isSeq(target)) {
      const item = target.items[Number(key)];
      return item === undefined ? undefined : { value: item as Node | null };
    }
    if (!isMap(target)) return undefined;
    const pair = indexOf(target).get(String(key));
    return pair && { key: pair.key as Node, value: pair.value as Node | null };
  };

  const walk = (path: SpecPath): { readonly step: Step; readonly complete: boolean } => {
    let step: Step = { value: root };
    for (const key of path) {
      const next = inside(step.value, key);
      if (!next) return { step, complete: false };
      step = next;
    }
    return { step, complete: true };
  };

  const locate: Locate = (path, at) => {
    const { step, complete } = walk(path);
    // A missing key belongs to its parent, whose key says more than where its first child starts.
    const node = at === 'key' || !complete || isEmpty(step.value) ? (step.key ?? step.value) : step.value;
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { kind: 'file', file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const sourceOf = (path: SpecPath) => {
    const { value } = walk(path).step;
    const node = isAlias(value) ? targets.get(value) : value;
    return isScalar(node) ? node.source : undefined;
  };
  return { locate, sourceOf };
}

/** `key:` with nothing behind it has a value, but no place to point at. */
const isEmpty = (node: Node | null) => !node || (isScalar(node) && node.value === null && node.source === '');
