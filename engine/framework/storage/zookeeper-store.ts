import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Json } from '../../../protocol/mesos.ts';
import { hasCode, isUncertain } from '../../zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../../zookeeper/zookeeper-session.ts';
import { StateTakenOver, type RecordStore } from './record-store.ts';
import { parsePointer, type Entry, type Pointer } from './zookeeper-pointer.ts';

/** A znode holds a megabyte at most, and so does a transaction. */
const maxPieceBytes = 512 * 1024;
const maxEntryBytes = 512 * 1024 * 1024;
/** Characters of batches that are rewritten as one entry. */
const rewrittenTogether = 512 * 1024;
/** More entries than these are rewritten: their names are written each time. */
const mostEntries = 500;
/** And more bytes, if they are more than all were when they were last rewritten. */
const fewBytes = 1024 * 1024;
/** Of pieces that nobody needs any more, in one transaction. */
const maxSwept = 100;
const maxTakeovers = 20;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * A framework's state below `<path>/state`: batches, compressed, in znodes under `pieces`; `current` names those that
 * count, in their order. One write of `current` adds a batch, or puts others in the place of many. So a leader that
 * dies at any moment leaves the state before or the one after. Loading raises the version of `current`, and writing
 * demands the version that this store knows: whoever led before can write no more (`StateTakenOver`), however long it
 * believes that it leads. It is our own form: a real Marathon or Chronos neither finds nor disturbs it there.
 */
export function zookeeperStore(session: ZookeeperSession, path: string): RecordStore {
  let latest = new ZookeeperStore(session, `${path}/state`);
  return {
    load: () => {
      // A write that a former leadership of this process left under way must not profit from what is loaded now.
      latest = new ZookeeperStore(session, `${path}/state`);
      return latest.load();
    },
    append: (batch) => latest.append(batch),
    rewrite: (batches) => latest.rewrite(batches),
  };
}

