import { expect, it } from 'vitest';
import { StoredBytes } from '../../../engine/registry-gate/stored-bytes.ts';

it('takes of several that waited for one measurement only those that there is room for', async () => {
  let measured = 0;
  const measure = () => Promise.resolve((measured += 1));
  const stored = new StoredBytes(11, { measure, clock: () => 0 });
  expect(await Promise.all([stored.takes(6), stored.takes(6), stored.takes(4), stored.takes(1)])).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([stored.bytes, measured]).toEqual([11, 1]);
});

it('measures nothing without a limit, and counts all the same', async () => {
  const measure = () => Promise.reject(new Error('nobody asked for that'));
  const stored = new StoredBytes(Infinity, { measure, clock: () => 0 });
  expect([stored.takes(1e12), await stored.hasRoom(1e12), stored.bytes]).toEqual([true, true, 1e12]);
});
