/** Numbers that follow from a seed: the same plan each time. */
export interface Random {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** An integer from 0 to less than this. */
  readonly below: (bound: number) => number;
  readonly oneOf: <T>(list: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
}

/** Mulberry32, by Tommy Ettinger. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    oneOf: (list) => {
      if (list.length === 0) throw new Error('nothing to choose from');
      return list[below(list.length)] as (typeof list)[number];
    },
    chance: (share) => next() < share,
  };
}
