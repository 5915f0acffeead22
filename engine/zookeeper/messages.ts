import { JuteWriter, type JuteReader } from './jute.ts';
import { errorOf } from './zookeeper-error.ts';

/* The requests that we make and their answers (zookeeper.jute; op codes of ZooDefs.java). All are known to 3.4. */

/** What ZooKeeper says of a znode, as far as anybody here asks. */
export interface Stat {
  /** Of the data: counts up with each setData. */
  readonly version: number;
  /** Id of the session that an ephemeral znode lives with; 0 for others. */
  readonly ephemeralOwner: bigint;
  readonly dataLength: number;
}

export type CreateMode = 'persistent' | 'ephemeral' | 'persistent-sequential' | 'ephemeral-sequential';

/** `open`: everybody may do everything. `creator`: everybody may read, and who knows the password may do everything. */
export type Access = 'open' | 'creator';

/** A part of a transaction. */
export type Operation =
  | { readonly kind: 'create'; readonly path: string; readonly data: Uint8Array; readonly mode?: CreateMode }
  | { readonly kind: 'delete'; readonly path: string; readonly version?: number }
  | { readonly kind: 'set'; readonly path: string; readonly data: Uint8Array; readonly version?: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

/** Something to send, and how to read what comes back. */
export interface Request<Answer> {
  readonly opCode: number;
  readonly payload: Buffer;
  /** What it is for, in errors: `create /mesos`. */
  readonly what: string;
  readonly read: (reader: JuteReader) => Answer;
}

const modes: Readonly<Record<CreateMode, number>> = {
  persistent: 0,
  ephemeral: 1,
  'persistent-sequential': 2,
  'ephemeral-sequential': 3,
};
const anyVersion = -1;
const readPermission = 1;
const allPermissions = 31;

const nothing = () => undefined;

function readStat(reader: JuteReader): Stat {
  reader.long(); // czxid
  reader.long(); // mzxid
  reader.long(); // ctime
  reader.long(); // mtime
  const version = reader.int();
  reader.int(); // cversion
  reader.int(); // aversion
  const ephemeralOwner = reader.long();
  const dataLength = reader.int();
  reader.int(); // numChildren
  reader.long(); // pzxid
  return { version, ephemeralOwner, dataLength };
}

const pathAndWatch = (path: string, watch: boolean) => new JuteWriter().string(path).bool(watch).finish();

function writeAcl(writer: JuteWriter, access: Access): JuteWriter {
  const entry = (permissions: number, scheme: string, id: string) => writer.int(permissions).string(scheme).string(id);
  if (access === 'open') {
    writer.int(1);
    return entry(allPermissions, 'world', 'anyone');
  }
  // EVERYONE_READ_CREATOR_ALL (src/zookeeper/authentication.cpp of Mesos).
  writer.int(2);
  entry(readPermission, 'world', 'anyone');
  return entry(allPermissions, 'auth', '');
}

function writeOperation(writer: JuteWriter, operation: Operation, access: Access): JuteWriter {
  writer.string(operation.path);
  switch (operation.kind) {
    case 'create':
      return writeAcl(writer.buffer(operation.data), access).int(modes[operation.mode ?? 'persistent']);
    case 'set':
      return writer.buffer(operation.data).int(operation.version ?? anyVersion);
    case 'delete':
      return writer.int(operation.version ?? anyVersion);
    case 'check':
      return writer.int(operation.version);
  }
}

const opCodes = { create: 1, delete: 2, set: 5, check: 13 } as const;

const single = (operation: Operation, access: Access) => ({
  opCode: opCodes[operation.kind],
  payload: writeOperation(new JuteWriter(), operation, access).finish(),
  what: `${operation.kind} ${operation.path}`,
});

/** Answers the path, which for a sequential znode has its number. */
export const create = (path: string, data: Uint8Array, mode: CreateMode, access: Access): Request<string> => ({
  ...single({ kind: 'create', path, data, mode }, access),
  read: (reader) => reader.string(),
});

export const remove = (path: string, version: number): Request<undefined> => ({
  ...single({ kind: 'delete', path, version }, 'open'),
  read: nothing,
});

export const setData = (path: string, data: Uint8Array, version: number): Request<Stat> => ({
  ...single({ kind: 'set', path, data, version }, 'open'),
  read: readStat,
});

export const exists = (path: string, watch: boolean): Request<Stat> => ({
  opCode: 3,
  payload: pathAndWatch(path, watch),
  what: `exists ${path}`,
  read: readStat,
});

export const getData = (path: string, watch: boolean): Request<{ readonly data: Buffer; readonly stat: Stat }> => ({
  opCode: 4,
  payload: pathAndWatch(path, watch),
  what: `get ${path}`,
  read: (reader) => ({ data: reader.buffer(), stat: readStat(reader) }),
});

export const getChildren = (
  path: string,
  watch: boolean,
): Request<{ readonly names: readonly string[]; readonly stat: Stat }> => ({
  opCode: 12,
  payload: pathAndWatch(path, watch),
  what: `list ${path}`,
  read: (reader) => ({ names: reader.list(() => reader.string()), stat: readStat(reader) }),
});

/** The server that answers has caught up with the ensemble's leader by then. */
export const sync = (path: string): Request<undefined> => ({
  opCode: 9,
  payload: new JuteWriter().string(path).finish(),
  what: `sync ${path}`,
  read: nothing,
});

/** All of it or nothing. */
export function multi(operations: readonly Operation[], access: Access): Request<undefined> {
  const writer = new JuteWriter();
  for (const operation of operations) {
    writer.int(opCodes[operation.kind]).bool(false).int(-1);
    writeOperation(writer, operation, access);
  }
  const paths = operations.map(({ kind, path }) => `${kind} ${path}`).join(', ');
  return {
    opCode: 14,
    payload: writer.int(-1).bool(true).int(-1).finish(),
    what: `transaction (${paths})`,
    read: (reader) => {
      readTransaction(reader, paths);
    },
  };
}

/** A transaction that failed has a result for each operation: the first error that is its own says why. */
function readTransaction(reader: JuteReader, paths: string): void {
  const rolledBack = -2;
  for (;;) {
    const type = reader.int();
    const isDone = reader.bool();
    reader.int(); // the error again
    if (isDone) return;
    if (type === -1) {
      const code = reader.int();
      if (code !== 0 && code !== rolledBack) throw errorOf(code, `transaction (${paths})`);
    }
    if (type === opCodes.create) reader.string();
    if (type === opCodes.set) readStat(reader);
  }
}
