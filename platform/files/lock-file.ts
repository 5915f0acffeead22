import {
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, ownIdentity, type ProcessIdentity } from '../processes/process-identity.ts';

/** What came of an attempt to lock: the lock, or who holds it (unknown while the holder is writing its name). */
export type LockAttempt =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'busy'; readonly holder: ProcessIdentity | undefined };

/**
 * Tries once to take the lock of this path; a lock whose process has ended counts for nothing.
 * @throws the system's error when the folder cannot be written
 */
export type TryLock = (path: string) => LockAttempt;

/** A lock without a name in it is one that is being written, unless it is older than this. */
const writingMs = 2000;

/** A file that holds who made it. */
export const tryLockFile: TryLock = (path) => {
  const own = ownIdentity();
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    const made = unlessCode('EEXIST', () => {
      writeNew(path, JSON.stringify(own));
    });
    if (made)
      return {
        kind: 'held',
        release: () => {
          release(path, own);
        },
      };
    const holder = holderOf(path);
    if (holder === undefined ? isFresh(path) : isRunning(holder)) return { kind: 'busy', holder };
    takeAway(path, holder, `${path}.${String(own.pid)}`);
  }
};

/** On a full disk there is a file, and nothing goes into it: that one must not stand for a lock. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeSync(file, text);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Removes a lock that was left behind; one that somebody took in the meantime is put back. */
function takeAway(path: string, expected: ProcessIdentity | undefined, aside: string): void {
  if (
    !unlessCode('ENOENT', () => {
      renameSync(path, aside);
    })
  )
    return;
  const taken = holderOf(aside);
  if (taken?.started !== expected?.started) {
    unlessCode('EEXIST', () => {
      copyFileSync(aside, path, constants.COPYFILE_EXCL);
    });
  }
  unlessCode('ENOENT', () => {
    unlinkSync(aside);
  });
}

function release(path: string, own: ProcessIdentity): void {
  const holder = holderOf(path);
  if (holder?.pid !== own.pid || holder.started !== own.started) return;
  unlessCode('ENOENT', () => {
    unlinkSync(path);
  });
}

function holderOf(path: string): ProcessIdentity | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isFresh(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) < writingMs;
}

/** @returns false when the action fails with this code; throws what else it throws */
function unlessCode(code: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return false;
    throw error;
  }
}
