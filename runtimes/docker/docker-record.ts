import { labRecords, type LabRecord } from '../lab-record.ts';

/** What a start on Docker leaves for the commands after it; gone with `down`. */
export interface DockerRecord extends LabRecord {
  /** Absolute. */
  readonly composeFile: string;
}

const records = labRecords<DockerRecord>('docker');

export const { read: readDockerRecord, write: writeDockerRecord, remove: removeDockerRecord } = records;

/** Where a Compose file is put that is not the lab's own. */
export const ownComposeFile = (directory: string) => `${records.folder(directory)}/docker-compose.yml`;
