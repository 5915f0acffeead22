import { constants, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { confinedFolder, type ConfinedFolder } from './confined-folder.ts';
import { freeSpace } from './free-space.ts';
import { openAppend, type OpenFile } from './open-file.ts';
import { usedBytes } from './used-bytes.ts';

/** An entry of a folder, as /files/browse of Mesos describes it. */
export interface FileEntry {
  readonly name: string;
  /** As `ls -l` writes it: `-rw-r--r--`. */
  readonly mode: string;
  /** The same in bits, with those of its kind. */
  readonly modeBits: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  readonly nlink: number;
  readonly size: number;
  /** Name of the owner, or the number if it has none. */
  readonly uid: string;
  readonly gid: string;
}

export interface MachineFacts {
  readonly cpus: number;
  readonly memoryTotalBytes: number;
  readonly memoryFreeBytes: number;
  /** Size of the file system that a folder is on. */
  readonly diskTotalBytes: number;
  /** Over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
}

/**
 * The files of an agent: the sandboxes of its tasks and its own records. Paths are absolute. Unless a method says
 * otherwise, what cannot be done rejects with the system's error.
 */
export interface Sandboxes {
  /** Makes a folder and those above it. */
  readonly makeFolder: (folder: string) => Promise<void>;
  /** Makes a link at `path`, in place of one that is there. */
  readonly link: (target: string, path: string) => Promise<void>;
  /** Appends to a file, which is created. */
  readonly append: (file: string, text: string) => Promise<void>;
  /** Opens a file, which is created, for many appends. It stays the same file when another one takes its place. */
  readonly openAppend: (file: string) => Promise<OpenFile>;
  /**
   * Writes a file in one step: a reader (or a crash) sees the old one or the new one. Makes its folder. Only the owner
   * may read it: environments of tasks hold secrets.
   */
  readonly writeRecord: (file: string, text: string) => Promise<void>;
  /** Puts a file in the place of another one, in one step. */
  readonly rename: (file: string, newFile: string) => Promise<void>;
  /** Undefined if there is no such file, or it cannot be read. */
  readonly readRecord: (file: string) => Promise<string | undefined>;
  /** Removes a file or a folder with everything in it, following no link; never rejects. */
  readonly remove: (path: string) => Promise<void>;
  /** @param folder absolute; it exists */
  readonly confined: (folder: string) => ConfinedFolder;
  /** Sorted; empty if there is no such folder. */
  readonly names: (folder: string) => Promise<readonly string[]>;

  /** Without links, `.` and `..`; undefined if there is nothing at the path. */
  readonly realPath: (path: string) => Promise<string | undefined>;
  /** When a file or a folder was last written, in ms since 1970; undefined if there is none. */
  readonly modifiedAt: (path: string) => Promise<number | undefined>;
  readonly kindOf: (path: string) => Promise<'file' | 'folder' | 'other' | undefined>;
  /** Sorted by name; links are described, not followed. */
  readonly browse: (folder: string) => Promise<readonly FileEntry[]>;
  /** A part of a regular file, and the size of all of it. Does not follow a link at the path. */
  readonly readPart: (
    file: string,
    offset: number,
    length: number,
  ) => Promise<{ readonly size: number; readonly bytes: Uint8Array }>;
  /** The bytes of a regular file. Does not follow a link at the path. */
  readonly readAll: (file: string) => AsyncIterable<Uint8Array>;

  /** @param folder whose file system is measured */
  readonly machine: (folder: string) => Promise<MachineFacts>;
  /** What a folder takes of its disk with all that is in it, as `du -k -s` counts. Rejects when there is no such folder. */
  readonly usedBytes: (folder: string, signal: AbortSignal) => Promise<number>;
  /** Bytes that are free for everybody on the disk of a folder; undefined where the system does not say. */
  readonly freeBytes: (folder: string) => number | undefined;
}

const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The files of this machine. */
export const nodeSandboxes: Sandboxes = {
  makeFolder: async (folder) => {
    await fs.mkdir(folder, { recursive: true });
  },
  link: async (target, path) => {
    await fs.symlink(target, path).catch(async () => {
      await fs.rm(path, { force: true });
      await fs.symlink(target, path);
    });
  },
  append: (file, text) => fs.appendFile(file, text),
  openAppend,
  writeRecord: async (file, text) => {
    const write = () => fs.writeFile(`${file}.new`, text, { mode: 0o600 });
    await write().catch(async () => {
      await fs.mkdir(dirname(file), { recursive: true });
      await write();
    });
    await fs.rename(`${file}.new`, file);
  },
  rename: (file, newFile) => fs.rename(file, newFile),
  readRecord: (file) => fs.readFile(file, 'utf8').catch(() => undefined),
  remove: (path) => fs.rm(path, { recursive: true, force: true }).catch(() => undefined),
  confined: confinedFolder,
  freeBytes: freeSpace,
  usedBytes,
  names: async (folder) => (await fs.readdir(folder).catch((): string[] => [])).sort(),
  realPath: (path) => fs.realpath(path).catch(() => undefined),
  modifiedAt: async (path) => (await fs.stat(path).catch(() => undefined))?.mtimeMs,
  kindOf: async (path) => {
    const stats = await fs.lstat(path).catch(() => undefined);
    if (stats === undefined) return undefined;
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  },
  browse,
  readPart: async (file, offset, length) => {
    const handle = await fs.open(file, readOnly);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      if (buffer.length === 0) return { size, bytes: buffer };
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      return { size, bytes: buffer.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  },
  readAll,
  machine: async (folder) => {
    const [short = 0, middle = 0, long = 0] = loadavg();
    const disk = await fs.statfs(folder).catch(() => undefined);
    return {
      cpus: cpus().length,
      memoryTotalBytes: totalmem(),
      memoryFreeBytes: freemem(),
      diskTotalBytes: disk === undefined ? 0 : disk.blocks * disk.bsize,
      load: [short, middle, long],
    };
  },
};

async function* readAll(file: string): AsyncIterable<Uint8Array> {
  const handle = await fs.open(file, readOnly);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(64 * 1024) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function browse(folder: string): Promise<readonly FileEntry[]> {
  const names = (await fs.readdir(folder)).sort();
  const entries = await Promise.all(
    names.map(async (name): Promise<FileEntry | undefined> => {
      const stats = await fs.lstat(join(folder, name)).catch(() => undefined);
      if (stats === undefined) return undefined;
      return {
        name,
        mode: describeMode(stats.mode),
        modeBits: stats.mode,
        mtime: Math.floor(stats.mtimeMs / 1000),
        nlink: stats.nlink,
        size: stats.size,
        uid: nameOf('/etc/passwd', stats.uid),
        gid: nameOf('/etc/group', stats.gid),
      };
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

const kinds = new Map([
  [constants.S_IFDIR, 'd'],
  [constants.S_IFLNK, 'l'],
  [constants.S_IFIFO, 'p'],
  [constants.S_IFSOCK, 's'],
  [constants.S_IFCHR, 'c'],
  [constants.S_IFBLK, 'b'],
]);

const permissions = ['r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'];

function describeMode(mode: number): string {
  const bits = permissions.map((letter, index) => ((mode & (0o400 >> index)) === 0 ? '-' : letter)).join('');
  return (kinds.get(mode & constants.S_IFMT) ?? '-') + bits;
}

const namesById = new Map<string, ReadonlyMap<string, string>>();

/** From the user and group tables, which are read once; others (a directory service) stay numbers. */
function nameOf(table: string, id: number): string {
  let names = namesById.get(table);
  if (names === undefined) {
    names = readTable(table);
    namesById.set(table, names);
  }
  return names.get(String(id)) ?? String(id);
}

function readTable(table: string): ReadonlyMap<string, string> {
  try {
    const lines = readFileSync(table, 'utf8').split('\n').reverse();
    return new Map(lines.map((line) => line.split(':')).map(([name = '', , id = '']) => [id, name]));
  } catch {
    return new Map();
  }
}
