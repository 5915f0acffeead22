import { StateTakenOver, type AppStore, type Changes } from './app-store.ts';
import { readRecords, RecordLog } from './record-log.ts';

/** What a store needs of a file system (platform/files/sandboxes.ts). */
export interface RecordFiles {
  readonly readRecord: (file: string) => Promise<string | undefined>;
  /** In one step: a reader, or a crash, finds the file before or the one after. */
  readonly writeRecord: (file: string, text: Iterable<string>) => Promise<void>;
  readonly append: (file: string, text: string) => Promise<void>;
}

/**
 * The stores of Marathons of one process, on one file: a log of records, written anew when too much of it is out of
 * date. Whoever saves first after loading writes it anew, so that it ends with no torn line. It survives the process,
 * however that ends; a machine that loses its power may lose the last seconds, as its tasks are lost, too.
 */
export function fileStores(path: string, files: RecordFiles): () => AppStore {
  /** That of the one that loaded last. */
  let present: RecordLog | undefined;
  /** One after the other, whoever it is: who loads has all that was confirmed before. */
  let turns: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(action: () => Promise<Result>): Promise<Result> => {
    const turn = turns.then(action);
    turns = turn.catch(() => undefined);
    return turn;
  };
  return () => {
    let own: RecordLog | undefined;
    return {
      load: () =>
        inTurn(async () => {
          const records = await readRecords((await files.readRecord(path)) ?? '');
          present = own = new RecordLog(records);
          return records;
        }),
      save: (changes) =>
        inTurn(() => {
          if (own === undefined) throw new Error('a state must be loaded before one is saved');
          if (own !== present) throw new StateTakenOver(`another Marathon has taken over ${path}`);
          return write(path, files, own, changes);
        }),
    };
  };
}

async function write(path: string, files: RecordFiles, log: RecordLog, changes: Changes): Promise<void> {
  const batch = log.batch(changes);
  try {
    if (batch.isWhole) await files.writeRecord(path, batch.text);
    else for (const chunk of batch.text) await files.append(path, chunk);
  } catch (error) {
    log.failed();
    throw error;
  }
  log.written(batch, changes);
}
