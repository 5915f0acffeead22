import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { confinedFolder } from '../../platform/files/confined-folder.ts';

function start() {
  const root = mkdtempSync(join(tmpdir(), 'confined-test-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const folder = join(root, 'inside');
  mkdirSync(folder);
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside/file'), 'untouched');
  symlinkSync('../outside', join(folder, 'leads-out'));
  symlinkSync('../outside/file', join(folder, 'file-outside'));
  return { root, folder, confined: confinedFolder(folder) };
}

async function* textOf(text: string): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

test('files and folders are made below it, also of paths that look absolute', async () => {
  const { folder, confined } = start();
  await confined.writeFile('/a/./b//c', 0o6640, textOf('content'));
  expect(readFileSync(`${folder}/a/b/c`, 'utf8')).toBe('content');
  expect(lstatSync(`${folder}/a/b/c`).mode & 0o7777).toBe(0o640);
});

test.each(['..', '../x', 'a/../../x', 'leads-out/x', 'a/..', '', '/', 'x\0y'])(
  'nothing is written at %j',
  async (path) => {
    const { root, confined } = start();
    await expect(confined.writeFile(path, 0o644, textOf('x'))).rejects.toThrow();
    await expect(confined.link(path, 'target')).rejects.toThrow();
    await expect(confined.hardLink(path, 'file-outside')).rejects.toThrow();
    expect([existsSync(`${root}/x`), existsSync(`${root}/outside/x`)]).toEqual([false, false]);
  },
);

test('a link that is there is replaced, and what it leads to stays', async () => {
  const { root, folder, confined } = start();
  await confined.writeFile('file-outside', 0o644, textOf('new'));
  expect(lstatSync(`${folder}/file-outside`).isFile()).toBe(true);
  expect(readFileSync(`${root}/outside/file`, 'utf8')).toBe('untouched');
});

test('neither names nor permissions are given to what a link leads to', async () => {
  const { root, confined } = start();
  await expect(confined.hardLink('copy', 'file-outside')).rejects.toThrow('is no regular file');
  await expect(confined.hardLink('copy', 'leads-out/file')).rejects.toThrow('Cannot extract through symlink');
  await expect(confined.setMode('file-outside', 0o777)).rejects.toThrow('is no regular file');
  await expect(confined.makeFolder('leads-out/deep')).rejects.toThrow('Cannot extract through symlink');
  expect(lstatSync(`${root}/outside/file`).mode & 0o111).toBe(0);
});

test('a folder is not replaced by a file', async () => {
  const { confined } = start();
  await confined.makeFolder('a/b');
  await expect(confined.writeFile('a', 0o644, textOf('x'))).rejects.toThrow("Can't replace existing directory");
});
