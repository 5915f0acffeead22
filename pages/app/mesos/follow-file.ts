import type { FilePart } from '../../picture/details.ts';
import { words } from '../words.ts';

/** How a file is read that grows, is cut, or becomes another one under the same name. */
export interface Following {
  /** What came to it. */
  readonly onText: (text: string) => void;
  /** It is shown from there: a number of bytes. */
  readonly onStart: (start: number) => void;
  /** Empty: none. */
  readonly onTrouble: (trouble: string) => void;
}

/** @throws Error in words for the reader */
export type ReadPart = (offset: number) => Promise<FilePart>;

export const bytesOf = (part: FilePart): Uint8Array =>
  Uint8Array.from(atob(part.data), (character) => character.charCodeAt(0));

const newline = 10;

/** Where the first whole line of a part begins: nobody needs half a line, or half a character. */
export function firstLine(bytes: Uint8Array, offset: number): number {
  const start = offset === 0 ? 0 : bytes.indexOf(newline) + 1;
  return start < bytes.length ? start : 0;
}

/** Reads a file from near its end, part by part. */
export class FileReader {
  readonly #read: ReadPart;
  readonly #following: Following;
  /** Nobody wants to hear of it any more. */
  readonly #isOver: () => boolean;
  /** Characters may be cut between two parts. */
  #decoder = new TextDecoder();
  /** -1: nothing was read. */
  #next = -1;

  constructor(read: ReadPart, following: Following, isOver: () => boolean) {
    this.#read = read;
    this.#following = following;
    this.#isOver = isOver;
  }

  /** @returns whether there is more of it already */
  async step(): Promise<boolean> {
    const { onText, onStart, onTrouble } = this.#following;
    try {
      const part = await this.#read(this.#next);
      if (this.#isOver()) return false;
      onTrouble('');
      if (part.size < this.#next) {
        // It was emptied, or another one is there: Mesos's log rotation does that.
        this.#next = 0;
        this.#decoder = new TextDecoder();
        onStart(0);
        onText(`\n${words.fileBegins}\n`);
        return true;
      }
      const bytes = bytesOf(part);
      const skipped = this.#next === -1 ? firstLine(bytes, part.offset) : 0;
      if (this.#next === -1) onStart(part.offset + skipped);
      this.#next = part.offset + bytes.length;
      const text = this.#decoder.decode(bytes.subarray(skipped), { stream: true });
      if (text !== '') onText(text);
      return this.#next < part.size && bytes.length > 0;
    } catch (error) {
      if (!this.#isOver()) onTrouble(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
