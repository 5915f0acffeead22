/**
 * Which pieces hold the state, in ZooKeeper: those with numbers from `first` up to, and without, `next`. Before pieces
 * were numbered, each state had some with names of their own (format 1).
 */
export type Pointer =
  | { readonly format: 2; readonly first: number; readonly next: number }
  | { readonly format: 1; readonly pieces: readonly string[] };

export const noPieces: Pointer = { format: 2, first: 0, next: 0 };

/** @throws when it is of a later version */
export function readPointer(data: Buffer, path: string): Pointer {
  if (data.length === 0) return noPieces;
  const given = JSON.parse(data.toString('utf8')) as Readonly<Record<string, unknown>>;
  const { format, pieces, first, next } = given;
  if (format === 2 && Number.isSafeInteger(first) && Number.isSafeInteger(next)) {
    return { format, first: first as number, next: next as number };
  }
  if (format === 1 && Array.isArray(pieces) && pieces.every((each) => typeof each === 'string')) {
    return { format, pieces };
  }
  throw new Error(`${path} is not of this version`);
}

/** In their order. */
export function pieceNames(pointer: Pointer): readonly string[] {
  if (pointer.format === 1) return pointer.pieces;
  return Array.from({ length: countOf(pointer) }, (_, index) => `log-${String(pointer.first + index)}`);
}

export const countOf = (pointer: Pointer): number =>
  pointer.format === 1 ? pointer.pieces.length : pointer.next - pointer.first;

/**
 * After pieces were added.
 * @param isWhole those before them count no more
 */
export function pointerAfter(pointer: Pointer, added: number, isWhole: boolean): Pointer {
  if (pointer.format === 1) return { format: 2, first: 0, next: added };
  const { first, next } = pointer;
  return { format: 2, first: isWhole ? next : first, next: next + added };
}
