import { Alias, Pair, Scalar, type Node } from 'yaml';
import { mergeKey, yamlList, yamlMap, yamlNode, yamlScalar } from '../../planning/spec-text/write-yaml.ts';

/* The nodes of which Compose files are built: short names, and comments and blank lines where they are wanted. */

export type Yaml = string | number | boolean | Node;
export type YamlEntry = Pair<Scalar, Node>;

const nodeOf = (value: Yaml): Node => (typeof value === 'object' ? value : yamlScalar(value));

/** @param comment stands on lines of its own above the entry; says why, not what */
export function entry(key: string | typeof mergeKey, value: Yaml, comment?: string): YamlEntry {
  const name = yamlScalar(key);
  if (comment !== undefined) name.commentBefore = comment.replaceAll(/^/gm, ' ');
  return new Pair(name, nodeOf(value));
}

/** An entry with an empty line in front. */
export function apart(each: YamlEntry): YamlEntry {
  each.key.spaceBefore = true;
  return each;
}

/**
 * A map; entries that are undefined or false are left out, so that conditions can stand in the list.
 * @param anchor name under which the map can be repeated
 */
export function map(entries: readonly (YamlEntry | undefined | false)[], anchor?: string): Node {
  const node = yamlMap(entries.filter((candidate) => candidate !== undefined && candidate !== false));
  if (anchor !== undefined) node.anchor = anchor;
  return node;
}

export const list = (items: readonly Yaml[]): Node => yamlList(items.map(nodeOf));

/** A short list on one line: `["CMD", "true"]`. */
export const flow = (items: readonly string[]): Node => yamlList(items.map(yamlNode), true);

/** Repeats what has the anchor. */
export const alias = (anchor: string): Node => new Alias(anchor);

/** The entries of the map that has the anchor, in this map. */
export const merged = (anchor: string): YamlEntry => entry(mergeKey, alias(anchor));

/** Text of several lines as it is: for scripts. */
export function block(text: string): Node {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

/** Text in quotes also where it needs none. */
export function quoted(text: string): Node {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
