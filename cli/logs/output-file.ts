import type { LogSource } from './log-line.ts';

/** A part of a file, and how long all of it is. */
export interface FilePart {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Reads at most 64 KiB of a file from an offset on; undefined when it is not there. */
export type ReadPart = (path: string, offset: number, length: number) => Promise<FilePart | undefined>;

/** What Mesos reads at a time (FilesProcess::_read: 16 pages). */
const partBytes = 65_536;

/** Of one file so much at a time, that no other waits for long. */
const mostParts = 16;

/** A line without an end is shown after this time, or when it is as long as a part. */
const unfinishedMs = 2000;

const lineEnd = 0x0a;

/** An output file of a task, read from where it was read before. */
export class OutputFile {
  readonly source: LogSource;
  readonly #path: string;
  readonly #read: ReadPart;
  #offset = 0;
  #unfinished = new Uint8Array();
  #grewAt = 0;

  constructor(source: LogSource, path: string, read: ReadPart) {
    this.source = source;
    this.#path = path;
    this.#read = read;
  }

  /**
   * Its last lines, of the last megabyte; what is read later is what comes behind them.
   * @param size where it ends
   */
  async openAtEnd(size: number, tail: number, now: number): Promise<readonly string[]> {
    let bytes = new Uint8Array();
    let start = size;
    while (start > 0 && size - start < partBytes * mostParts && linesIn(bytes) <= tail && tail > 0) {
      const from = Math.max(0, start - partBytes);
      const part = await this.#read(this.#path, from, start - from);
      if (part === undefined) return [];
      bytes = joined(part.bytes, bytes);
      start = from;
    }
    this.#offset = size;
    // A line of which the beginning was not read is none.
    const whole = start === 0 ? bytes : bytes.subarray(bytes.indexOf(lineEnd) + 1);
    const lines = this.#take(whole, now);
    return tail === Infinity ? lines : lines.slice(Math.max(0, lines.length - tail));
  }

  /** The lines that were added, and whether nothing more is there. A file that has become shorter begins anew. */
  async readMore(now: number): Promise<{ readonly lines: readonly string[]; readonly atEnd: boolean }> {
    const lines: string[] = [];
    for (let parts = 0; parts < mostParts; parts += 1) {
      const part = await this.#read(this.#path, this.#offset, partBytes);
      if (part === undefined) return { lines, atEnd: true };
      if (part.size < this.#offset) {
        lines.push(...this.rest());
        this.#offset = 0;
        continue;
      }
      this.#offset += part.bytes.length;
      lines.push(...this.#take(part.bytes, now));
      if (part.bytes.length === 0 || this.#offset >= part.size) {
        if (now - this.#grewAt >= unfinishedMs) lines.push(...this.rest());
        return { lines, atEnd: true };
      }
    }
    return { lines, atEnd: false };
  }

  /** What stands behind the end of the last line, as a line. */
  rest(): readonly string[] {
    const rest = this.#unfinished;
    this.#unfinished = new Uint8Array();
    return rest.length === 0 ? [] : [textOf(rest)];
  }

  #take(bytes: Uint8Array, now: number): readonly string[] {
    if (bytes.length === 0) return [];
    this.#grewAt = now;
    const all = joined(this.#unfinished, bytes);
    const end = all.lastIndexOf(lineEnd) + 1;
    this.#unfinished = all.slice(end);
    const lines = end === 0 ? [] : textOf(all.subarray(0, end - 1)).split('\n');
    return this.#unfinished.length < partBytes ? lines : [...lines, ...this.rest()];
  }
}

const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const linesIn = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + (byte === lineEnd ? 1 : 0), 0);

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