class ZookeeperStore {
  readonly #session: ZookeeperSession;
  readonly #folder: string;
  readonly #current: string;
  /** Names of pieces begin with it. */
  readonly #term = randomUUID().slice(0, 8);
  #pieceCount = 0;
  /** Of `current`, after our last write; undefined before the first load. */
  #version: number | undefined;
  #pointer: Pointer = { format: 2, base: [], log: [] };
  #baseBytes = 0;
  #logBytes = 0;
  /** A write of `current` of which nobody knows whether it was carried out. */
  #uncertain: Pointer | undefined;
  /** Writes of `current`, and sweeps, come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(session: ZookeeperSession, folder: string) {
    this.#session = session;
    this.#folder = `${folder}/pieces`;
    this.#current = `${folder}/current`;
  }

  async load(): Promise<readonly Json[]> {
    await this.#session.ensurePath(this.#folder);
    await this.#session.ensurePath(this.#current);
    await this.#session.sync(this.#current);
    this.#pointer = await this.#takeOver();
    const base = await this.#readAll(this.#pointer.base);
    const log = await this.#readAll(this.#pointer.log);
    [this.#baseBytes, this.#logBytes] = [base.bytes, log.bytes];
    void this.#inTurn(() => this.#sweep());
    return [...base.batches, ...log.batches];
  }

  /** @throws StateTakenOver when another leader has loaded the state since; otherwise a ZookeeperError */
  append(batch: string): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#beSure();
      const bytes = await compress(batch);
      const pieces = this.#pieces(bytes);
      const { base, log } = this.#pointer;
      const next: Pointer = { format: 2, base, log: [...log, pieces.map(({ name }) => name)] };
      if (pieces.length > 1) await this.#create(pieces);
      await this.#switchTo(next, pieces.length > 1 ? [] : pieces);
      this.#logBytes += bytes.length;
      return log.length >= mostEntries || this.#logBytes > Math.max(fewBytes, this.#baseBytes);
    });
  }

  /** @throws StateTakenOver when another leader has loaded the state since; otherwise a ZookeeperError */
  async rewrite(batches: AsyncIterable<string>): Promise<void> {
    const [before, bytesBefore] = [this.#pointer.log.length, this.#logBytes];
    const base: Entry[] = [];
    let bytes = 0;
    const write = async (lines: readonly string[]) => {
      const compressed = await compress(lines.join('\n'));
      const pieces = this.#pieces(compressed);
      await this.#create(pieces);
      base.push(pieces.map(({ name }) => name));
      bytes += compressed.length;
    };
    for await (const lines of inChunks(batches, rewrittenTogether)) await write(lines);
    await this.#inTurn(async () => {
      await this.#beSure();
      await this.#switchTo({ format: 2, base, log: this.#pointer.log.slice(before) }, []);
      this.#baseBytes = bytes;
      this.#logBytes -= bytesBefore;
      await this.#sweep();
    });
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #beSure(): Promise<void> {
    if (this.#uncertain !== undefined) await this.#findOut(this.#uncertain);
    if (this.#version === undefined) throw new Error('A state must be loaded before one is saved');
  }

  /** Makes `current` ours: who knew its version knows it no more. */
  async #takeOver(): Promise<Pointer> {
    for (let attempt = 0; attempt < maxTakeovers; attempt += 1) {
      const { data, stat } = await this.#session.getData(this.#current);
      const pointer = parsePointer(data, this.#current);
      try {
        this.#version = (await this.#session.setData(this.#current, data, stat.version)).version;
        return pointer;
      } catch (error) {
        if (!hasCode(error, 'BadVersion')) throw error;
      }
    }
    throw new Error(`Others write ${this.#current} all the time`);
  }

  async #readAll(entries: readonly Entry[]): Promise<{ readonly batches: readonly Json[]; readonly bytes: number }> {
    const batches: Json[] = [];
    let bytes = 0;
    for (const entry of entries) {
      const parts: Buffer[] = [];
      for (const name of entry) parts.push((await this.#session.getData(`${this.#folder}/${name}`)).data);
      const compressed = Buffer.concat(parts);
      bytes += compressed.length;
      const text = (await decompress(compressed, { maxOutputLength: maxEntryBytes })).toString('utf8');
      for (const line of text.split('\n')) batches.push(JSON.parse(line) as Json);
    }
    return { batches, bytes };
  }

  #pieces(bytes: Buffer): readonly Piece[] {
    return Array.from({ length: Math.max(1, Math.ceil(bytes.length / maxPieceBytes)) }, (_, index) => ({
      name: `${this.#term}-${String((this.#pieceCount += 1))}`,
      data: bytes.subarray(index * maxPieceBytes, (index + 1) * maxPieceBytes),
    }));
  }

  async #create(pieces: readonly Piece[]): Promise<void> {
    for (const { name, data } of pieces) await this.#session.create(`${this.#folder}/${name}`, data);
  }

  async #switchTo(pointer: Pointer, creations: readonly Piece[]): Promise<void> {
    const version = this.#version ?? 0;
    try {
      await this.#session.multi([
        { kind: 'set', path: this.#current, data: bytesOf(pointer), version },
        ...creations.map(({ name, data }) => ({ kind: 'create' as const, path: `${this.#folder}/${name}`, data })),
      ]);
      this.#version = version + 1;
      this.#pointer = pointer;
    } catch (error) {
      if (hasCode(error, 'BadVersion')) throw this.#takenOver();
      if (!isUncertain(error)) throw error;
      this.#uncertain = pointer;
      if (!(await this.#findOut(pointer))) throw error;
    }
  }

  /** Whether a write came to pass whose answer is lost. */
  async #findOut(pointer: Pointer): Promise<boolean> {
    await this.#session.sync(this.#current);
    const { data, stat } = await this.#session.getData(this.#current);
    const isDone = data.equals(bytesOf(pointer));
    if (stat.version !== (this.#version ?? 0) + (isDone ? 1 : 0)) throw this.#takenOver();
    this.#uncertain = undefined;
    this.#version = stat.version;
    if (isDone) this.#pointer = pointer;
    return isDone;
  }

  /**
   * Removes pieces of former states, and those that somebody left who died before they counted. Only while `current`
   * is still ours: else they may be those of a successor. What remains, the next time removes.
   */
  async #sweep(): Promise<void> {
    const version = this.#version ?? 0;
    try {
      const used = new Set([...this.#pointer.base, ...this.#pointer.log].flat());
      const names = await this.#session.getChildren(this.#folder);
      const unused = names.filter((name) => !used.has(name));
      for (let first = 0; first < unused.length; first += maxSwept) {
        await this.#session.multi([
          { kind: 'check', path: this.#current, version },
          ...unused
            .slice(first, first + maxSwept)
            .map((name) => ({ kind: 'delete' as const, path: `${this.#folder}/${name}` })),
        ]);
      }
    } catch {
      // The next sweep tries again, or a write finds out what is wrong.
    }
  }

  #takenOver(): StateTakenOver {
    return new StateTakenOver(`another leader has taken over ${this.#current}`);
  }
}

interface Piece {
  readonly name: string;
  readonly data: Buffer;
}

const bytesOf = (pointer: Pointer) => Buffer.from(JSON.stringify(pointer));

/** Batches together, as long as they have no more characters than this; a larger one stands alone. */
async function* inChunks(batches: AsyncIterable<string>, characters: number): AsyncGenerator<readonly string[]> {
  let chunk: string[] = [];
  let length = 0;
  for await (const batch of batches) {
    if (chunk.length > 0 && length + batch.length > characters) {
      yield chunk;
      [chunk, length] = [[], 0];
    }
    chunk.push(batch);
    length += batch.length;
  }
  if (chunk.length > 0) yield chunk;
}
