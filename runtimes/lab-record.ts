import type { FileSystem } from '../platform/files/file-system.ts';
import type { ProcessIdentity } from '../platform/processes/process-identity.ts';
import type { Plan } from '../planning/plan/plan.ts';
import { runFolder } from './embedded/run-folder.ts';

/** What a start leaves for the commands after it. */
export interface LabRecord {
  readonly format: 1;
  /** Compose's project, on every machine: the lab's name when it was started. */
  readonly name: string;
  /** `starting`: the process that starts it has not said yet whether it stays. */
  readonly phase: 'starting' | 'kept';
  /** Whether nothing of the lab was there before that start. */
  readonly isFresh: boolean;
  readonly process: ProcessIdentity;
  /** Absolute: the folder that its containers bear. The lab may have been moved or copied since, with this record. */
  readonly directory: string;
  /** With all nodes, also those that were left out. */
  readonly plan: Plan;
  /** As in RunningLab. */
  readonly settings: readonly unknown[];
}

/** The folder of a lab as it is named, and as the system resolves it: containers bear the one it was started by. */
export const labFolders = (files: Pick<FileSystem, 'realPath'>, directory: string): readonly string[] => [
  ...new Set([directory, files.realPath(directory)]),
];

/** A plan of a lab that has run since before `runtime` was called `placement`. */
export function planOfToday(plan: Plan & { readonly runtime?: 'docker' | 'hosts' }): Plan {
  const { runtime, ...rest } = plan;
  return runtime === undefined ? plan : { ...rest, placement: runtime === 'hosts' ? 'machines' : 'one-host' };
}

/** The records of one runtime, each in the lab that it is of. */
export interface LabRecords<Kind extends LabRecord> {
  /** Where everything of a run is. */
  readonly folder: (directory: string) => string;
  /** Its file. */
  readonly pathOf: (directory: string) => string;
  /** The record of a lab; one that cannot be read counts for nothing. */
  readonly read: (files: FileSystem, directory: string) => Kind | undefined;
  /** Writes the record so that a reader sees the old one or the new one. */
  readonly write: (files: FileSystem, directory: string, record: Kind) => void;
  /** Removes what a start has written. */
  readonly remove: (files: FileSystem, directory: string) => void;
}

/** Records in a folder of that name. */
export function labRecords<Kind extends LabRecord>(name: 'docker' | 'hosts'): LabRecords<Kind> {
  const folder = (directory: string) => `${runFolder(directory).path}/${name}`;
  const pathOf = (directory: string) => `${folder(directory)}/lab.json`;
  return {
    folder,
    pathOf,
    read: (files, directory) => {
      const path = pathOf(directory);
      if (files.kindOf(path) !== 'file') return undefined;
      try {
        const record = JSON.parse(files.readText(path)) as Partial<LabRecord> | null;
        if (record?.format !== 1 || typeof record.name !== 'string' || record.plan === undefined) return undefined;
        return { ...(record as Kind), plan: planOfToday(record.plan) };
      } catch {
        return undefined;
      }
    },
    write: (files, directory, record) => {
      const path = pathOf(directory);
      files.makeFolders(folder(directory));
      files.writeText(`${path}.next`, `${JSON.stringify(record)}\n`, false);
      files.rename(`${path}.next`, path);
    },
    remove: (files, directory) => {
      files.removeTree(folder(directory));
      files.removeEmptyFolder(runFolder(directory).path);
    },
  };
}
