import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';

/**
 * Writes below one folder and never outside of it. Paths are relative to the folder; no part of one may be `..` or a link,
 * and what is at a path is replaced, not written into. So nothing that was written before, such as a link that leads out
 * of the folder, makes a later write leave it. Nobody else may write in the folder meanwhile.
 *
 * What it refuses rejects in the words of libarchive, whose rules these are (ARCHIVE_EXTRACT_SECURE_*).
 */
export interface ConfinedFolder {
  /** Makes a folder and those above it. */
  readonly makeFolder: (path: string) => Promise<void>;
  /** Makes a regular file and the folders above it. Of the mode only the permissions count, less the umask. */
  readonly writeFile: (path: string, mode: number, content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Makes a link, wherever it leads. */
  readonly link: (path: string, target: string) => Promise<void>;
  /** Makes another name for a regular file in the folder. */
  readonly hardLink: (path: string, existing: string) => Promise<void>;
  /** Gives a regular file its permissions, whatever the umask. */
  readonly setMode: (path: string, mode: number) => Promise<void>;
}

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** @param folder absolute; it exists */
export function confinedFolder(folder: string): ConfinedFolder {
  const existingFile = async (path: string) => {
    const place = await placeOf(folder, path);
    if ((await kindAt(place)) !== 'file') throw new Error(`'${path}' is no regular file`);
    return place;
  };
  return {
    makeFolder: async (path) => {
      await makeFolders(folder, partsOf(path));
    },
    writeFile: async (path, mode, content) => {
      const file = await fs.open(await freePlace(folder, path), newFile, mode & 0o777);
      try {
        for await (const bytes of content) await file.writeFile(bytes);
      } finally {
        await file.close();
      }
    },
    link: async (path, target) => {
      await fs.symlink(target, await freePlace(folder, path));
    },
    hardLink: async (path, existing) => {
      const source = await existingFile(existing);
      const target = await placeOf(folder, path);
      if (source !== target) await fs.link(source, await freePlace(folder, path));
    },
    setMode: async (path, mode) => {
      const file = await fs.open(await existingFile(path), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        await file.chmod(mode & 0o777);
      } finally {
        await file.close();
      }
    },
  };
}

function partsOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error("Path contains '..'");
  if (path.includes('\0')) throw new Error('Path contains a NUL character');
  return parts;
}

async function kindAt(place: string): Promise<'folder' | 'file' | 'other' | undefined> {
  const stats = await fs.lstat(place).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}

async function makeFolders(folder: string, parts: readonly string[]): Promise<string> {
  let place = folder;
  for (const part of parts) {
    place = `${place}/${part}`;
    const kind = await kindAt(place);
    if (kind === undefined) await fs.mkdir(place);
    else if (kind !== 'folder') throw new Error(`Cannot extract through symlink or file ${part}`);
  }
  return place;
}

/** Where a path is; the folders above it are there. */
async function placeOf(folder: string, path: string): Promise<string> {
  const parts = partsOf(path);
  const name = parts.at(-1);
  if (name === undefined) throw new Error('Invalid empty pathname');
  return `${await makeFolders(folder, parts.slice(0, -1))}/${name}`;
}

/** Where a path is, with nothing there. */
async function freePlace(folder: string, path: string): Promise<string> {
  const place = await placeOf(folder, path);
  const kind = await kindAt(place);
  if (kind === 'folder') throw new Error(`Can't replace existing directory with non-directory: '${path}'`);
  if (kind !== undefined) await fs.unlink(place);
  return place;
}
