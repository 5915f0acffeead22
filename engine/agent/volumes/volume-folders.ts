import { kindOf, reservedRole } from '../../master/reservations/resource-kind.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { Resource } from '../../../protocol/mesos.ts';

/** A persistent volume that a task uses. */
export interface TaskVolume {
  /** Where the data is. */
  readonly folder: string;
  /** Where the task sees it. */
  readonly containerPath: string;
  readonly isReadOnly: boolean;
}

/**
 * Where the data of a volume is (paths::getPersistentVolumePath of src/slave/paths.cpp): a disk of type MOUNT is the
 * volume, any other holds several. Undefined for what is no volume.
 */
export function volumeFolder(workDir: string, resource: Resource): string | undefined {
  const { persistence, source } = resource.disk ?? {};
  const kind = kindOf(resource);
  if (persistence === undefined || kind === undefined) return undefined;
  const given = source?.path?.root ?? source?.mount?.root;
  const root = given === undefined ? workDir : given.startsWith('/') ? given : `${workDir}/${given}`;
  if (source?.type === 'MOUNT') return root;
  return `${root}/volumes/roles/${reservedRole(kind).replaceAll('/', ' ')}/${persistence.id}`;
}

/** Volumes among the resources of a task. */
export function volumesOf(workDir: string, resources: readonly Resource[]): readonly TaskVolume[] {
  return resources.flatMap((resource) => {
    const folder = volumeFolder(workDir, resource);
    if (folder === undefined) return [];
    const { container_path: containerPath = '', mode } = resource.disk?.volume ?? {};
    return [{ folder, containerPath, isReadOnly: mode === 'RO' }];
  });
}

/** Removes the data of a volume; the root of a disk of type MOUNT stays. */
export async function removeVolume(workDir: string, resource: Resource, sandboxes: Sandboxes): Promise<void> {
  const folder = volumeFolder(workDir, resource);
  if (folder === undefined) return;
  if (resource.disk?.source?.type !== 'MOUNT') {
    await sandboxes.remove(folder);
    return;
  }
  for (const name of await sandboxes.names(folder)) await sandboxes.remove(`${folder}/${name}`);
}
