import { expect, test } from 'vitest';
import { toldDiscovery } from '../../../engine/discovery/told-discovery.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const candidate = { id: 'a', url: 'http://a:1', hostname: 'a' };

test('who watches a group from afar hears what was told last, and all that is told from then on', async () => {
  const group = toldDiscovery();
  const heard: unknown[] = [];
  const unwatch = group.watch((leader, count) => heard.push(['early', leader?.id, count]));
  await settled();
  group.tell(candidate, 3);
  group.watch((leader, count) => heard.push(['late', leader?.id, count]));
  expect(heard, 'not before watch has returned').toHaveLength(2);
  await settled();
  unwatch();
  group.tell(undefined, 0);
  expect(heard).toEqual([
    ['early', undefined, 0],
    ['early', 'a', 3],
    ['late', 'a', 3],
    ['late', undefined, 0],
  ]);
});

test('nobody takes part from afar', () => {
  expect(() => toldDiscovery().contend(candidate, { onElected: () => undefined })).toThrow('takes no part');
});
