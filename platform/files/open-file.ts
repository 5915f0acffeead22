import { closeSync, openSync, writeSync } from 'node:fs';

/** A file that is open to be appended to. */
export interface OpenFile {
  readonly append: (text: string) => Promise<void>;
  readonly close: () => void;
}

/**
 * Writes as logs are written, at once: handing some hundred bytes to another thread, thousands of times a second, takes
 * several times as long as writing them.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- rejects, as its interface says
export async function openAppend(file: string): Promise<OpenFile> {
  const descriptor = openSync(file, 'a');
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    append: async (text) => {
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}
