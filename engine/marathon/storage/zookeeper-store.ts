import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Json } from '../../../protocol/mesos.ts';
import type { Operation } from '../../zookeeper/messages.ts';
import { hasCode, isUncertain } from '../../zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../../zookeeper/zookeeper-session.ts';
import { StateTakenOver, type AppStore } from './state-store.ts';

/** A znode holds a megabyte at most, and so does a transaction. */
const maxPieceBytes = 512 * 1024;
const maxStateBytes = 512 * 1024 * 1024;
/** Of pieces that nobody needs any more, in one transaction. */
const maxSwept = 100;
const maxTakeovers = 20;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** What the znode `current` says: where the state is. Empty: there is none yet. */
interface Pointer {
  readonly format: 1;
  readonly pieces: readonly string[];
}

/**
 * Marathon's state below `<path>/state`, compressed, in pieces: each state has pieces of its own under `pieces`, and
 * one write of `current` makes it the state there is. So a Marathon that dies at any moment leaves the state before or
 * the one after. Loading raises the version of `current`, and saving demands the version that this store knows: whoever
 * led before can save no more (`StateTakenOver`), however long it believes that it leads. It is our own form: a real
 * Marathon neither finds nor disturbs it there.
 */
export function zookeeperStore(session: ZookeeperSession, path: string): AppStore {
  let latest = new ZookeeperStore(session, `${path}/state`);
  return {
    load: () => {
      // A save that a former leadership of this process left under way must not profit from what is loaded now.
      latest = new ZookeeperStore(session, `${path}/state`);
      return latest.load();
    },
    save: (state) => latest.save(state),
  };
}

class ZookeeperStore {
  readonly #session: ZookeeperSession;
  readonly #folder: string;
  readonly #current: string;
  /** Of `current`, after our last write; undefined before the first load. */
  #version: number | undefined;
  #pieces: readonly string[] = [];
  /** A write of `current` of which nobody knows whether it was carried out. */
  #uncertain: Pointer | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(session: ZookeeperSession, folder: string) {
    this.#session = session;
    this.#folder = `${folder}/pieces`;
    this.#current = `${folder}/current`;
  }

  async load(): Promise<Json | undefined> {
    await this.#session.ensurePath(this.#folder);
    await this.#session.ensurePath(this.#current);
    await this.#session.sync(this.#current);
    const pointer = await this.#takeOver();
    this.#pieces = pointer?.pieces ?? [];
    const state = pointer === undefined ? undefined : await this.#read(pointer);
    this.#sweeping = this.#sweep();
    return state;
  }

  /** @throws StateTakenOver when another Marathon has loaded the state since; otherwise a ZookeeperError */
  async save(state: Json): Promise<void> {
    await this.#sweeping;
    if (this.#uncertain !== undefined) await this.#findOut(this.#uncertain);
    if (this.#version === undefined) throw new Error('A state must be loaded before one is saved');
    const bytes = await compress(JSON.stringify(state));
    const generation = randomUUID();
    const count = Math.max(1, Math.ceil(bytes.length / maxPieceBytes));
    const creations = Array.from({ length: count }, (_, index) => ({
      kind: 'create' as const,
      path: `${this.#folder}/${generation}-${String(index).padStart(4, '0')}`,
      data: bytes.subarray(index * maxPieceBytes, (index + 1) * maxPieceBytes),
    }));
    const pointer: Pointer = { format: 1, pieces: creations.map((each) => each.path.slice(this.#folder.length + 1)) };
    const [only] = creations;
    if (count === 1 && only !== undefined) {
      await this.#switchTo(pointer, [only]);
    } else {
      for (const each of creations) await this.#session.create(each.path, each.data);
      await this.#switchTo(pointer, []);
    }
    this.#sweeping = this.#sweep();
  }

  /** Makes `current` ours: who knew its version knows it no more. */
  async #takeOver(): Promise<Pointer | undefined> {
    for (let attempt = 0; attempt < maxTakeovers; attempt += 1) {
      const { data, stat } = await this.#session.getData(this.#current);
      const pointer = this.#parse(data);
      try {
        this.#version = (await this.#session.setData(this.#current, data, stat.version)).version;
        return pointer;
      } catch (error) {
        if (!hasCode(error, 'BadVersion')) throw error;
      }
    }
    throw new Error(`Others write ${this.#current} all the time`);
  }

  #parse(data: Buffer): Pointer | undefined {
    if (data.length === 0) return undefined;
    const { format, pieces } = JSON.parse(data.toString('utf8')) as Partial<Record<keyof Pointer, unknown>>;
    const isKnown = format === 1 && Array.isArray(pieces) && pieces.every((each) => typeof each === 'string');
    if (!isKnown) throw new Error(`${this.#current} is not of this version`);
    return { format, pieces };
  }

  async #read({ pieces }: Pointer): Promise<Json> {
    const parts: Buffer[] = [];
    for (const name of pieces) parts.push((await this.#session.getData(`${this.#folder}/${name}`)).data);
    const bytes = await decompress(Buffer.concat(parts), { maxOutputLength: maxStateBytes });
    return JSON.parse(bytes.toString('utf8')) as Json;
  }

  async #switchTo(pointer: Pointer, creations: readonly Operation[]): Promise<void> {
    const version = this.#version ?? 0;
    const data = Buffer.from(JSON.stringify(pointer));
    try {
      await this.#session.multi([{ kind: 'set', path: this.#current, data, version }, ...creations]);
      this.#version = version + 1;
      this.#pieces = pointer.pieces;
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
    if (stat.version !== (this.#version ?? 0) + (isDone ? 1 : 0)) throw this.#takenOver();
    this.#uncertain = undefined;
    this.#version = stat.version;
    if (isDone) this.#pieces = pointer.pieces;
    return isDone;
  }

  /**
   * Removes pieces of former states, and those that somebody left who died before they counted. Only while `current`
   * is still ours: else they may be those of a successor. What remains, the next time removes.
   */
  async #sweep(): Promise<void> {
    const version = this.#version ?? 0;
    try {
      const names = await this.#session.getChildren(this.#folder);
      const unused = names.filter((name) => !this.#pieces.includes(name));
      for (let first = 0; first < unused.length; first += maxSwept) {
        await this.#session.multi([
          { kind: 'check', path: this.#current, version },
          ...unused
            .slice(first, first + maxSwept)
            .map((name) => ({ kind: 'delete' as const, path: `${this.#folder}/${name}` })),
        ]);
      }
    } catch {
      // The next save tries again, or finds out what is wrong.
    }
  }

  #takenOver(): StateTakenOver {
    return new StateTakenOver(`another Marathon has taken over ${this.#current}`);
  }
}
