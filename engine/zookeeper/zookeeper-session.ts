import type { ZkServer } from '../../protocol/zk-url.ts';
import * as messages from './messages.ts';
import type { CreateMode, Operation, Request, Stat } from './messages.ts';
import { type SessionEvent, SessionKeeper } from './session-keeper.ts';
import { Watches, type WatchKind } from './watches.ts';
import { hasCode } from './zookeeper-error.ts';

/*
 * A ZooKeeper client of our own. Of the packages for Node.js, one binds the C library, which has to be compiled where
 * it is installed; the other, in JavaScript alone, has had no release for years, does not expire a session that it
 * cannot reach, and gives its requests no deadline.
 */

export interface ZookeeperOptions {
  readonly servers: readonly ZkServer[];
  /** What is asked for; the ensemble may grant another (2 to 20 of its ticks). Mesos and Marathon: 10000. */
  readonly sessionTimeoutMs: number;
  /** `user:password`, for the digest scheme: what is created can then be changed with it alone, and read by all. */
  readonly auth?: string;
  readonly log: (line: string) => void;
  /** A session has expired; a new one is opened as soon as a server answers. Components hear of it by their discovery. */
  readonly onExpired?: (reason: string) => void;
}

/**
 * A client that keeps a session with an ensemble: connects to another server when one is gone, and opens a new session
 * when one has expired. All requests reject with a ZookeeperError: what ZooKeeper says; `ConnectionLoss` when nobody
 * knows whether the request was carried out, or when it could not be sent in time; `SessionExpired`; `SessionClosed`.
 * Watches fire once, also when the connection was renewed and something may have changed.
 */
export interface ZookeeperSession {
  /** As given: what is built on the session says there what it does. */
  readonly log: (line: string) => void;
  readonly isConnected: () => boolean;
  /** Of the session there is; 0n before the first and between two. */
  readonly sessionId: () => bigint;
  /** @returns the path, which for a sequential znode has its number */
  readonly create: (path: string, data: Uint8Array, mode?: CreateMode) => Promise<string>;
  /** Creates a persistent znode and its parents, those that are not there yet. */
  readonly ensurePath: (path: string) => Promise<void>;
  /** @param version any when left out */
  readonly remove: (path: string, version?: number) => Promise<void>;
  readonly exists: (path: string, onChange?: () => void) => Promise<Stat | undefined>;
  readonly getData: (path: string, onChange?: () => void) => Promise<{ readonly data: Buffer; readonly stat: Stat }>;
  readonly setData: (path: string, data: Uint8Array, version?: number) => Promise<Stat>;
  readonly getChildren: (path: string, onChange?: () => void) => Promise<readonly string[]>;
  /** All of it or nothing. */
  readonly multi: (operations: readonly Operation[]) => Promise<void>;
  /** What is read afterwards is not older than now. */
  readonly sync: (path: string) => Promise<void>;
  /** @returns how to unsubscribe */
  readonly onEvent: (listener: (event: SessionEvent) => void) => () => void;
  /** Ends the session, and with it its ephemeral znodes; safe to call twice. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Opens at once and connects in the background, for ever: a component may start before its ZooKeeper. */
export function openZookeeper(options: ZookeeperOptions): ZookeeperSession {
  const watches = new Watches();
  const listeners = new Set<(event: SessionEvent) => void>();
  const keeper = new SessionKeeper({
    ...options,
    onWatchEvent: (event) => {
      watches.take(event);
    },
    onEvent: (event) => {
      if (event.kind === 'expired') options.onExpired?.(event.reason);
      for (const listener of [...listeners]) listener(event);
      if (event.kind === 'connected') watches.fireAll();
    },
  });
  const access = options.auth === undefined ? 'open' : 'creator';
  const watched = <Answer>(request: Request<Answer>, kind: WatchKind, path: string, onChange?: () => void) =>
    keeper.send(request, (error) => {
      const isWatched = error === 0 || request.opCode === existsOpCode;
      if (onChange !== undefined && isWatched) watches.add(kind, path, onChange);
    });
  const create = (path: string, data: Uint8Array, mode: CreateMode = 'persistent') =>
    keeper.send(messages.create(path, data, mode, access));
  return {
    log: options.log,
    isConnected: () => keeper.isConnected,
    sessionId: () => keeper.sessionId,
    create,
    ensurePath: async (path) => {
      await createWithParents(path, (each) => create(each, Buffer.alloc(0)));
    },
    remove: (path, version = -1) => keeper.send(messages.remove(path, version)),
    exists: async (path, onChange) => {
      const request = messages.exists(path, onChange !== undefined);
      return watched(request, 'data', path, onChange).catch((error: unknown) => {
        if (hasCode(error, 'NoNode')) return undefined;
        throw error;
      });
    },
    getData: (path, onChange) => watched(messages.getData(path, onChange !== undefined), 'data', path, onChange),
    setData: (path, data, version = -1) => keeper.send(messages.setData(path, data, version)),
    getChildren: async (path, onChange) => {
      const request = messages.getChildren(path, onChange !== undefined);
      return (await watched(request, 'children', path, onChange)).names;
    },
    multi: (operations) => keeper.send(messages.multi(operations, access)),
    sync: (path) => keeper.send(messages.sync(path)),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: async () => {
      watches.clear();
      await keeper.close();
      listeners.clear();
    },
  };
}

/** A watch for existence is also kept when there is no znode: for its creation. */
const existsOpCode = 3;

/** From the bottom up, because most often only the last part is missing, or nothing. */
async function createWithParents(path: string, create: (path: string) => Promise<unknown>): Promise<void> {
  try {
    await create(path);
  } catch (error) {
    if (hasCode(error, 'NodeExists')) return;
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (!hasCode(error, 'NoNode') || parent === '') throw error;
    await createWithParents(parent, create);
    await createWithParents(path, create);
  }
}
