import { hasCode } from '../zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../zookeeper/zookeeper-session.ts';
import type { Candidacy, Contest } from './discovery.ts';
import { retryMs, type Look, type ZookeeperGroup } from './zookeeper-group.ts';

interface CandidacyOptions {
  readonly session: ZookeeperSession;
  readonly group: ZookeeperGroup;
  /** Of the znode's name, before its number. */
  readonly prefix: string;
  readonly data: Buffer;
  readonly contest: Contest;
}

/**
 * A member of a group from its first attempt to join until it withdraws or its znode is gone
 * (src/zookeeper/contender.cpp and group.cpp).
 */
export class ZookeeperCandidacy implements Candidacy {
  readonly #options: CandidacyOptions;
  readonly #unsubscribe: readonly (() => void)[];
  /** Name of its znode; undefined while it has not joined. */
  #name: string | undefined;
  /** Earlier looks do not show the znode yet. */
  #firstLook = Number.POSITIVE_INFINITY;
  #isElected = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(options: CandidacyOptions) {
    this.#options = options;
    this.#unsubscribe = [
      options.group.listen((look) => {
        this.#judge(look);
      }),
      options.session.onEvent((event) => {
        if (event.kind === 'connected') this.#wake();
        if (event.kind === 'expired' && this.#name !== undefined) this.#lose(event.reason);
      }),
    ];
    void this.#join();
  }

  readonly withdraw = (): void => {
    if (this.#isOver) return;
    this.#end();
    if (this.#name !== undefined) void this.#remove(this.#name);
  };

  async #join(): Promise<void> {
    const { session, group } = this.#options;
    for (let attempt = 0; !this.#isOver; attempt += 1) {
      try {
        const id = session.sessionId();
        const name = (attempt === 0 ? undefined : await this.#findOwn()) ?? (await this.#create());
        if (id !== session.sessionId()) continue;
        this.#name = name;
      } catch (error) {
        if (hasCode(error, 'SessionClosed')) return;
        if (!hasCode(error, 'ConnectionLoss', 'SessionExpired')) {
          session.log(`cannot join ${group.folder}: ${error instanceof Error ? error.message : String(error)}`);
        }
        await this.#pause();
        continue;
      }
      this.#firstLook = group.lookAgain();
      break;
    }
    if (this.#isOver && this.#name !== undefined) await this.#remove(this.#name);
  }

  async #create(): Promise<string> {
    const { session, group, prefix, data } = this.#options;
    const path = `${group.folder}/${prefix}`;
    let created: string;
    try {
      created = await session.create(path, data, 'ephemeral-sequential');
    } catch (error) {
      if (!hasCode(error, 'NoNode')) throw error;
      await session.ensurePath(group.folder);
      created = await session.create(path, data, 'ephemeral-sequential');
    }
    return created.slice(group.folder.length + 1);
  }

  /** The answer to the first attempt may have been lost, and the znode be there: a second one would vote twice. */
  async #findOwn(): Promise<string | undefined> {
    const { session, group, prefix, data } = this.#options;
    try {
      for (const name of await session.getChildren(group.folder)) {
        if (!name.startsWith(prefix)) continue;
        const found = await session.getData(`${group.folder}/${name}`).catch((error: unknown) => {
          if (hasCode(error, 'NoNode')) return undefined;
          throw error;
        });
        if (found?.stat.ephemeralOwner === session.sessionId() && found.data.equals(data)) return name;
      }
    } catch (error) {
      if (!hasCode(error, 'NoNode')) throw error;
    }
    return undefined;
  }

  #judge({ number, members }: Look): void {
    if (this.#isOver || this.#name === undefined || number < this.#firstLook || members === undefined) return;
    if (!members.some(({ name }) => name === this.#name)) {
      this.#lose(`${this.#options.group.folder}/${this.#name} was removed`);
    } else if (members[0]?.name === this.#name && !this.#isElected) {
      this.#isElected = true;
      this.#options.contest.onElected();
    }
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.contest.onLost?.(reason);
  }

  #end(): void {
    this.#isOver = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#wake();
  }

  /** Ephemeral: when this does not come to pass, the end of the session will. */
  async #remove(name: string): Promise<void> {
    const { session, group } = this.#options;
    const id = session.sessionId();
    while (id === session.sessionId()) {
      try {
        await session.remove(`${group.folder}/${name}`);
        return;
      } catch (error) {
        if (!hasCode(error, 'ConnectionLoss')) return;
      }
    }
  }

  /** Until the next connection; while there is one, for a moment. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.session.isConnected() ? setTimeout(resolve, retryMs) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
