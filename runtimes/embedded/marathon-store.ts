import { StateTakenOver, type AppStore } from '../../engine/marathon/storage/state-store.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { Json } from '../../protocol/mesos.ts';

/**
 * What the Marathons of a lab remember, in a file: a reader, and a crash, find the state before or the one after. Each
 * of them has its own view of it. Who loads it takes over: what one that led before, and was paused, still wants to save
 * is refused.
 */
export function marathonStore(path: string, files: Pick<Sandboxes, 'readRecord' | 'writeRecord'>): () => AppStore {
  let owner: object | undefined;
  /** Writes come one after the other. */
  let writing: Promise<void> = Promise.resolve();
  return () => {
    let term: object | undefined;
    return {
      load: async () => {
        term = {};
        owner = term;
        await writing;
        const text = await files.readRecord(path);
        return text === undefined ? undefined : (JSON.parse(text) as Json);
      },
      save: (state) => {
        const own = term;
        const text = JSON.stringify(state);
        const saved = writing.then(() => {
          if (own === undefined || owner !== own) throw new StateTakenOver('Another Marathon has taken over the state');
          return files.writeRecord(path, text);
        });
        writing = saved.catch(() => undefined);
        return saved;
      },
    };
  };
}
