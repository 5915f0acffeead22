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
import type { Problem } from '../../errors/user-error.ts';
import { showText } from '../shape/show-value.ts';
import { specKind, type YamlKind } from './yaml-kind.ts';

/** Values that aliases may add to a document: enough to share settings between 10,000 nodes, too few to explode. */
const maxAliasedValues = 200_000;

export interface YamlValue {
  readonly value: unknown;
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  readonly problems: readonly Problem[];
}

interface Anchored {
  readonly node: Node;
  readonly value: unknown;
  readonly size: number;
}

/**
 * Turns a YAML tree (of bounded depth) into plain data, in linear time. Duplicate keys, unknown or exploding aliases
 * and keys that are no words come back as problems.
 */
export function yamlValue(root: Node | null, lines: LineCounter, file: string, kind: YamlKind = specKind): YamlValue {
  const reader = new TreeReader(lines, file, kind);
  const { value } = reader.read(root);
  return { value, targets: reader.targets, problems: reader.problems };
}

class TreeReader {
  readonly targets = new Map<Alias, Node>();
  readonly problems: Problem[] = [];
  readonly #anchors = new Map<string, Anchored>();
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #kind: YamlKind;
  #aliasedValues = 0;

  constructor(lines: LineCounter, file: string, kind: YamlKind) {
    this.#lines = lines;
    this.#file = file;
    this.#kind = kind;
  }

  /** `size` counts the values inside, with those behind aliases. */
  read(node: Node | null | undefined): { readonly value: unknown; readonly size: number } {
    if (!node) return { value: null, size: 1 };
    if (isAlias(node)) return this.#alias(node);
    const result = isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node.items) : this.#scalar(node);
    // Only now: inside itself an anchor is not known, so nothing can contain itself.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, ...result });
    return result;
  }

  #scalar(node: Node) {
    return { value: isScalar(node) ? node.value : null, size: 1 };
  }

  #list(items: readonly unknown[]) {
    let size = 1;
    const value = items.map((item) => {
      const read = this.read(item as Node | null);
      size += read.size;
      return read.value;
    });
    return { value, size };
  }

  #map(node: YAMLMap) {
    const entries: [string, unknown][] = [];
    const seen = new Map<string, Pair>();
    let size = 1;
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (key === undefined || key === '__proto__') {
        this.#problem(pair.key as Node | null, `This key is not one that a ${this.#kind.noun} can have`, {
          found: key === undefined ? 'a list or a map' : showText(key),
          allowed: 'a plain word',
          fix: 'Remove it',
        });
        continue;
      }
      const earlier = seen.get(key);
      if (earlier) this.#duplicate(key, pair.key as Node, earlier.key as Node);
      seen.set(key, pair);
      const read = this.read(pair.value as Node | null);
      size += read.size;
      entries.push([key, read.value]);
    }
    return { value: Object.fromEntries(entries), size };
  }

  #alias(node: Alias) {
    const anchored = this.#anchors.get(node.source);
    if (!anchored) {
      this.#problem(node, `The alias ${showText(`*${node.source}`)} has no anchor of that name above it`, {
        found: showText(`*${node.source}`),
        allowed: 'an alias of a value that stands further up, and not inside that value',
        fix: 'Write the value itself',
      });
      return { value: null, size: 1 };
    }
    const before = this.#aliasedValues;
    this.#aliasedValues += anchored.size;
    if (this.#aliasedValues > maxAliasedValues) {
      if (before <= maxAliasedValues) {
        this.#problem(node, `The aliases of the ${this.#kind.noun} make it too large`, {
          found: 'more than that',
          allowed: `at most ${maxAliasedValues.toLocaleString('en-US')} values through aliases`,
          fix: 'Write the values themselves',
        });
      }
      return { value: null, size: 1 };
    }
    this.targets.set(node, anchored.node);
    return { value: anchored.value, size: anchored.size };
  }

  #duplicate(key: string, second: Node, first: Node): void {
    const { line } = this.#lines.linePos(first.range?.[0] ?? 0);
    this.#problem(second, `The key ${showText(key)} stands twice in this map, first on line ${line}`, {
      found: showText(key),
      allowed: 'each key once',
      fix: 'Remove one of the two',
    });
  }

  #problem(node: Node | null, message: string, details: Pick<Problem, 'found' | 'allowed' | 'fix'>): void {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    this.problems.push({
      code: this.#kind.codes.syntax,
      message,
      place: { kind: 'file', file: this.#file, line, column: col },
      ...details,
    });
  }
}
