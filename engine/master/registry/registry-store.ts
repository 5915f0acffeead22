/**
 * Where leading masters keep their registry: what the replicated log is to real ones. Who loads it takes over.
 */
export interface RegistryStore {
  /** What was saved last. */
  readonly load: () => Promise<string | undefined>;
  /** Rejects when it could not be saved, or when another master has taken over: whoever leads must stop then. */
  readonly save: (text: string) => Promise<void>;
}

/** Another master has loaded it since. */
export const takenOver = () => new Error('Another master has taken over the registry');

interface Backing {
  readonly read: () => Promise<string | undefined>;
  readonly write: (text: string) => Promise<void>;
}

/** Of the masters of one process: each has a view of its own. */
export function sharedRegistry({ read, write }: Backing): () => RegistryStore {
  let owner: object | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(action: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(action);
    turn = result.catch(() => undefined);
    return result;
  };
  return () => {
    const self = {};
    return {
      load: () => {
        owner = self;
        return inTurn(read);
      },
      save: (text) =>
        inTurn(async () => {
          if (owner !== self) throw takenOver();
          await write(text);
        }),
    };
  };
}

/** Kept as long as the process lives (`--registry=in_memory`). */
export function inMemoryRegistry(): () => RegistryStore {
  let saved: string | undefined;
  return sharedRegistry({
    read: () => Promise.resolve(saved),
    write: (text) => {
      saved = text;
      return Promise.resolve();
    },
  });
}
