import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log that a component writes lines to. */
export interface LogFile {
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** Opens the log of a component, to be added to. */
export type OpenLog = (path: string) => LogFile;

/**
 * A log of bounded size: when it is full it becomes `PATH.1`, in the place of the one before, and a new one begins.
 * Lines have the time in front. A log that cannot be written ends nothing.
 */
export function openLogFile(path: string, mostBytes = 1024 * 1024): LogFile {
  let descriptor = open(path);
  let size = descriptor === undefined ? 0 : fstatSync(descriptor).size;

  function rotate(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    renameSync(path, `${path}.1`);
    descriptor = open(path);
    size = 0;
  }
  return {
    write: (line) => {
      const bytes = Buffer.from(`${new Date().toISOString()} ${line}\n`);
      try {
        if (size > 0 && size + bytes.length > mostBytes) rotate();
        if (descriptor !== undefined) writeSync(descriptor, bytes);
        size += bytes.length;
      } catch {
        // A full disk: the cluster runs on without a log.
      }
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'a');
  } catch {
    return undefined;
  }
}
