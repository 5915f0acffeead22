import { closeSync, ftruncateSync, fstatSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';

const slowMs = 1000;
const fastMs = 100;

/**
 * Watches a file that a process appends to, and when it takes more than `maxBytes` of the disk, keeps its last
 * `maxBytes` as `<file>.1` and empties it (as logrotate's copytruncate): at most about twice the bound stays. A file
 * that grows fast is looked at ten times a second.
 */
export function limitOutput(file: string, maxBytes: number): { readonly stop: () => void } {
  let lastSize = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const size = takenBytes(file);
    if (size > maxBytes) cut(file, maxBytes);
    const grewFast = size - lastSize > maxBytes / 50;
    lastSize = size > maxBytes ? 0 : size;
    return grewFast;
  };
  const schedule = (delayMs: number) => {
    timer = setTimeout(() => {
      schedule(look() ? fastMs : slowMs);
    }, delayMs).unref();
  };
  schedule(fastMs);
  return {
    stop: () => {
      clearTimeout(timer);
      look();
    },
  };
}

/** What a file takes of the disk: less than its size where a process wrote behind the end of an emptied file. */
function takenBytes(file: string): number {
  try {
    const { size, blocks } = statSync(file);
    return Math.min(size, blocks * 512);
  } catch {
    return 0;
  }
}

/** A task may do what it likes to its own files: whatever goes wrong here is no reason to disturb anything else. */
function cut(file: string, keptBytes: number): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r+');
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(keptBytes, size));
    const length = readSync(descriptor, tail, 0, tail.length, size - tail.length);
    ftruncateSync(descriptor, 0);
    writeFileSync(`${file}.1`, tail.subarray(0, length));
  } catch {
    // Removed, or no space even for the copy.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
