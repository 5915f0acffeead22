import type { Resource } from '../../../protocol/mesos.ts';
import { resourcesInUse, type ExecutorRecord, type TaskRecord } from '../tasks/task-record.ts';
import { volumeFolder } from '../volumes/volume-folders.ts';

/** A folder whose disk is counted, and how much of it there may be. */
export interface DiskQuota {
  readonly folder: string;
  /** The persistent volume; missing: the sandbox. */
  readonly volume?: Resource;
  readonly bytes: number;
  /** What the quota is made of. */
  readonly resources: readonly Resource[];
  /** Nobody can write more on it than there is: its file system sees to that. */
  readonly isMount: boolean;
}

/**
 * What a container may have on the disk (PosixDiskIsolatorProcess::update of
 * src/slave/containerizer/mesos/isolators/posix/disk.cpp): its volumes by themselves, all other disk is for its sandbox.
 * One without a disk of its own has no quota, and Docker's containers have no isolators.
 */
export function diskQuotas(workDir: string, owner: TaskRecord | ExecutorRecord): readonly DiskQuota[] {
  const isOfDocker = 'task' in owner && owner.task.container?.docker !== undefined;
  if (isOfDocker) return [];
  const { directory } = owner;
  const byFolder = new Map<string, Resource[]>();
  for (const resource of resourcesInUse(owner)) {
    if (resource.name !== 'disk') continue;
    const folder = volumeFolder(workDir, resource) ?? directory;
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), resource]);
  }
  return [...byFolder].map(([folder, own]) => {
    const volume = folder === directory ? undefined : own[0];
    return {
      folder,
      ...(volume === undefined ? {} : { volume }),
      bytes: megabytesOf(own) * 1024 * 1024,
      resources: own,
      isMount: own.some(({ disk }) => disk?.source?.type === 'MOUNT'),
    };
  });
}

/** Whole ones (Resources::disk of src/common/resources.cpp). */
const megabytesOf = (resources: readonly Resource[]) =>
  Math.floor(resources.reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0) / 1000);
