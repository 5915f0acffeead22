import { textFingerprint } from '../../lab/fingerprint.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { readHostsRecord, type HostsRecord } from './hosts-record.ts';

/**
 * Which labs were started from here on machines of their own, for `list` and `down NAME`: a file for each, which names
 * its folder.
 */
export interface HostsRegistry {
  readonly add: (directory: string) => void;
  readonly remove: (directory: string) => void;
  /** Those that have a record, by their folders; entries of others are dropped. */
  readonly started: () => readonly { readonly directory: string; readonly record: HostsRecord }[];
}

/** @param state absolute: where the user's programs keep what must outlive them; undefined: then nothing is kept */
export function hostsRegistry(files: FileSystem, state: string | undefined): HostsRegistry {
  const folder = `${state ?? ''}/hosts`;
  const entryOf = (directory: string) => `${folder}/${textFingerprint(directory).replaceAll(/[^\w-]/g, '')}.json`;
  // A convenience: a home that cannot be written must not keep a lab from running.
  const quietly = (action: () => void) => {
    try {
      if (state !== undefined) action();
    } catch {
      // `list` will not show it.
    }
  };
  return {
    add: (directory) => {
      quietly(() => {
        files.makeFolders(folder);
        files.writeText(entryOf(directory), `${JSON.stringify({ directory })}\n`, false);
      });
    },
    remove: (directory) => {
      quietly(() => {
        files.removeFile(entryOf(directory));
        files.removeEmptyFolder(folder);
      });
    },
    started: () =>
      (state === undefined ? [] : (files.list(folder) ?? [])).flatMap((name) => {
        const directory = directoryIn(files, `${folder}/${name}`);
        const record = directory === undefined ? undefined : readHostsRecord(files, directory);
        if (directory !== undefined && record !== undefined) return [{ directory, record }];
        quietly(() => {
          files.removeFile(`${folder}/${name}`);
        });
        return [];
      }),
  };
}

function directoryIn(files: FileSystem, entry: string): string | undefined {
  try {
    const { directory } = JSON.parse(files.readText(entry)) as { directory?: unknown };
    return typeof directory === 'string' ? directory : undefined;
  } catch {
    return undefined;
  }
}
