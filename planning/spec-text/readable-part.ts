import type { SpecPath } from '../shape/spec-problem.ts';

type Tree = Record<string | number, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** What aliases share becomes several values: what is removed in one place stays in the others. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]));
}

/**
 * The part of a spec that has the right shape, so that the rest of its problems can be told as well. Nodes stay in their
 * places, with an empty list for roles and a name of their number where they have none that can be read.
 *
 * @param malformed paths of what does not
 */
export function readablePart(value: unknown, malformed: readonly SpecPath[]): unknown {
  const root = copied(value);
  if (!isTree(root)) return undefined;
  // From behind, so that what is removed from a list moves nothing that is still to be removed.
  for (const path of malformed.toReversed()) remove(root, path);
  if (root.name === undefined) root.name = 'lab';
  if (Array.isArray(root.nodes)) {
    root.nodes = root.nodes.map((node: unknown, index) => ({
      name: `node${index + 1}`,
      roles: [],
      ...(isTree(node) ? node : {}),
    }));
  }
  return root;
}

function remove(root: Tree, path: SpecPath): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const parent = path.slice(0, -1).reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), root);
  if (!isTree(parent)) return;
  if (!Array.isArray(parent)) Reflect.deleteProperty(parent, last);
  else if (path[0] === 'nodes' && path.length === 2) parent[Number(last)] = {};
  else parent.splice(Number(last), 1);
}
