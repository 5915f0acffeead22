import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';

/** Names of the znodes that hold the batches of one write, compressed: joined, if they did not fit into one. */
export type Entry = readonly string[];

/** What the znode `current` says: where the state is. */
export interface Pointer {
  readonly format: 2;
  /** What was there when it was last rewritten. */
  readonly base: readonly Entry[];
  /** What was added since. */
  readonly log: readonly Entry[];
}

const isNames = (value: unknown): value is Entry =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
const isEntries = (value: unknown): value is readonly Entry[] =>
  Array.isArray(value) && value.every((each) => isNames(each));

/**
 * @param data of the znode; nothing: there is no state yet
 * @throws for what another version wrote
 */
export function parsePointer(data: Buffer, path: string): Pointer {
  if (data.length === 0) return { format: 2, base: [], log: [] };
  const pointer = JSON.parse(data.toString('utf8')) as Json;
  if (isJsonObject(pointer)) {
    const { format, pieces, base, log } = pointer;
    // Of former versions: the whole state, one entry.
    if (format === 1 && isNames(pieces)) return { format: 2, base: [pieces], log: [] };
    if (format === 2 && isEntries(base) && isEntries(log)) return { format, base, log };
  }
  throw new Error(`${path} is not of this version`);
}
