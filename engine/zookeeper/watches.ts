import type { WatchEvent } from './connection-messages.ts';

/** Of the data and existence of a znode, or of the names of its children. */
export type WatchKind = 'data' | 'children';

const eventKinds: Readonly<Record<number, readonly WatchKind[]>> = {
  1: ['data'],
  2: ['data', 'children'],
  3: ['data'],
  4: ['children'],
};

/** Who waits for which change. A watch fires once, as in ZooKeeper. */
export class Watches {
  readonly #waiting = new Map<string, Set<() => void>>();

  add(kind: WatchKind, path: string, onChange: () => void): void {
    const key = `${kind} ${path}`;
    const others = this.#waiting.get(key);
    if (others === undefined) this.#waiting.set(key, new Set([onChange]));
    else others.add(onChange);
  }

  take({ type, path }: WatchEvent): void {
    for (const kind of eventKinds[type] ?? []) this.#fire(`${kind} ${path}`);
  }

  /**
   * All of them: on a new connection nobody knows what has changed since, so that everybody looks again. Simpler than
   * to have the server compare (setWatches), and as right: a watch promises a change no more than a new look does.
   */
  fireAll(): void {
    for (const key of [...this.#waiting.keys()]) this.#fire(key);
  }

  clear(): void {
    this.#waiting.clear();
  }

  #fire(key: string): void {
    const listeners = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const listener of listeners) listener();
  }
}
