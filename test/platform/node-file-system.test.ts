import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-system-test-'));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
});

describe('the file system of this machine', () => {
  it('tells files, folders, links and other things apart, without following links', async () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(folder, join(folder, 'link'));
    symlinkSync('/nowhere', join(folder, 'dangling'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
    onTestFinished(() => {
      server.close();
    });
    const kinds = ['file', '', 'link', 'dangling', 'socket', 'missing', 'file/below'];
    expect(kinds.map((name) => nodeFileSystem.kindOf(join(folder, name)))).toEqual([
      'file',
      'folder',
      'link',
      'link',
      'other',
      undefined,
      undefined,
    ]);
  });

  it('lists folders sorted, through links, and says when there is none', () => {
    for (const name of ['b', 'a', 'C']) writeFileSync(join(folder, name), '');
    symlinkSync(folder, join(folder, 'link'));
    const names = ['C', 'a', 'b', 'link'];
    expect(nodeFileSystem.list(folder)).toEqual(names);
    expect(nodeFileSystem.list(join(folder, 'link'))).toEqual(names);
    expect(nodeFileSystem.list(join(folder, 'missing'))).toBeUndefined();
    expect(nodeFileSystem.list(join(folder, 'a'))).toBeUndefined();
  });

  it('writes texts with their mode, and reads them as text and bytes', () => {
    const [script, text] = [join(folder, 'start.sh'), join(folder, 'text')];
    nodeFileSystem.writeText(script, 'é\n', true);
    nodeFileSystem.writeText(text, 'a', false);
    nodeFileSystem.flush(text);
    expect(nodeFileSystem.readText(script)).toBe('é\n');
    expect([...nodeFileSystem.readBytes(script)]).toEqual([0xc3, 0xa9, 0x0a]);
    expect([script, text].map((path) => statSync(path).mode & 0o111)).toEqual([0o111, 0]);
  });

  it('copies a file with its mode', () => {
    writeFileSync(join(folder, 'a'), 'content');
    chmodSync(join(folder, 'a'), 0o755);
    nodeFileSystem.copy(join(folder, 'a'), join(folder, 'b'));
    expect(nodeFileSystem.readText(join(folder, 'b'))).toBe('content');
    expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o755);
  });

  it('says which folder was the first that it made', () => {
    expect(nodeFileSystem.makeFolders(join(folder, 'a/b/c'))).toBe(join(folder, 'a'));
    expect(nodeFileSystem.makeFolders(join(folder, 'a/b/c'))).toBeUndefined();
  });

  it('makes no folder where a file is in its way, or where the system takes none', () => {
    nodeFileSystem.writeText(join(folder, 'file'), '', false);
    expect(() => nodeFileSystem.makeFolders(join(folder, 'file'))).toThrow(/EEXIST/);
    expect(() => nodeFileSystem.makeFolders(join(folder, 'file/below/it'))).toThrow(/ENOTDIR|EEXIST/);
    symlinkSync('nowhere', join(folder, 'link'));
    expect(() => nodeFileSystem.makeFolders(join(folder, 'link/below'))).toThrow(/EEXIST|ENOENT/);
  });

  it.runIf(process.platform === 'linux')('does not try for ever where the system takes no folders', () => {
    expect(() => nodeFileSystem.makeFolders('/proc/a/b')).toThrow(/ENOENT|EACCES/);
  });

  it('removes only empty folders when asked for those, and does not mind what is gone', () => {
    mkdirSync(join(folder, 'full/empty'), { recursive: true });
    expect(nodeFileSystem.removeEmptyFolder(join(folder, 'full'))).toBe(false);
    expect(nodeFileSystem.removeEmptyFolder(join(folder, 'full/empty'))).toBe(true);
    expect(nodeFileSystem.removeEmptyFolder(join(folder, 'full/empty'))).toBe(false);
    nodeFileSystem.removeFile(join(folder, 'missing'));
    nodeFileSystem.removeTree(join(folder, 'missing'));
  });

  it('removes a tree without what its links lead to', () => {
    mkdirSync(join(folder, 'tree/below'), { recursive: true });
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other/file'), '');
    symlinkSync(join(folder, 'other'), join(folder, 'tree/below/link'));
    nodeFileSystem.removeTree(join(folder, 'tree'));
    expect(existsSync(join(folder, 'tree'))).toBe(false);
    expect(existsSync(join(folder, 'other/file'))).toBe(true);
  });

  it('throws the error of the system for what cannot be done', () => {
    expect(() => nodeFileSystem.readText(join(folder, 'missing'))).toThrow('ENOENT');
    expect(() => {
      nodeFileSystem.removeFile(folder);
    }).toThrow(/EISDIR|EPERM/);
    expect(nodeFileSystem.isWritable(join(folder, 'missing'))).toBe(false);
    expect(nodeFileSystem.isWritable(folder)).toBe(true);
  });

  it('knows which processes run', () => {
    expect(nodeFileSystem.processId).toBe(process.pid);
    expect(nodeFileSystem.isProcessAlive(process.pid)).toBe(true);
    expect(nodeFileSystem.isProcessAlive(2 ** 30)).toBe(false);
    expect(nodeFileSystem.isProcessAlive(0)).toBe(false);
  });
});
