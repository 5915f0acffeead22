import type { FileSystem } from '../../platform/file-system.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import type { Plan } from '../../spec/plan.ts';
import { runFolder } from '../embedded/run-folder.ts';

/** What a start on Docker leaves for the commands after it; gone with `down`. */
export interface DockerRecord {
  readonly format: 1;
  /** Compose's project: the lab's name when it was started. */
  readonly name: string;
  /** `starting`: the process that starts it has not said yet whether it stays. */
  readonly phase: 'starting' | 'kept';
  /** Whether nothing of the lab was there before that start. */
  readonly isFresh: boolean;
  readonly process: ProcessIdentity;
  readonly plan: Plan;
  /** Absolute. */
  readonly composeFile: string;
  /** As in RunningLab. */
  readonly settings: readonly unknown[];
}

const folderOf = (directory: string) => `${runFolder(directory).path}/docker`;
const recordOf = (directory: string) => `${folderOf(directory)}/lab.json`;

/** Where a Compose file is put that is not the lab's own. */
export const ownComposeFile = (directory: string) => `${folderOf(directory)}/docker-compose.yml`;

/** The record of a lab; one that cannot be read counts for nothing. */
export function readDockerRecord(files: FileSystem, directory: string): DockerRecord | undefined {
  const path = recordOf(directory);
  if (files.kindOf(path) !== 'file') return undefined;
  try {
    const record = JSON.parse(files.readText(path)) as Partial<DockerRecord> | null;
    const isWhole = record?.format === 1 && typeof record.name === 'string' && record.plan !== undefined;
    return isWhole ? (record as DockerRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record so that a reader sees the old one or the new one. */
export function writeDockerRecord(files: FileSystem, directory: string, record: DockerRecord): void {
  const path = recordOf(directory);
  files.makeFolders(folderOf(directory));
  files.writeText(`${path}.next`, `${JSON.stringify(record)}\n`, false);
  files.rename(`${path}.next`, path);
}

/** Removes what a start has written. */
export function removeDockerRecord(files: FileSystem, directory: string): void {
  files.removeTree(folderOf(directory));
  files.removeEmptyFolder(runFolder(directory).path);
}
