import type { ZookeeperSession } from '../zookeeper/zookeeper-session.ts';
import { hasCode } from '../zookeeper/zookeeper-error.ts';

/** One of a group: an ephemeral sequential znode. */
export interface Member {
  readonly name: string;
  /** The lowest leads. */
  readonly sequence: number;
}

/** What a look at the group has found, lowest sequence first; undefined when the session is over and nobody can tell. */
export type Look = { readonly number: number; readonly members: readonly Member[] | undefined };

/** As RETRY_INTERVAL of src/zookeeper/group.cpp. */
export const retryMs = 2000;

/** Keeps looking at the members of a group, while anybody listens. */
export class ZookeeperGroup {
  readonly #session: ZookeeperSession;
  readonly #sequenceOf: (name: string) => number | undefined;
  readonly #listeners = new Set<(look: Look) => void>();
  readonly folder: string;
  #unsubscribe: () => void = () => undefined;
  #latest: Look = { number: 0, members: undefined };
  #started = 0;
  #isLooking = false;
  #mustLookAgain = false;
  /** Looks of a session that is over are worth nothing. */
  #sessions = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  /** The same one each time: a watch that has not fired yet is not kept twice. */
  readonly #onChange = () => {
    this.lookAgain();
  };

  /** @param sequenceOf undefined for a znode that is no member */
  constructor(session: ZookeeperSession, folder: string, sequenceOf: (name: string) => number | undefined) {
    this.#session = session;
    this.folder = folder;
    this.#sequenceOf = sequenceOf;
  }

  get latest(): Look {
    return this.#latest;
  }

  /** Listeners hear of every look, whether it found anything new or not. */
  listen(listener: (look: Look) => void): () => void {
    // First, for nobody looks while nobody listens.
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#retryTimer);
      this.#unsubscribe();
    };
  }

  /** @returns number of the first look that begins after this call */
  lookAgain(): number {
    this.#mustLookAgain = true;
    const before = this.#started;
    void this.#look();
    // It has begun at once, or is the next one.
    return this.#started > before ? this.#started : before + 1;
  }

  #start(): void {
    this.#latest = { number: this.#started, members: undefined };
    this.#unsubscribe = this.#session.onEvent((event) => {
      if (event.kind === 'connected') {
        this.lookAgain();
      } else if (event.kind === 'expired') {
        this.#sessions += 1;
        this.#publish({ number: this.#started, members: undefined });
      }
    });
    this.lookAgain();
  }

  /** One look at a time: they are answered in the order in which they began. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#mustLookAgain && this.#session.isConnected() && this.#listeners.size > 0) {
      this.#mustLookAgain = false;
      this.#started += 1;
      const [session, number] = [this.#sessions, this.#started];
      const members = await this.#members();
      if (members !== undefined && session === this.#sessions) this.#publish({ number, members });
    }
    this.#isLooking = false;
  }

  async #members(): Promise<readonly Member[] | undefined> {
    try {
      const names = await this.#session.getChildren(this.folder, this.#onChange);
      return this.#toMembers(names);
    } catch (error) {
      if (hasCode(error, 'NoNode')) await this.#createFolder();
      else this.#retryLater(error);
      return undefined;
    }
  }

  #toMembers(names: readonly string[]): readonly Member[] {
    const members = names.flatMap((name) => {
      const sequence = this.#sequenceOf(name);
      return sequence === undefined ? [] : [{ name, sequence }];
    });
    return members.sort((a, b) => a.sequence - b.sequence);
  }

  /** Whoever comes first makes the folder, detectors too (group.cpp, create). */
  async #createFolder(): Promise<void> {
    try {
      await this.#session.ensurePath(this.folder);
      this.#mustLookAgain = true;
    } catch (error) {
      this.#retryLater(error);
    }
  }

  /** Without a connection, the next one makes us look again. */
  #retryLater(error: unknown): void {
    if (!this.#session.isConnected() || hasCode(error, 'ConnectionLoss', 'SessionExpired', 'SessionClosed')) return;
    this.#session.log(`cannot read ${this.folder}: ${error instanceof Error ? error.message : String(error)}`);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.lookAgain();
    }, retryMs);
  }

  #publish(look: Look): void {
    this.#latest = look;
    for (const listener of [...this.#listeners]) listener(look);
  }
}
