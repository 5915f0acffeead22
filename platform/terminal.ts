import { fstatSync, statSync, writeSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';

/** Where text goes: standard output or standard error. */
export interface Output {
  /** Writes all of it, or nothing more once the reader is gone (`| head`). */
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** How many characters fit in a line of a terminal; missing: it is none, or does not say. */
  readonly columns?: number | undefined;
}

/** The same, but nothing is written. */
export const silent = ({ isTerminal }: Output): Output => ({ isTerminal, write: () => undefined });

/** Standard input. */
export interface Input {
  readonly isTerminal: boolean;
  /**
   * Reads to the end, but at most `limit` bytes.
   * @throws AbortError when the signal aborts first
   */
  readonly read: (limit: number, signal: AbortSignal) => Promise<Uint8Array>;
}

/** What the prompts library reads keys from and draws on. */
export interface PromptStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Writes to a file descriptor at once. process.stdout would load node:net and node:tty, 3 ms of a start that may
 * cost 18, and for a pipe that is full it would have to be waited for before the process ends.
 */
export function descriptorOutput(descriptor: 1 | 2): Output {
  let isOpen = true;
  return {
    write: (text) => {
      if (!isOpen) return;
      // Also after an error: its message must not fail in the same way.
      isOpen = false;
      isOpen = writeAll(descriptor, Buffer.from(text));
    },
    get isTerminal() {
      return mayBeTerminal(descriptor) && (descriptor === 1 ? process.stdout : process.stderr).isTTY;
    },
    get columns() {
      return mayBeTerminal(descriptor) ? (descriptor === 1 ? process.stdout : process.stderr).columns : undefined;
    },
  };
}

/** @returns false when nobody reads any more */
function writeAll(descriptor: number, bytes: Buffer): boolean {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      // A full disk behind standard output is the user's to mend; behind standard error there is nobody to tell.
      if (code === 'ENOSPC' || code === 'EIO') {
        if (descriptor === 2) return false;
        throw new UserError({ code: 'MACHINE_NOT_WRITABLE', message: `Standard output cannot be written (${code})` });
      }
      // Another process has made the shared pipe non-blocking, and it is full: wait for its reader.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else throw error;
    }
  }
  return true;
}

/** Cheap first question: files, pipes and /dev/null are no terminals, and need no node:tty (3 ms) to say so. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    // A closed descriptor (`>&-`).
    return false;
  }
}

/** The real standard input. */
export const standardInput: Input = {
  get isTerminal() {
    return mayBeTerminal(0) && process.stdin.isTTY;
  },
  read: async (limit, signal) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const { addAbortSignal } = await import('node:stream');
    for await (const chunk of addAbortSignal(signal, process.stdin) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
    return Buffer.concat(chunks).subarray(0, limit);
  },
};

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** Marks text up for a terminal, or returns it as it is. */
export type Colours = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/**
 * Colours for a stream: only on a terminal that can show them, and not against the user's will
 * (`NO_COLOR`, https://no-color.org; `TERM=dumb`; `--no-color`).
 */
export function coloursFor(
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Colours {
  const on = wanted && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' && output.isTerminal;
  return Object.fromEntries(
    Object.entries(codes).map(([name, [start, end]]) => [
      name,
      (text: string) => (on ? `\u001b[${String(start)}m${text}\u001b[${String(end)}m` : text),
    ]),
  ) as Record<keyof typeof codes, (text: string) => string>;
}
