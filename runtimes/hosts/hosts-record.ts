import type { FileSystem } from '../../platform/file-system.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import type { Plan } from '../../spec/plan.ts';
import { runFolder } from '../embedded/run-folder.ts';

/** What a start on several machines leaves for the commands after it; gone when everything of the lab is. */
export interface HostsRecord {
  readonly format: 1;
  /** Compose's project on every machine: the lab's name when it was started. */
  readonly name: string;
  /** `starting`: the process that starts it has not said yet whether it stays. */
  readonly phase: 'starting' | 'kept';
  /** Whether nothing of the lab was there before that start. */
  readonly isFresh: boolean;
  readonly process: ProcessIdentity;
  /** With all nodes, also those that were left out. */
  readonly plan: Plan;
  /** Names of nodes that were not reached, and left out (--skip-unreachable). */
  readonly skipped: readonly string[];
  /** Compose file of each node, absolute. */
  readonly files: Readonly<Record<string, string>>;
  /** As in RunningLab. */
  readonly settings: readonly unknown[];
}

/** Where everything of a run on several machines is. */
export const hostsFolder = (directory: string) => `${runFolder(directory).path}/hosts`;
const recordOf = (directory: string) => `${hostsFolder(directory)}/lab.json`;

/** The record of a lab; one that cannot be read counts for nothing. */
export function readHostsRecord(files: FileSystem, directory: string): HostsRecord | undefined {
  const path = recordOf(directory);
  if (files.kindOf(path) !== 'file') return undefined;
  try {
    const record = JSON.parse(files.readText(path)) as Partial<HostsRecord> | null;
    const isWhole = record?.format === 1 && typeof record.name === 'string' && record.plan !== undefined;
    return isWhole ? (record as HostsRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record so that a reader sees the old one or the new one. */
export function writeHostsRecord(files: FileSystem, directory: string, record: HostsRecord): void {
  const path = recordOf(directory);
  files.makeFolders(hostsFolder(directory));
  files.writeText(`${path}.next`, `${JSON.stringify(record)}\n`, false);
  files.rename(`${path}.next`, path);
}

/** Removes what a start has written. */
export function removeHostsRecord(files: FileSystem, directory: string): void {
  files.removeTree(hostsFolder(directory));
  files.removeEmptyFolder(runFolder(directory).path);
}
