import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../platform/files/file-system.ts';

/** Thrown by every call once the process is "dead", so that nothing it would do afterwards reaches the disk. */
export class Killed extends Error {}

/** Does the first half of a change that takes the system several steps. */
function doHalf(real: FileSystem, method: keyof FileSystem, parameters: readonly unknown[]): void {
  const [first, second] = parameters.map(String) as [string, string];
  if (method === 'writeText') writeFileSync(first, second.slice(0, second.length / 2));
  if (method === 'copy') writeFileSync(second, readFileSync(first).subarray(0, 3));
  if (method === 'makeFolders') real.makeFolders(join(first, '..'));
  if (method === 'removeTree' && real.kindOf(first) === 'folder') {
    const names = readdirSync(first);
    for (const name of names.slice(0, names.length / 2)) rmSync(join(first, name), { recursive: true });
  }
}

const changing: ReadonlySet<string> = new Set<keyof FileSystem>([
  'makeFolders',
  'writeText',
  'copy',
  'rename',
  'flush',
  'removeFile',
  'removeEmptyFolder',
  'removeTree',
]);

/**
 * A real file system on which a process is killed in the course of its n-th change (counted from 0): that change is
 * done by half where it can be, and every later call throws.
 */
export function dyingFileSystem(
  real: FileSystem,
  killAt: number,
): { readonly files: FileSystem; readonly died: () => boolean } {
  let count = 0;
  let dead = false;
  const files = new Proxy(real, {
    get(target, name: keyof FileSystem) {
      const member: unknown = target[name];
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        if (dead) throw new Killed();
        if (changing.has(name)) {
          dead = count === killAt;
          count += 1;
        }
        if (!dead) return Reflect.apply(member, target, parameters);
        doHalf(real, name, parameters);
        throw new Killed();
      };
    },
  });
  return { files, died: () => dead };
}

/** A real file system on which the n-th change (counted from 0) fails with an error of the system; all others work. */
export function failingFileSystem(real: FileSystem, failAt: number, code: string): FileSystem {
  let count = 0;
  return new Proxy(real, {
    get(target, name: keyof FileSystem) {
      const member: unknown = target[name];
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        if (changing.has(name) && count++ === failAt) {
          throw Object.assign(new Error(`${code}: made to fail`), { code, syscall: name });
        }
        return Reflect.apply(member, target, parameters);
      };
    },
  });
}
