// By name: a namespace would be copied, property by property, at every start.
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { EntryKind, FileSystem } from './file-system.ts';

const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Runs an action; returns undefined if it fails with one of the given codes. */
function unless<Result>(codes: ReadonlySet<string>, action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (codes.has(codeOf(error))) return undefined;
    throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Not with `recursive`: where a file system takes no folders, such as /proc, Node.js tries for ever. */
function makeFolders(folder: string): string | undefined {
  const missing: string[] = [];
  for (let path = folder; !isFolder(path); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      // Somebody else was quicker.
      if (!isFolder(path)) throw error;
    }
  }
  return missing[0];
}

function kindOf(path: string): EntryKind | undefined {
  // Without an exception for the common case that nothing is there: making one costs more than the call.
  const stats = unless(absent, () => lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return undefined;
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function readBytesFrom(file: string, offset: number): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(Math.max(0, fstatSync(descriptor).size - offset));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(descriptor);
  }
}

function ownerOf(path: string): string | undefined {
  const uid = unless(absent, () => lstatSync(path, { throwIfNoEntry: false }))?.uid;
  if (uid === undefined || process.platform === 'win32') return undefined;
  try {
    // NAME:PASSWORD:UID:… of passwd(5), as far as users are in a file.
    const users = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    return users.find((fields) => fields[2] === String(uid))?.[0] ?? `user ${uid}`;
  } catch {
    return `user ${uid}`;
  }
}

function isProcessAlive(id: number): boolean {
  // 0 would mean the processes of our own group.
  if (id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function flush(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  processId: process.pid,
  isProcessAlive,
  kindOf,
  list: (folder) => unless(absent, () => readdirSync(folder).sort()),
  realPath: (path) => unless(absent, () => realpathSync(path)) ?? path,
  ownerOf,
  readText: (file) => readFileSync(file, 'utf8'),
  readBytes: (file) => readFileSync(file),
  sizeOf: (file) => statSync(file).size,
  readBytesFrom,
  isWritable: (folder) =>
    succeeds(() => {
      accessSync(folder, constants.W_OK | constants.X_OK);
    }),
  makeFolders,
  writeText: (file, text, executable) => {
    writeFileSync(file, text, { mode: executable ? 0o755 : 0o644 });
  },
  writePrivate: (file, text) => {
    // A file that is there would keep its mode.
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  },
  copy: (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  },
  rename: (from, to) => {
    renameSync(from, to);
  },
  flush,
  removeFile: (path) => {
    unless(absent, () => {
      unlinkSync(path);
    });
  },
  removeEmptyFolder: (folder) =>
    succeeds(() => {
      rmdirSync(folder);
    }),
  removeTree: (folder) => {
    rmSync(folder, { recursive: true, force: true });
  },
};
