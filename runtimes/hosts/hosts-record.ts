import { labRecords, type LabRecord } from '../lab-record.ts';

/** What a start on several machines leaves for the commands after it; gone when everything of the lab is. */
export interface HostsRecord extends LabRecord {
  /** Names of nodes that were not reached, and left out (--skip-unreachable). */
  readonly skipped: readonly string[];
  /** Compose file of each node, absolute. */
  readonly files: Readonly<Record<string, string>>;
}

export const {
  folder: hostsFolder,
  read: readHostsRecord,
  write: writeHostsRecord,
  remove: removeHostsRecord,
} = labRecords<HostsRecord>('hosts');
