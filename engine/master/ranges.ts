import type { Range } from '../../protocol/mesos.ts';

/** Sorts and merges. */
export function normalise(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.begin - b.begin)) {
    const last = merged.at(-1);
    if (last !== undefined && range.begin <= last.end + 1) {
      merged[merged.length - 1] = { begin: last.begin, end: Math.max(last.end, range.end) };
    } else if (range.begin <= range.end) merged.push({ begin: range.begin, end: range.end });
  }
  return merged;
}

/** Merges lists that are normalised, as normalise() would, but without sorting. */
export function addRanges(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [first, second] = [a[i], b[j]];
    const isFirst = second === undefined || (first !== undefined && first.begin <= second.begin);
    const next = isFirst ? first : second;
    if (next === undefined) return merged;
    if (isFirst) i += 1;
    else j += 1;
    const last = merged.at(-1);
    if (last === undefined || next.begin > last.end + 1) merged.push(next);
    else if (next.end > last.end) merged[merged.length - 1] = { begin: last.begin, end: next.end };
  }
}

/** Of lists that are normalised. */
export function subtractRanges(from: readonly Range[], taken: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let index = 0;
  for (const range of from) {
    let { begin } = range;
    for (; index < taken.length; index += 1) {
      const hole = taken[index];
      if (hole === undefined || hole.begin > range.end) break;
      if (hole.end < begin) continue;
      if (hole.begin > begin) left.push({ begin, end: hole.begin - 1 });
      begin = hole.end + 1;
      if (begin > range.end) break;
    }
    if (begin <= range.end) left.push({ begin, end: range.end });
  }
  return left;
}
