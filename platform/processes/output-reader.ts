import { closeSync, fchownSync, openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { limitOutput } from './output-limit.ts';
import type { UserIds } from './user-ids.ts';

/** How long others may hold a stream open and say nothing, once the command has ended. */
const lingerMs = 1000;

/** Reads what a process writes, keeps it in a file, and passes it on to one reader at the reader's pace. */
export class OutputReader {
  readonly #stream: Socket;
  readonly #file: number;
  readonly #limit: { readonly stop: () => void };
  #waitsSince: number | undefined;

  /** @throws the system's error when the file cannot be opened */
  constructor(stream: Socket, file: string, maxBytes: number, ids: UserIds | undefined) {
    this.#stream = stream.on('error', () => undefined);
    this.#file = openSync(file, 'a');
    if (ids !== undefined) fchownSync(this.#file, ids.uid, ids.gid);
    this.#limit = limitOutput(file, maxBytes);
    stream.once('close', () => {
      this.#limit.stop();
      closeSync(this.#file);
    });
  }

  /** Ends however the stream does. */
  async *parts(): AsyncGenerator<Uint8Array, void> {
    const parts = (this.#stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    for (;;) {
      this.#waitsSince = performance.now();
      const next = await parts.next().catch(() => undefined);
      this.#waitsSince = undefined;
      if (next === undefined || next.done === true) return;
      this.#keep(next.value);
      yield next.value;
    }
  }

  letGo(): void {
    this.#stream.destroy();
  }

  /** Its process has ended: what is left of the output is read, but nobody waits for more of it. */
  processEnded(): void {
    const timer = setInterval(() => {
      const isSilent = this.#waitsSince !== undefined && performance.now() - this.#waitsSince >= lingerMs;
      if (isSilent) this.letGo();
    }, lingerMs).unref();
    this.#stream.once('close', () => {
      clearInterval(timer);
    });
  }

  /** A full disk is no reason to disturb the reader. */
  #keep(part: Uint8Array): void {
    try {
      for (let from = 0; from < part.length;) from += writeSync(this.#file, part, from);
    } catch {
      // As the task's own writes would fail.
    }
  }
}
