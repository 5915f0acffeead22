import { expect, test } from 'vitest';
import { StateTakenOver, type Changes } from '../../../engine/marathon/storage/app-store.ts';
import { StateStore } from '../../../engine/marathon/storage/state-store.ts';
import { waitFor } from './marathon-for-test.ts';

/** A store that fails as often as it is told to. */
function storeThatFails(errors: Error[]) {
  const saved: [string, unknown][][] = [];
  const log: string[] = [];
  let takenOver = 0;
  let id = 0;
  const store = new StateStore({
    store: {
      load: () => Promise.resolve(new Map()),
      save: (changes: Changes) => {
        const error = errors.shift();
        if (error !== undefined) return Promise.reject(error);
        saved.push([...changes]);
        return Promise.resolve();
      },
    },
    log: (line) => log.push(line),
    onTakenOver: () => (takenOver += 1),
  });
  const change = (key = 'a') => {
    id += 1;
    store.put(key, id);
    return store.flush();
  };
  return { store, change, saved, log, takenOver: () => takenOver };
}

test('changes that are made together are saved once, each record as it is last', async () => {
  const { store, change, saved } = storeThatFails([]);
  expect(await Promise.all([change('a'), change('b'), change('a')])).toEqual([true, true, true]);
  expect(saved).toEqual([
    [
      ['a', 3],
      ['b', 2],
    ],
  ]);
  expect(await store.flush()).toBe(true);
});

test('only what has changed is saved', async () => {
  const { store, change, saved } = storeThatFails([]);
  await change('a');
  await change('b');
  store.remove('a');
  await store.flush();
  expect(saved).toEqual([[['a', 1]], [['b', 2]], [['a', undefined]]]);
});

test('who waits for a change does not hear of the save before it', async () => {
  const saves: (() => void)[] = [];
  const store = new StateStore({
    store: { load: () => Promise.resolve(new Map()), save: () => new Promise((resolve) => saves.push(resolve)) },
    log: () => undefined,
    onTakenOver: () => undefined,
  });
  const heard: string[] = [];
  const change = (key: string) => {
    store.put(key, 1);
    void store.flush().then(() => heard.push(key));
  };
  change('a');
  await waitFor(() => {
    expect(saves).toHaveLength(1);
  });
  change('b');
  saves.shift()?.();
  await waitFor(() => {
    expect(saves).toHaveLength(1);
  });
  expect(heard).toEqual(['a']);
  saves.shift()?.();
  expect(await store.flush()).toBe(true);
  expect(heard).toEqual(['a', 'b']);
});

test('who waits hears that a change could not be saved; it is saved as soon as that is possible', async () => {
  const { store, change, saved, log } = storeThatFails([new Error('no quorum')]);
  expect(await change()).toBe(false);
  expect(log).toEqual(['state could not be saved: no quorum']);
  expect(await store.flush()).toBe(true);
  expect(saved).toEqual([[['a', 1]]]);
});

test('what could not be saved is saved as it is by then', async () => {
  const { store, change, saved } = storeThatFails([new Error('no quorum')]);
  expect(await Promise.all([change('a'), change('b')])).toEqual([false, false]);
  store.remove('a');
  expect(await change('c')).toBe(true);
  expect(saved.map((changes) => Object.fromEntries(changes))).toEqual([{ a: undefined, b: 2, c: 3 }]);
});

test('once another Marathon has the state, nothing is saved any more', async () => {
  const { store, change, saved, takenOver } = storeThatFails([new StateTakenOver('taken over')]);
  expect(await change()).toBe(false);
  expect(takenOver()).toBe(1);
  expect(await change()).toBe(false);
  expect([saved, takenOver()]).toEqual([[], 1]);
  store.abandon();
});

test('what is abandoned is not saved later', async () => {
  const { store, change, saved } = storeThatFails([new Error('no quorum')]);
  expect(await change()).toBe(false);
  store.abandon();
  await waitFor(async () => {
    expect(await store.flush()).toBe(false);
  });
  expect(saved).toEqual([]);
});
