import { lstatSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of ours among the system's temporary ones. */
export interface ScratchFolder {
  /** Absolute, without links. */
  readonly path: string;
  /** The process that made it. */
  readonly owner: number;
}

const parse = (name: string, prefix: string): number =>
  name.startsWith(`${prefix}-`) ? Number(/^(\d+)-/.exec(name.slice(prefix.length + 1))?.[1]) : Number.NaN;

/** Makes one that only this user may enter; its name says whose process it is. */
export function makeScratchFolder(prefix: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `${prefix}-${process.pid}-`)));
}

/** Those that processes of this user have made, this one's too. */
export function scratchFolders(prefix: string): readonly ScratchFolder[] {
  return readdirSync(tmpdir()).flatMap((name) => {
    const owner = parse(name, prefix);
    if (!Number.isSafeInteger(owner)) return [];
    const path = join(tmpdir(), name);
    try {
      const stats = lstatSync(path);
      // Anybody may make a folder there, and write into it what somebody else is to end.
      return stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid)
        ? [{ path: realpathSync(path), owner }]
        : [];
    } catch {
      return [];
    }
  });
}
