import { expect, test } from 'vitest';
import { memoryStore, StateTakenOver, type RecordStore } from '../../../engine/framework/storage/record-store.ts';
import { loadState } from '../../../engine/marathon/storage/saved-state.ts';
import { StateStore } from '../../../engine/framework/storage/state-store.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { waitFor } from './marathon-for-test.ts';

/** Records that a test changes, in a store that fails as often as it is told to. */
function storeThatFails(errors: Error[], under: Partial<RecordStore> = {}) {
  const saved: Json[] = [];
  const log: string[] = [];
  const records = new Map<string, number>();
  let takenOver = 0;
  const store = new StateStore({
    store: {
      ...memoryStore(),
      append: (batch) => {
        const error = errors.shift();
        if (error !== undefined) return Promise.reject(error);
        saved.push(JSON.parse(batch) as Json);
        return Promise.resolve(false);
      },
      ...under,
    },
    records: { keys: () => records.keys(), read: (key) => records.get(key) },
    log: (line) => log.push(line),
    onTakenOver: () => (takenOver += 1),
  });
  const change = (key: string, value?: number) => {
    if (value === undefined) records.delete(key);
    else records.set(key, value);
    store.changed(key);
    return store.flush();
  };
  return { store, change, saved, log, takenOver: () => takenOver };
}

test('changes that are made together are saved once, and nothing else is', async () => {
  const { store, change, saved } = storeThatFails([]);
  expect(await Promise.all([change('a', 1), change('b', 1), change('a', 2)])).toEqual([true, true, true]);
  expect(await change('b')).toBe(true);
  expect(saved).toEqual([{ a: 2, b: 1 }, { b: null }]);
  expect(await store.flush()).toBe(true);
});

test('who waits hears that a change could not be saved; it is saved as soon as that is possible', async () => {
  const { store, change, saved, log } = storeThatFails([new Error('no quorum')]);
  expect(await change('a', 1)).toBe(false);
  expect(log).toEqual(['state could not be saved: no quorum']);
  expect(await change('b', 1)).toBe(true);
  expect(saved).toEqual([{ a: 1, b: 1 }]);
  expect(await store.flush()).toBe(true);
});

test('once another Marathon has the state, nothing is saved any more', async () => {
  const { store, change, saved, takenOver } = storeThatFails([new StateTakenOver('taken over')]);
  expect(await change('a', 1)).toBe(false);
  expect(takenOver()).toBe(1);
  expect(await change('a', 2)).toBe(false);
  expect([saved, takenOver()]).toEqual([[], 1]);
  store.abandon();
});

test('what is abandoned is not saved later', async () => {
  const { store, change, saved } = storeThatFails([new Error('no quorum')]);
  expect(await change('a', 1)).toBe(false);
  store.abandon();
  await waitFor(async () => {
    expect(await store.flush()).toBe(false);
  });
  expect(saved).toEqual([]);
});

test('what has become long is rewritten while it changes, and what changes meanwhile stands behind it', async () => {
  const rewritten: string[] = [];
  const appended: string[] = [];
  const order: string[] = [];
  const { change } = storeThatFails([], {
    append: (batch) => {
      appended.push(batch);
      order.push('append');
      return Promise.resolve(appended.length === 1000);
    },
    rewrite: async (batches) => {
      for await (const each of batches) {
        // A record that stands above already is changed, together with one that comes later.
        if (rewritten.push(each) === 1) void Promise.all([change('r0', -1), change('r999', -1)]);
      }
      order.push('rewritten');
    },
  });
  for (let index = 0; index < 1000; index += 1) await change(`r${index}`, index);
  await waitFor(() => {
    expect(order.at(-1)).toBe('rewritten');
  });
  expect(rewritten).toHaveLength(2);
  expect(appended.at(-1)).toBe('{"r0":-1,"r999":-1}');
  expect(order.slice(-3)).toEqual(['append', 'append', 'rewritten']);
});

test('a rewriting whose changes cannot be saved is given up', async () => {
  const kept: string[] = [];
  let count = 0;
  const { change, log } = storeThatFails([], {
    append: () => {
      count += 1;
      return count === 2 ? Promise.reject(new Error('full')) : Promise.resolve(count === 1);
    },
    rewrite: async (batches) => {
      const all: string[] = [];
      for await (const each of batches) if (all.push(each) === 1) void change('b', 1);
      kept.push(...all);
    },
  });
  await change('a', 1);
  await waitFor(() => {
    expect(log).toEqual([
      'state could not be saved: full',
      'state could not be rewritten: what has changed meanwhile could not be saved',
    ]);
  });
  expect(kept).toEqual([]);
});

const storeOf = (...batches: readonly object[]): RecordStore => ({
  ...memoryStore(),
  load: () => Promise.resolve(batches as readonly Json[]),
});

test('of each record the last batch counts', async () => {
  const first = { framework: 'F1', 'app:/a': { versions: [] }, 'instance:a.1': { taskId: 'a.1' } };
  const groups = { 'group:/g': { id: '/g' }, 'change:1': { version: '1' } };
  const state = await loadState(
    storeOf(first, { 'instance:a.1': null, 'deployment:d': { id: 'd' } }, { 'instance:b': 1, ...groups }),
  );
  expect(state).toEqual({
    ...{ frameworkId: 'F1', apps: [{ versions: [] }], groups: [{ id: '/g' }], history: [{ version: '1' }] },
    ...{ instances: [1], deployments: [{ id: 'd' }] },
  });
  expect(await loadState(storeOf())).toEqual({ apps: [], groups: [], history: [], instances: [], deployments: [] });
});

test('the whole state of a former version is read, and what was added to it', async () => {
  const app = { versions: [{ id: '/a', version: '1' }] };
  const former = { format: 1, frameworkId: 'F1', apps: [app], instances: [{ taskId: 'a.1' }], deployments: [] };
  expect(await loadState(storeOf(former, { 'instance:a.1': null, 'instance:a.2': { taskId: 'a.2' } }))).toEqual({
    frameworkId: 'F1',
    apps: [app],
    groups: [],
    history: [],
    instances: [{ taskId: 'a.2' }],
    deployments: [],
  });
});

test.each([[{ format: 2 }], [{ 'pod:/a': {} }]])('%o of a later version is refused', async (batch) => {
  await expect(loadState(storeOf(batch))).rejects.toThrow('the saved state is not one of this version');
});
