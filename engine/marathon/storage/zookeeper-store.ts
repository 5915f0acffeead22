import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Operation } from '../../zookeeper/messages.ts';
import { hasCode, isUncertain } from '../../zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../../zookeeper/zookeeper-session.ts';
import { StateTakenOver, type AppStore, type Changes } from './app-store.ts';
import { countOf, noPieces, pieceNames, pointerAfter, readPointer, type Pointer } from './pointer.ts';
import { readRecords, RecordLog } from './record-log.ts';

/** A znode holds a megabyte at most, and so does a transaction. */
const maxPieceBytes = 512 * 1024;
const maxStateBytes = 512 * 1024 * 1024;
/** A log of so many pieces is written anew. */
const maxPieces = 500;
/** Of pieces that nobody needs any more, in one transaction; of those that are read, at once. */
const maxSwept = 100;
const maxRead = 20;
const maxTakeovers = 20;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Marathon's records below `<path>/state`: a log, in numbered pieces under `pieces`, compressed; `current` says which
 * of them count, and each save writes it together with its last piece. So a Marathon that dies at any moment leaves the
 * records before a save or those after. Loading raises the version of `current`, and saving demands the version that
 * this store knows: whoever led before can save no more (`StateTakenOver`), however long it believes that it leads. It
 * is our own form: a real Marathon neither finds nor disturbs it there.
 */
export function zookeeperStore(session: ZookeeperSession, path: string): AppStore {
  let latest = new ZookeeperStore(session, `${path}/state`);
  return {
    load: () => {
      // A save that a former leadership of this process left under way must not profit from what is loaded now.
      latest = new ZookeeperStore(session, `${path}/state`);
      return latest.load();
    },
    save: (changes) => latest.save(changes),
  };
}

class ZookeeperStore {
  readonly #session: ZookeeperSession;
  readonly #folder: string;
  readonly #current: string;
  /** Of `current`, after our last write. */
  #version = 0;
  #pointer: Pointer = noPieces;
  /** Undefined before the state is loaded. */
  #log: RecordLog | undefined;
  /** A write of `current` of which nobody knows whether it was carried out. */
  #uncertain: Pointer | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(session: ZookeeperSession, folder: string) {
    this.#session = session;
    this.#folder = `${folder}/pieces`;
    this.#current = `${folder}/current`;
  }

  async load(): Promise<ReadonlyMap<string, unknown>> {
    await this.#session.ensurePath(this.#folder);
    await this.#session.ensurePath(this.#current);
    await this.#session.sync(this.#current);
    this.#pointer = await this.#takeOver();
    const records = await readRecords(await this.#read());
    this.#log = new RecordLog(records);
    this.#sweeping = this.#sweep();
    return records;
  }

  /** @throws StateTakenOver when another Marathon has loaded the state since; otherwise a ZookeeperError */
  async save(changes: Changes): Promise<void> {
    await this.#sweeping;
    const log = this.#log;
    if (log === undefined) throw new Error('a state must be loaded before one is saved');
    if (this.#uncertain !== undefined) await this.#findOut(this.#uncertain);
    const batch = log.batch(changes, countOf(this.#pointer) >= maxPieces);
    try {
      await this.#write(await compressed(batch.text), batch.isWhole);
    } catch (error) {
      log.failed();
      this.#sweeping = this.#sweep();
      throw error;
    }
    log.written(batch, changes);
    if (batch.isWhole) this.#sweeping = this.#sweep();
  }

  /** Makes `current` ours: who knew its version knows it no more. */
  async #takeOver(): Promise<Pointer> {
    for (let attempt = 0; attempt < maxTakeovers; attempt += 1) {
      const { data, stat } = await this.#session.getData(this.#current);
      const pointer = readPointer(data, this.#current);
      try {
        this.#version = (await this.#session.setData(this.#current, data, stat.version)).version;
        return pointer;
      } catch (error) {
        if (!hasCode(error, 'BadVersion')) throw error;
      }
    }
    throw new Error(`Others write ${this.#current} all the time`);
  }

  async #read(): Promise<string> {
    const names = pieceNames(this.#pointer);
    const parts: Buffer[] = [];
    for (let first = 0; first < names.length; first += maxRead) {
      const some = names.slice(first, first + maxRead).map((name) => this.#session.getData(`${this.#folder}/${name}`));
      for (const { data } of await Promise.all(some)) parts.push(data);
    }
    if (parts.length === 0) return '';
    // Compressed one by one, they are decompressed together.
    return (await decompress(Buffer.concat(parts), { maxOutputLength: maxStateBytes })).toString('utf8');
  }

  /** Writes what follows; only the last request makes it count. */
  async #write(bytes: Buffer, isWhole: boolean): Promise<void> {
    const count = Math.ceil(bytes.length / maxPieceBytes);
    const pointer = pointerAfter(this.#pointer, count, isWhole);
    const creations = pieceNames(pointer)
      .slice(-count)
      .map((name, index) => ({
        kind: 'create' as const,
        path: `${this.#folder}/${name}`,
        data: bytes.subarray(index * maxPieceBytes, (index + 1) * maxPieceBytes),
      }));
    for (const each of creations.slice(0, -1)) await this.#fenced([each]);
    await this.#switchTo(pointer, creations.slice(-1));
  }

  async #fenced(operations: readonly Operation[]): Promise<void> {
    try {
      await this.#session.multi([{ kind: 'check', path: this.#current, version: this.#version }, ...operations]);
    } catch (error) {
      throw hasCode(error, 'BadVersion') ? this.#takenOver() : error;
    }
  }

  async #switchTo(pointer: Pointer, creations: readonly Operation[]): Promise<void> {
    const data = Buffer.from(JSON.stringify(pointer));
    try {
      await this.#session.multi([{ kind: 'set', path: this.#current, data, version: this.#version }, ...creations]);
      this.#version += 1;
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
    const isDone = data.equals(Buffer.from(JSON.stringify(pointer)));
    if (stat.version !== this.#version + (isDone ? 1 : 0)) throw this.#takenOver();
    this.#uncertain = undefined;
    this.#version = stat.version;
    if (isDone) this.#pointer = pointer;
    return isDone;
  }

  /**
   * Removes pieces that do not count: former ones, and those that somebody left who died, or failed, before they did.
   * Only while `current` is still ours: else they may be those of a successor. What remains, the next time removes.
   */
  async #sweep(): Promise<void> {
    try {
      if (this.#uncertain !== undefined) await this.#findOut(this.#uncertain);
      const used = new Set(pieceNames(this.#pointer));
      const unused = (await this.#session.getChildren(this.#folder)).filter((name) => !used.has(name));
      for (let first = 0; first < unused.length; first += maxSwept) {
        const some = unused.slice(first, first + maxSwept);
        await this.#fenced(some.map((name) => ({ kind: 'delete' as const, path: `${this.#folder}/${name}` })));
      }
    } catch {
      // The next save tries again, or finds out what is wrong.
    }
  }

  #takenOver(): StateTakenOver {
    return new StateTakenOver(`another Marathon has taken over ${this.#current}`);
  }
}

/** Each chunk by itself, so that no one waits for all of them. */
async function compressed(chunks: Iterable<string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const chunk of chunks) parts.push(await compress(chunk, { level: constants.Z_BEST_SPEED }));
  return Buffer.concat(parts);
}
