import type { AppStore } from '../../engine/marathon/storage/state-store.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { Json } from '../../protocol/mesos.ts';

/** What Marathon remembers, in a file: a reader, and a crash, find the state before or the one after. */
export function fileStore(path: string, files: Pick<Sandboxes, 'readRecord' | 'writeRecord'>): AppStore {
  return {
    load: async () => {
      const text = await files.readRecord(path);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
    save: (state) => files.writeRecord(path, JSON.stringify(state)),
  };
}
