import { parseObject } from '../../../protocol/json.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { recordName } from '../recovery/orphans.ts';
import { RecordWriter } from '../recovery/record-writer.ts';
import type { ContainerRequest, Termination } from './container.ts';
import { refuseId, textOfId, type ContainerId } from './container-id.ts';

/** What is kept of a container that somebody asked for. */
export interface ContainerRecord {
  readonly id: ContainerId;
  readonly request: ContainerRequest;
  /** Its sandbox. */
  readonly directory: string;
  /** Missing: it has not ended, as far as anybody knows. */
  readonly termination?: Termination;
}

/** Keeps containers for an agent that comes after this one, whatever its id: so does `--runtime_dir` of a real one. */
export interface ContainerRecords {
  /** @throws the system's error */
  readonly save: (record: ContainerRecord) => Promise<void>;
  /** Never rejects. */
  readonly forget: (id: ContainerId | string) => Promise<void>;
  /** What happens from now on is not kept. Resolves when what happened before is. */
  readonly close: () => Promise<void>;
}

/** Of an agent whose containers end with it. */
export const noContainerRecords: ContainerRecords = {
  save: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

const folderIn = (workDir: string) => `${workDir}/meta/containers`;
const endingWith = '.json';

export function containerRecords(workDir: string, sandboxes: Sandboxes): ContainerRecords {
  const writer = new RecordWriter(sandboxes);
  // Ids are longer than names of files may be.
  const fileOf = (key: string) => `${folderIn(workDir)}/${recordName(`/containers/${key}`)}${endingWith}`;
  return {
    save: (record) => writer.write(fileOf(textOfId(record.id)), JSON.stringify(record)),
    forget: (id) => writer.write(fileOf(typeof id === 'string' ? id : textOfId(id)), undefined).catch(() => undefined),
    close: () => writer.close(),
  };
}

/** What former agents kept, outermost containers first; a record that cannot be read is of a container that is forgotten. */
export async function readContainers(workDir: string, sandboxes: Sandboxes): Promise<readonly ContainerRecord[]> {
  const folder = folderIn(workDir);
  const names = (await sandboxes.names(folder)).filter((name) => name.endsWith(endingWith));
  const texts = await Promise.all(names.map((name) => sandboxes.readRecord(`${folder}/${name}`)));
  return texts
    .flatMap((text) => parseRecord(text, workDir) ?? [])
    .sort((one, other) => depthOf(one.id) - depthOf(other.id));
}

/** Ends the memory of all of them. */
export const forgetContainers = (workDir: string, sandboxes: Sandboxes): Promise<void> =>
  sandboxes.remove(folderIn(workDir));

const depthOf = ({ parent }: ContainerId): number => (parent === undefined ? 0 : depthOf(parent) + 1);

/** A record that was tampered with must not lead out of the agent's folder. */
function parseRecord(text: string | undefined, workDir: string): ContainerRecord | undefined {
  const record = parseObject(text) as Partial<ContainerRecord> | undefined;
  const { id, request, directory } = record ?? {};
  if (typeof id?.value !== 'string' || typeof request !== 'object' || typeof directory !== 'string') return undefined;
  const isInside = directory.startsWith(`${workDir}/`) && !directory.split('/').includes('..');
  return isInside && refuseId(id) === undefined ? (record as ContainerRecord) : undefined;
}
