import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Changes } from './app-store.ts';
import { recordsOfWhole } from './saved-state.ts';

/*
 * Records as text, in which the last word counts. A line for each record, its key and its value, or the key alone when
 * it is gone; an empty line after all that was saved together: what comes after the last one was torn off by a crash, and
 * never happened. The first line says which form it is: before it there was one JSON object with everything.
 */

const formatKey = 'format';
const format = 2;

/** Bytes that are made at once: a matter of milliseconds. */
const chunkLength = 256 * 1024;
/** Records that are parsed, and lines that are taken, at once. */
const parsedAtOnce = 2000;
const takenAtOnce = 20_000;
/** A log that has so many lines for each record, and some more, is written anew. */
const linesPerRecord = 4;
const spareLines = 2000;

/** Something to write. Its text is made while it is written, in chunks; it may be gone through again. */
export interface Batch {
  /** It has everything: what was written before counts no more. */
  readonly isWhole: boolean;
  readonly lines: number;
  readonly text: Iterable<string>;
}

/** What is known of a log, and what is to be written into it next. The first time, and after a failure, everything is. */
export class RecordLog {
  readonly #records: Map<string, unknown>;
  /** Undefined: nobody knows what is in the log. */
  #lines: number | undefined;

  constructor(records: Iterable<readonly [string, unknown]>) {
    this.#records = new Map(records);
  }

  /** @param isWhole everything is to be written, whether it is time or not */
  batch(changes: Changes, isWhole = false): Batch {
    if (!isWhole && this.#lines !== undefined && this.#lines <= linesPerRecord * this.#records.size + spareLines) {
      return { isWhole: false, lines: changes.size, text: { [Symbol.iterator]: () => chunksOf(changes) } };
    }
    const records = applied(new Map(this.#records), changes);
    const all = function* () {
      yield lineOf(formatKey, format);
      yield* chunksOf(records);
    };
    return { isWhole: true, lines: records.size, text: { [Symbol.iterator]: all } };
  }

  /** The batch is written. */
  written({ isWhole, lines }: Batch, changes: Changes): void {
    applied(this.#records, changes);
    this.#lines = (isWhole ? 0 : (this.#lines ?? 0)) + lines;
  }

  /** Nobody knows how much of a batch is written. */
  failed(): void {
    this.#lines = undefined;
  }
}

function applied(records: Map<string, unknown>, changes: Changes): Map<string, unknown> {
  for (const [key, value] of changes) {
    if (value === undefined) records.delete(key);
    else records.set(key, value);
  }
  return records;
}

function lineOf(key: string, value: unknown): string {
  return value === undefined ? `${JSON.stringify(key)}\n` : `${JSON.stringify(key)}\t${JSON.stringify(value)}\n`;
}

function* chunksOf(records: Changes): Generator<string> {
  let chunk = '';
  for (const [key, value] of records) {
    chunk += lineOf(key, value);
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}\n`;
}

/**
 * The records that a text has, of whichever form.
 * @throws when it has another form than those that this version knows
 */
export async function readRecords(text: string): Promise<ReadonlyMap<string, unknown>> {
  if (text.startsWith('{')) return recordsOfWhole(JSON.parse(text));
  const values = await lastWords(text);
  const formatLine = JSON.stringify(formatKey);
  if (values.size > 0 && values.get(formatLine) !== String(format)) {
    throw new Error('the saved state is not one of this version');
  }
  values.delete(formatLine);
  const records = new Map<string, unknown>();
  for (const [key, value] of values) {
    records.set(JSON.parse(key) as string, JSON.parse(value));
    if (records.size % parsedAtOnce === 0) await nextTurn();
  }
  return records;
}

/** The value of each key, both as they are written. */
async function lastWords(text: string): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  let batch: string[] = [];
  let taken = 0;
  for (let start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    if (end > start) {
      batch.push(text.slice(start, end));
      continue;
    }
    for (const line of batch) {
      const tab = line.indexOf('\t');
      if (tab < 0) values.delete(line);
      else values.set(line.slice(0, tab), line.slice(tab + 1));
      taken += 1;
      if (taken % takenAtOnce === 0) await nextTurn();
    }
    batch = [];
  }
  return values;
}
