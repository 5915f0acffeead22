import * as fs from 'node:fs';
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

function kindOf(path: string): EntryKind | undefined {
  // Without an exception for the common case that nothing is there: making one costs more than the call.
  const stats = unless(absent, () => fs.lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return undefined;
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
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
  const descriptor = fs.openSync(file, 'r+');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
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
  list: (folder) => unless(absent, () => fs.readdirSync(folder).sort()),
  readText: (file) => fs.readFileSync(file, 'utf8'),
  readBytes: (file) => fs.readFileSync(file),
  isWritable: (folder) =>
    succeeds(() => {
      fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    }),
  makeFolders: (folder) => fs.mkdirSync(folder, { recursive: true }),
  writeText: (file, text, executable) => {
    fs.writeFileSync(file, text, { mode: executable ? 0o755 : 0o644 });
  },
  copy: (from, to) => {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
  },
  rename: (from, to) => {
    fs.renameSync(from, to);
  },
  flush,
  removeFile: (path) => {
    unless(absent, () => {
      fs.unlinkSync(path);
    });
  },
  removeEmptyFolder: (folder) =>
    succeeds(() => {
      fs.rmdirSync(folder);
    }),
  removeTree: (folder) => {
    fs.rmSync(folder, { recursive: true, force: true });
  },
};
