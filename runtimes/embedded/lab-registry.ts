import { textFingerprint } from '../../lab/fingerprint.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { homeFolder } from '../../platform/files/home-folder.ts';
import { isRunning } from '../../platform/processes/process-identity.ts';
import type { LabsFacet } from '../labs-facet.ts';
import { readRunRecord, type RunRecord } from './run-record.ts';

/** Which labs run on this machine, for `list`: a folder with a file for each, which names the lab's folder. */
export interface LabRegistry {
  readonly add: (directory: string) => void;
  readonly remove: (directory: string) => void;
  /** Those that run, by their folders; entries of others are dropped. */
  readonly running: () => readonly { readonly directory: string; readonly record: RunRecord }[];
}

/**
 * A registry in a folder of the user's.
 * @param folder absolute; undefined when the user has none: then nothing is kept
 */
export function labRegistry(files: FileSystem, folder: string | undefined): LabRegistry {
  const entryOf = (directory: string) => `${folder ?? ''}/${textFingerprint(directory).replaceAll(/[^\w-]/g, '')}.json`;
  // A convenience: a home that cannot be written must not keep a lab from running.
  const quietly = (action: () => void) => {
    try {
      if (folder !== undefined) action();
    } catch {
      // `list` will not show it.
    }
  };
  const directoryOf = (entry: string): string | undefined => {
    try {
      const { directory } = JSON.parse(files.readText(entry)) as { directory?: unknown };
      return typeof directory === 'string' ? directory : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    add: (directory) => {
      quietly(() => {
        files.makeFolders(folder ?? '');
        files.writeText(entryOf(directory), `${JSON.stringify({ directory })}\n`, false);
      });
    },
    remove: (directory) => {
      quietly(() => {
        files.removeFile(entryOf(directory));
      });
    },
    running: () =>
      (folder === undefined ? [] : (files.list(folder) ?? []))
        .filter((name) => name.endsWith('.json'))
        .flatMap((name) => {
          const directory = directoryOf(`${folder ?? ''}/${name}`);
          const found = directory === undefined ? undefined : readRunRecord(files, directory);
          if (directory !== undefined && found?.kind === 'record' && isRunning(found.record.process)) {
            return [{ directory, record: found.record }];
          }
          quietly(() => {
            files.removeFile(`${folder ?? ''}/${name}`);
          });
          return [];
        })
        .sort((a, b) => (a.directory < b.directory ? -1 : 1)),
  };
}

/** As ClusterRuntime.labs: those that run. Each is ended in its folder alone. */
export function embeddedLabs(registry: LabRegistry): LabsFacet {
  return {
    list: () =>
      Promise.resolve(
        registry.running().map(({ directory, record: { plan, process } }) => ({
          name: plan.name,
          runtime: 'embedded',
          state: 'running',
          directory,
          folderIsGone: false,
          processId: process.pid,
          urls: plan.urls.marathons,
        })),
      ),
  };
}

/** Where programs keep what must outlive them (XDG Base Directory Specification); undefined without a home. */
export function registryFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const state = env['XDG_STATE_HOME'] ?? '';
  if (state.startsWith('/')) return `${state}/create-mesos-cluster`;
  const home = homeFolder(env);
  return home === undefined ? undefined : `${home}/.local/state/create-mesos-cluster`;
}
