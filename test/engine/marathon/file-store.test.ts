import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Changes } from '../../../engine/marathon/storage/app-store.ts';
import { fileStores, type RecordFiles } from '../../../engine/marathon/storage/file-store.ts';
import { stateOf } from '../../../engine/marathon/storage/saved-state.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';

const path = '/state';

/** One file in memory, and what was done to it. */
function fakeFiles(text?: string) {
  const disk = { text, whole: 0, appended: [] as string[], fails: false };
  const files: RecordFiles = {
    readRecord: () => Promise.resolve(disk.text),
    writeRecord: (_file, chunks) => {
      disk.text = [...chunks].join('');
      disk.whole += 1;
      return Promise.resolve();
    },
    append: (_file, chunk) => {
      // A full disk takes a part.
      disk.text = `${disk.text ?? ''}${disk.fails ? chunk.slice(0, 5) : chunk}`;
      disk.appended.push(chunk);
      return disk.fails ? Promise.reject(new Error('no space left')) : Promise.resolve();
    },
  };
  return { disk, newStore: fileStores(path, files) };
}

const changes = (given: Readonly<Record<string, unknown>>): Changes => new Map(Object.entries(given));
const loaded = async (text: string) => Object.fromEntries(await fakeFiles(text).newStore().load());

test('a save writes the records that have changed, and no other', async () => {
  const { disk, newStore } = fakeFiles();
  const store = newStore();
  expect(await store.load()).toEqual(new Map());
  await store.save(changes({ a: { x: 1 }, b: 'two' }));
  await store.save(changes({ b: undefined, 'c\td\n': [3] }));
  expect(disk.appended).toEqual(['"b"\n"c\\td\\n"\t[3]\n\n']);
  expect(await loaded(disk.text ?? '')).toEqual({ a: { x: 1 }, 'c\td\n': [3] });
});

test('a crash at any byte leaves what was saved before the save that it tore', async () => {
  const { disk, newStore } = fakeFiles();
  const store = newStore();
  await store.load();
  const saves = [{ a: 1, b: 'ä\n' }, { b: undefined, c: { deep: ['"', '\t'] } }, { a: 2 }, {}, { d: 4, a: undefined }];
  const states: { readonly end: number; readonly records: object }[] = [];
  let records: Record<string, unknown> = {};
  for (const each of saves) {
    await store.save(changes(each));
    records = Object.fromEntries(Object.entries({ ...records, ...each }).filter(([, value]) => value !== undefined));
    states.push({ end: Buffer.byteLength(disk.text ?? ''), records });
  }
  const bytes = Buffer.from(disk.text ?? '');
  for (let length = states[0]?.end ?? 0; length <= bytes.length; length += 1) {
    const torn = bytes.subarray(0, length).toString();
    const last = states.findLast(({ end }) => end <= length);
    expect(await loaded(torn), `${length} bytes`).toEqual(last?.records);
    const { disk: next, newStore: again } = fakeFiles(torn);
    const successor = again();
    await successor.load();
    await successor.save(changes({ z: 26 }));
    await successor.save(changes({ y: 25 }));
    expect(await loaded(next.text ?? ''), `${length} bytes`).toEqual({ ...last?.records, z: 26, y: 25 });
  }
});

test('after a save that failed half-way everything is written anew', async () => {
  const { disk, newStore } = fakeFiles();
  const store = newStore();
  await store.load();
  await store.save(changes({ a: 1 }));
  disk.fails = true;
  await expect(store.save(changes({ b: 2 }))).rejects.toThrow('no space left');
  expect(await loaded(disk.text ?? '')).toEqual({ a: 1 });
  disk.fails = false;
  await store.save(changes({ c: 3 }));
  expect([disk.whole, await loaded(disk.text ?? '')]).toEqual([2, { a: 1, c: 3 }]);
});

test('a log of records that change all the time stays small, and is seldom written anew', async () => {
  const { disk, newStore } = fakeFiles();
  const store = newStore();
  await store.load();
  let longest = 0;
  for (let round = 0; round < 20_000; round += 1) {
    await store.save(changes({ [`k${round % 10}`]: round, [`once${round}`]: 1, [`once${round - 1}`]: undefined }));
    longest = Math.max(longest, disk.text?.length ?? 0);
  }
  expect(longest).toBeLessThan(100_000);
  expect(disk.whole).toBeLessThan(50);
  expect(Object.keys(await loaded(disk.text ?? ''))).toHaveLength(11);
});

test('who loads takes over: those that loaded before save no more', async () => {
  const { disk, newStore } = fakeFiles();
  const [old, present] = [newStore(), newStore()];
  await old.load();
  const saving = old.save(changes({ by: 'old' }));
  expect(await present.load()).toEqual(new Map([['by', 'old']]));
  await saving;
  await expect(old.save(changes({ by: 'old', again: true }))).rejects.toMatchObject({ name: 'StateTakenOver' });
  await present.save(changes({ by: 'present' }));
  expect(await loaded(disk.text ?? '')).toEqual({ by: 'present' });
  await old.load();
  await expect(present.save(changes({ by: 'x' }))).rejects.toMatchObject({ name: 'StateTakenOver' });
});

test('nothing is saved by whoever has not loaded', async () => {
  await expect(
    fakeFiles()
      .newStore()
      .save(changes({ a: 1 })),
  ).rejects.toThrow('must be loaded');
});

test('a state of the former form, which was one object, is read, and written as records', async () => {
  const versionInfo = { lastScalingAt: '', lastConfigChangeAt: '' };
  const app = (id: string, version: string) => ({ id, version, versionInfo });
  const whole = {
    format: 1,
    frameworkId: 'F1',
    // The clock went back between the versions of /a.
    apps: [{ versions: [app('/a', '2026-01-02'), app('/a', '2026-01-01')] }, { versions: [app('/b', '2026-01-03')] }],
    instances: [{ taskId: 't1', appId: '/a' }],
    deployments: [{ id: 'd1', version: 'v', changes: [{ id: '/a' }], steps: [], current: 1, awaitHealth: ['/a'] }],
  };
  const { format: _format, ...expected } = whole;
  const { disk, newStore } = fakeFiles(JSON.stringify(whole));
  const store = newStore();
  expect(stateOf(await store.load())).toEqual({ ...expected, nextOrder: 3 });
  await store.save(changes({ 'instance t1': undefined }));
  expect(stateOf(await fakeFiles(disk.text).newStore().load())).toEqual({ ...expected, nextOrder: 3, instances: [] });
});

test('a state of a later version is refused', async () => {
  await expect(loaded('"format"\t3\n"a"\t1\n\n')).rejects.toThrow('not one of this version');
  await expect(loaded('{"format":7}')).rejects.toThrow('not one of this version');
});

test('on a real disk only the owner may read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'run', 'state');
  const store = fileStores(file, nodeSandboxes)();
  await store.load();
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'x'.repeat(100)]));
  await store.save(changes(many));
  await store.save(changes({ k0: 'y' }));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await loaded(readFileSync(file, 'utf8'))).toEqual({ ...many, k0: 'y' });
});
