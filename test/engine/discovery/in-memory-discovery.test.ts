import { expect, test } from 'vitest';
import type { Candidate } from '../../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';

const candidate = (id: string): Candidate => ({ id, url: `http://${id}:1`, hostname: id });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the longest-serving candidate leads, and everybody hears of the leader and of how many there are', async () => {
  const discovery = inMemoryDiscovery();
  const heard: unknown[] = [];
  const elected: string[] = [];
  const stand = (id: string) => discovery.contend(candidate(id), { onElected: () => elected.push(id) });
  discovery.watch((leader, count) => heard.push([leader?.id, count]));
  await settled();
  const a = stand('a');
  expect(elected, 'not before contend has returned').toEqual([]);
  await settled();
  const b = stand('b');
  await settled();
  a.withdraw();
  a.withdraw();
  await settled();
  b.withdraw();
  await settled();
  expect(elected).toEqual(['a', 'b']);
  expect(heard).toEqual([
    [undefined, 0],
    ['a', 1],
    ['a', 2],
    ['b', 1],
    [undefined, 0],
  ]);
});
