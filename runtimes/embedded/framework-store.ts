import { StateTakenOver, type RecordStore } from '../../engine/framework/storage/record-store.ts';
import type { OpenFile } from '../../platform/files/open-file.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { Json } from '../../protocol/mesos.ts';

type Files = Pick<Sandboxes, 'append' | 'openAppend' | 'readRecord' | 'remove' | 'rename' | 'writeRecord'>;

/** A log that is longer than this, and than twice of what was rewritten last, is rewritten. In characters. */
const fewCharacters = 1024 * 1024;

/**
 * What the Marathons, or the Chronoses, of a lab remember, in a file: a batch to a line. What a crash leaves of a line counts as not
 * written. Each of them has its own view of it. Who loads it takes over: what one that led before, and was paused, still
 * wants to save is refused.
 */
export function frameworkStore(path: string, files: Files): () => RecordStore {
  const file = new LogFile(path, files);
  return () => {
    let term: object | undefined;
    return {
      load: () => {
        term = {};
        return file.load(term);
      },
      append: (batch) => file.append(batch, term),
      rewrite: (batches) => file.rewrite(batches, term),
    };
  };
}

class LogFile {
  readonly #path: string;
  readonly #files: Files;
  #owner: object | undefined;
  /** Open as long as no other file takes its place: a launch of many tasks appends thousands of times. */
  #open: OpenFile | undefined;
  #length = 0;
  /** A write failed, perhaps in the middle of a line. */
  #isTorn = false;
  #rewrittenLength = 0;
  /** Lines that were added since a rewriting began. */
  #added: string[] | undefined;
  /** Writes come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
  }

  load(term: object): Promise<readonly Json[]> {
    this.#owner = term;
    return this.#inTurn(async () => {
      const batches = await this.#read();
      this.#rewrittenLength = 0;
      return batches;
    });
  }

  append(batch: string, term: object | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#demand(term);
      if (this.#isTorn) await this.#read();
      const line = `${batch}\n`;
      this.#isTorn = true;
      if (this.#length === 0) await this.#files.writeRecord(this.#path, line);
      else {
        this.#open ??= await this.#files.openAppend(this.#path);
        await this.#open.append(line);
      }
      this.#isTorn = false;
      this.#length += line.length;
      this.#added?.push(line);
      return this.#length > Math.max(fewCharacters, 2 * this.#rewrittenLength);
    });
  }

  async rewrite(batches: AsyncIterable<string>, term: object | undefined): Promise<void> {
    const next = `${this.#path}.next`;
    let length = 0;
    await this.#inTurn(() => {
      this.#demand(term);
      this.#added = [];
      return this.#files.remove(next);
    });
    const add = async (lines: readonly string[]) => {
      const text = lines.join('');
      if (length === 0) await this.#files.writeRecord(next, text);
      else await this.#files.append(next, text);
      length += text.length;
    };
    try {
      for await (const each of batches) await add([`${each}\n`]);
      await this.#inTurn(async () => {
        this.#demand(term);
        this.#rewrittenLength = length;
        await add(this.#added ?? []);
        this.#close();
        await this.#files.rename(next, this.#path);
        this.#length = length;
      });
    } finally {
      this.#added = undefined;
    }
  }

  /** Removes what is left of a line that was not written to its end, so that the next one begins one. */
  async #read(): Promise<readonly Json[]> {
    this.#close();
    const text = (await this.#files.readRecord(this.#path)) ?? '';
    const { batches, whole } = readLines(text);
    if (whole !== text) await this.#files.writeRecord(this.#path, whole);
    this.#isTorn = false;
    this.#length = whole.length;
    return batches;
  }

  #close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  #demand(term: object | undefined): void {
    if (term === undefined || term !== this.#owner) {
      throw new StateTakenOver('Another leader has taken over the state');
    }
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/**
 * @returns the batches of the lines that are whole, and those lines
 * @throws for a line that is none of ours, but for the last one
 */
function readLines(text: string): { readonly batches: readonly Json[]; readonly whole: string } {
  const lines = text.split('\n').filter((line) => line !== '');
  const batches: Json[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      batches.push(JSON.parse(line) as Json);
    } catch (error) {
      if (index < lines.length - 1) throw error;
    }
  }
  const whole = lines.slice(0, batches.length).map((line) => `${line}\n`);
  return { batches, whole: whole.join('') };
}
