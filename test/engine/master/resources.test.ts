import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contains,
  describeResources,
  isEmpty,
  minus,
  noResources,
  plus,
  summariseResources,
  toResourceList,
  toResources,
} from '../../../engine/master/resources.ts';
import { ports, scalar } from '../scheduler-client.ts';
import type { Resource } from '../../../protocol/mesos.ts';

const of = (...list: readonly object[]) => toResources(list as readonly Resource[]);

describe('scalars', () => {
  test('are added and taken away in thousandths, without rounding errors', () => {
    const tenth = of(scalar('cpus', 0.1));
    let sum = noResources;
    for (let count = 0; count < 10; count += 1) sum = plus(sum, tenth);
    expect(summariseResources(sum)).toEqual({ disk: 0, mem: 0, gpus: 0, cpus: 1 });
    for (let count = 0; count < 10; count += 1) sum = minus(sum, tenth);
    expect(isEmpty(sum)).toBe(true);
  });

  test('of one name in a list are one', () => {
    expect(toResourceList(of(scalar('cpus', 1), scalar('cpus', 0.5)))).toEqual([scalar('cpus', 1.5)]);
  });

  test('are never less than nothing', () => {
    expect(isEmpty(minus(of(scalar('cpus', 1)), of(scalar('cpus', 2))))).toBe(true);
  });
});

describe('ranges', () => {
  const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(4)), { maxLength: 8 });
  const rangesOf = (list: readonly (readonly [number, number])[]) =>
    of(ports(...list.map(([begin, length]): readonly [number, number] => [begin, begin + length])));
  const numbersOf = ({ ranges }: ReturnType<typeof of>) =>
    [...(ranges.get('ports') ?? [])].flatMap(({ begin, end }) =>
      Array.from({ length: end - begin + 1 }, (_, at) => begin + at),
    );

  test('are added and taken away as sets of numbers are, and stay sorted and apart', () => {
    fc.assert(
      fc.property(some, some, (first, second) => {
        const [a, b] = [rangesOf(first), rangesOf(second)];
        const [inA, inB] = [numbersOf(a), new Set(numbersOf(b))];
        const sum = [...new Set([...inA, ...inB])].sort((one, other) => one - other);
        expect(numbersOf(plus(a, b))).toEqual(sum);
        expect(numbersOf(minus(a, b))).toEqual(inA.filter((number) => !inB.has(number)));
        const list = plus(a, b).ranges.get('ports') ?? [];
        expect(list.every(({ begin }, index) => index === 0 || begin > (list[index - 1]?.end ?? 0) + 1)).toBe(true);
      }),
    );
  });

  const all = of(ports([31000, 31009]));

  test.each([
    [[[31000, 31000]], '[31001-31009]'],
    [[[31009, 31009]], '[31000-31008]'],
    [[[31005, 31005]], '[31000-31004, 31006-31009]'],
    [
      [
        [31001, 31002],
        [31004, 31007],
      ],
      '[31000-31000, 31003-31003, 31008-31009]',
    ],
    [[[1, 31003]], '[31004-31009]'],
    [[[1, 40000]], undefined],
  ] as const)('without %j are %s', (taken, left) => {
    expect(summariseResources(minus(all, of(ports(...taken)))).ports).toBe(left);
  });

  test('that touch become one', () => {
    const sum = plus(of(ports([1, 2], [5, 6])), of(ports([3, 4])));
    expect(toResourceList(sum)).toEqual([ports([1, 6])]);
  });

  test('contain what lies in them', () => {
    expect(contains(all, of(ports([31002, 31003], [31005, 31009])))).toBe(true);
    expect(contains(all, of(ports([31009, 31010])))).toBe(false);
    expect(contains(all, of(scalar('cpus', 0.001)))).toBe(false);
    expect(contains(all, noResources)).toBe(true);
  });
});

test('sets lose what is taken', () => {
  const set = (...item: readonly string[]) => ({ name: 'disks', type: 'SET', set: { item } });
  expect(toResourceList(minus(of(set('a', 'b')), of(set('a'))))).toEqual([set('b')]);
  expect(contains(of(set('a')), of(set('b')))).toBe(false);
});

test.each([
  ['a volume', { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'd' } }, false],
  ['a disk of type MOUNT', { source: { type: 'MOUNT', mount: { root: '/m' } } }, false],
  ['a disk of type PATH', { source: { type: 'PATH', path: { root: '/p' } } }, true],
])('%s of %j may be contained in part: %s', (_, disk, isContained) => {
  const sized = (value: number) => of({ ...scalar('disk', value), role: 'dev', disk });
  expect(contains(sized(64), sized(32))).toBe(isContained);
  expect(contains(sized(64), sized(64))).toBe(true);
});

test('are described as Mesos does: ranges first', () => {
  const resources = of(scalar('cpus', 1.8), scalar('mem', 23017), ports([31000, 31009], [31011, 32000]));
  expect(describeResources(resources, '*')).toBe(
    'ports(allocated: *):[31000-31009, 31011-32000]; cpus(allocated: *):1.8; mem(allocated: *):23017',
  );
});
