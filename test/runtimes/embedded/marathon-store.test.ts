import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { frameworkStore } from '../../../runtimes/embedded/framework-store.ts';

let folder = '';
const path = () => join(folder, 'state');
const text = () => readFileSync(path(), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'marathon-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = () => frameworkStore(path(), nodeSandboxes)();

async function loaded() {
  const store = open();
  await store.load();
  return store;
}

async function* batches(...all: readonly string[]): AsyncGenerator<string> {
  for (const each of all) {
    yield each;
    await Promise.resolve();
  }
}

it('has what was appended, in a file for its owner alone', async () => {
  const store = await loaded();
  await store.append('{"a":1}');
  await store.append('{"a":2}');
  expect(text()).toBe('{"a":1}\n{"a":2}\n');
  expect(await open().load()).toEqual([{ a: 1 }, { a: 2 }]);
});

it('has each whole line, wherever a crash ends the file, and goes on behind it', async () => {
  const lines = ['{"a":1}', '{"b":"x y"}', '{"c":null}'];
  const whole = lines.map((line) => `${line}\n`).join('');
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(path(), whole.slice(0, length));
    const store = open();
    const found = await store.load();
    // A line is whole without its end as well.
    const count = lines.filter((_, index) => lines.slice(0, index + 1).join('\n').length <= length).length;
    expect(found, whole.slice(0, length)).toEqual(lines.slice(0, count).map((line) => JSON.parse(line) as unknown));
    await store.append('{"next":1}');
    expect(await open().load()).toEqual([...found, { next: 1 }]);
  }
});

it('does not take a broken line in the middle for the end', async () => {
  writeFileSync(path(), '{"a":1}\n{"b\n{"c":1}\n');
  await expect(open().load()).rejects.toThrow(SyntaxError);
});

it('appends nothing to half a line that a full disk has left', async () => {
  let isFull = true;
  const files = {
    ...nodeSandboxes,
    openAppend: async (file: string) => {
      const opened = await nodeSandboxes.openAppend(file);
      const append = async (line: string) => {
        await opened.append(isFull ? line.slice(0, 4) : line);
        if (isFull) throw new Error('ENOSPC');
      };
      return { ...opened, append };
    },
  };
  const store = frameworkStore(path(), files)();
  await store.load();
  await store.append('{"a":1}');
  await expect(store.append('{"b":1}')).rejects.toThrow('ENOSPC');
  isFull = false;
  await store.append('{"c":1}');
  expect(text()).toBe('{"a":1}\n{"c":1}\n');
});

it('reads a state that a former version wrote as one text', async () => {
  writeFileSync(path(), '{"format":1,"apps":[]}');
  const store = open();
  expect(await store.load()).toEqual([{ format: 1, apps: [] }]);
  await store.append('{"a":1}');
  expect(text()).toBe('{"format":1,"apps":[]}\n{"a":1}\n');
});

it('lets nobody write who led before', async () => {
  const view = frameworkStore(path(), nodeSandboxes);
  const [old, present] = [view(), view()];
  await old.load();
  await old.append('{"by":"old"}');
  expect(await present.load()).toEqual([{ by: 'old' }]);
  await expect(old.append('{"by":"old"}')).rejects.toMatchObject({ name: 'StateTakenOver' });
  await expect(old.rewrite(batches('{}'))).rejects.toMatchObject({ name: 'StateTakenOver' });
  await present.append('{"by":"present"}');
  expect(text()).toBe('{"by":"old"}\n{"by":"present"}\n');
});

it('keeps what is appended while it is rewritten', async () => {
  const store = await loaded();
  await store.append('{"a":1}');
  async function* whole() {
    yield '{"a":2}';
    await store.append('{"b":1}');
    yield '{"c":1}';
  }
  await store.rewrite(whole());
  expect(text()).toBe('{"a":2}\n{"c":1}\n{"b":1}\n');
  await store.append('{"d":1}');
  expect(await open().load()).toEqual([{ a: 2 }, { c: 1 }, { b: 1 }, { d: 1 }]);
});

it('has what it had when a rewriting fails', async () => {
  const store = await loaded();
  await store.append('{"a":1}');
  async function* broken() {
    yield '{"a":2}';
    await Promise.reject(new Error('not saved'));
  }
  await expect(store.rewrite(broken())).rejects.toThrow('not saved');
  expect(text()).toBe('{"a":1}\n');
  await store.rewrite(batches('{"a":3}'));
  expect(text()).toBe('{"a":3}\n');
});

it('says when it has grown long, and again when that has doubled', async () => {
  const store = await loaded();
  const batch = JSON.stringify({ a: 'x'.repeat(400_000) });
  const grown = [];
  for (let count = 0; count < 3; count += 1) grown.push(await store.append(batch));
  expect(grown).toEqual([false, false, true]);
  await store.rewrite(batches(batch, batch));
  grown.length = 0;
  for (let count = 0; count < 3; count += 1) grown.push(await store.append(batch));
  expect(grown).toEqual([false, false, true]);
});
