/** Resources of an agent, or of an instance, that one agent alone has to have: `mem` and `disk` in MB. */
export interface Amounts {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
}

export const kinds = ['cpus', 'mem', 'disk', 'gpus'] as const satisfies readonly (keyof Amounts)[];

const words: Readonly<Record<keyof Amounts, string>> = {
  ...{ cpus: 'cpus', mem: 'MB of memory', disk: 'MB of disk', gpus: 'gpus' },
};

/** What is put somewhere. @param each the amount of every kind */
export const amounts = (each: (kind: keyof Amounts) => number): Amounts => ({
  cpus: each('cpus'),
  mem: each('mem'),
  disk: each('disk'),
  gpus: each('gpus'),
});

/** Mesos counts thousandths (src/common/values.cpp). */
const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** How many times the needs are there. */
export const timesIn = (needs: Amounts, room: Amounts): number =>
  kinds.reduce(
    (least, kind) => (needs[kind] > 0 ? Math.min(least, Math.floor(rounded(room[kind] / needs[kind]))) : least),
    Infinity,
  );

const less = (room: Amounts, needs: Amounts, times: number): Amounts =>
  amounts((kind) => rounded(room[kind] - needs[kind] * times));

/** Instances of which one is as large as another. */
export interface Load {
  readonly count: number;
  readonly needs: Amounts;
}

/**
 * Puts instances where there is room, the largest first, each on the first agent that has some.
 * @returns those that are left over, and the room that is left
 */
export function fill<Each extends Load>(
  loads: readonly Each[],
  rooms: readonly Amounts[],
): { readonly left: readonly Each[]; readonly rooms: readonly Amounts[] } {
  let now = rooms;
  const left = loads
    .toSorted((one, other) => largest(other.needs) - largest(one.needs))
    .flatMap((load) => {
      let count = load.count;
      now = now.map((room) => {
        const times = Math.min(count, Math.max(0, timesIn(load.needs, room)));
        count -= times;
        return times === 0 ? room : less(room, load.needs, times);
      });
      return count === 0 ? [] : [{ ...load, count }];
    });
  return { left, rooms: now };
}

/** cpus count as much as a thousand MB: of what is scarce it is only about the order. */
const largest = ({ cpus, mem, disk, gpus }: Amounts) => Math.max(cpus, mem / 1000, disk / 1000, gpus);

/**
 * How many agents it takes for these.
 * @param whole an agent that has no task; each instance fits into it
 * @param most no more are counted
 */
export function agentsFor(loads: readonly Load[], whole: Amounts, most: number): number {
  let [left, count] = [loads, 0];
  while (left.length > 0 && count < most) {
    left = fill(left, [whole]).left;
    count += 1;
  }
  return count;
}

/** `3 cpus and 96 MB of memory`: all that these need of the kinds that are asked for. */
export function inWords(loads: readonly Load[], wanted: readonly (keyof Amounts)[]): string {
  const sums = wanted.map((kind) => {
    const sum = loads.reduce((total, { count, needs }) => total + count * needs[kind], 0);
    return `${rounded(sum)} ${words[kind]}`;
  });
  return sums.join(' and ');
}
