import { expect, test } from 'vitest';
import { StateStore, StateTakenOver, type SavedState } from '../../../engine/marathon/storage/state-store.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { waitFor } from './marathon-for-test.ts';

/** A store that fails as often as it is told to. */
function storeThatFails(errors: Error[]) {
  const saved: Json[] = [];
  const log: string[] = [];
  let takenOver = 0;
  let id = 0;
  const store = new StateStore({
    store: {
      load: () => Promise.resolve(undefined),
      save: (state) => {
        const error = errors.shift();
        if (error !== undefined) return Promise.reject(error);
        saved.push(state);
        return Promise.resolve();
      },
    },
    snapshot: (): SavedState => ({ frameworkId: String(id), apps: [], instances: [], deployments: [] }),
    log: (line) => log.push(line),
    onTakenOver: () => (takenOver += 1),
  });
  const change = () => {
    id += 1;
    store.markDirty();
    return store.flush();
  };
  const ids = () => saved.map((state) => (state as { frameworkId: string }).frameworkId);
  return { store, change, ids, log, takenOver: () => takenOver };
}

test('changes that are made together are saved once', async () => {
  const { store, change, ids } = storeThatFails([]);
  expect(await Promise.all([change(), change(), change()])).toEqual([true, true, true]);
  expect(ids()).toEqual(['3']);
  expect(await store.flush()).toBe(true);
});

test('who waits hears that a change could not be saved; it is saved as soon as that is possible', async () => {
  const { store, change, ids, log } = storeThatFails([new Error('no quorum')]);
  expect(await change()).toBe(false);
  expect(log).toEqual(['state could not be saved: no quorum']);
  expect(await store.flush()).toBe(true);
  expect(ids()).toEqual(['1']);
});

test('once another Marathon has the state, nothing is saved any more', async () => {
  const { store, change, ids, takenOver } = storeThatFails([new StateTakenOver('taken over')]);
  expect(await change()).toBe(false);
  expect(takenOver()).toBe(1);
  expect(await change()).toBe(false);
  expect([ids(), takenOver()]).toEqual([[], 1]);
  store.abandon();
});

test('what is abandoned is not saved later', async () => {
  const { store, change, ids } = storeThatFails([new Error('no quorum')]);
  expect(await change()).toBe(false);
  store.abandon();
  await waitFor(async () => {
    expect(await store.flush()).toBe(false);
  });
  expect(ids()).toEqual([]);
});
