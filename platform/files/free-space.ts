import { statfsSync } from 'node:fs';

/** Bytes that are free for everybody on the disk of a folder; undefined where the system does not say. */
export type FreeSpace = (folder: string) => number | undefined;

/** Asks the system. */
export const freeSpace: FreeSpace = (folder) => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
};
