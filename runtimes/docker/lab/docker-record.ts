import type { FileSystem } from '../../../platform/files/file-system.ts';
import { labFolders, labRecords, type LabRecord } from '../../lab-record.ts';

/** What a start on Docker leaves for the commands after it; gone with `down`. */
export interface DockerRecord extends LabRecord {
  /** Relative to the lab's folder, wherever that is now. */
  readonly composeFile: string;
}

const records = labRecords<DockerRecord>('docker');

export const {
  pathOf: dockerRecordPath,
  read: readDockerRecord,
  write: writeDockerRecord,
  remove: removeDockerRecord,
} = records;

/**
 * The folder that a lab was started in, if it was moved since: what is there now is no lab. Where one is, ours is a copy
 * of it, and the containers are not ours.
 */
export function movedFrom(files: FileSystem, directory: string, record: DockerRecord | undefined): string | undefined {
  if (record === undefined || record.directory === directory) return undefined;
  const isLab =
    files.kindOf(`${record.directory}/mesos-cluster.yaml`) !== undefined ||
    readDockerRecord(files, record.directory) !== undefined;
  return isLab ? undefined : record.directory;
}

/** The folders that containers of a lab may bear: its own, and the one where it was. */
export function ownFolders(files: FileSystem, directory: string): readonly string[] {
  const former = movedFrom(files, directory, readDockerRecord(files, directory));
  return [...new Set([...labFolders(files, directory), ...(former === undefined ? [] : [former])])];
}

/** Where a Compose file is put that is not the lab's own. */
export const ownComposeFile = (directory: string) => `${records.folder(directory)}/docker-compose.yml`;
