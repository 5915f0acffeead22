import { expect, it } from 'vitest';
import { agentRange, labNetwork, mostAgentRanges } from '../../planning/plan/lab-network.ts';

/** First and last address of a network, as numbers. */
function bounds(network: string): readonly [number, number] {
  const [address = '', bits = '32'] = network.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  expect(first % size).toBe(0);
  return [first, first + size - 1];
}
const isWithin = ([first, last]: readonly [number, number], [from, to]: readonly [number, number]) =>
  first >= from && last <= to;
const single = (address: string) => bounds(`${address}/32`);

const labs = ['lab', 'a', 'mesos-2', 'ü'].flatMap((name) =>
  [0, 100, 900, 64_000].map((offset) => [name, offset] as const),
);

it.each(labs)('every agent of %s (ports moved by %d) has addresses that nobody else has', (name, offset) => {
  const { subnet, range, gateway, mesosDns } = labNetwork(name, offset, true);
  const ranges = Array.from({ length: mostAgentRanges }, (_, index) => agentRange(name, offset, index + 1));
  const taken = [bounds(range), single(gateway), single(mesosDns), ...ranges.map((each) => bounds(each.subnet))];
  const sorted = taken.toSorted(([a], [b]) => a - b);
  sorted.slice(1).forEach(([first], index) => {
    expect(first).toBeGreaterThan(sorted[index]?.[1] ?? 0);
  });
  for (const each of taken) expect(isWithin(each, bounds(subnet))).toBe(true);
  for (const { subnet: own, gateway: agent } of ranges) expect(isWithin(single(agent), bounds(own))).toBe(true);
});

it.each(labs)(
  'all addresses of %s (ports moved by %d) are of those for tests of networks that Docker gives nobody',
  (name, offset) => {
    for (const hasRanges of [true, false]) {
      const { subnet } = labNetwork(name, offset, hasRanges);
      expect(isWithin(bounds(subnet), bounds('198.19.0.0/16'))).toBe(true);
    }
  },
);

it('a lab whose ports are moved has other addresses', () => {
  expect(labNetwork('lab', 100, true).subnet).not.toBe(labNetwork('lab', 0, true).subnet);
});
