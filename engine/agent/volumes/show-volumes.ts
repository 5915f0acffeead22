import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { containerImage } from '../executors/simulated-docker-executor.ts';
import type { TaskVolume } from './volume-folders.ts';

/** A task or an executor, and its sandbox. */
export interface VolumeHolder {
  /** Missing: an executor. */
  readonly task?: TaskInfo;
  readonly directory: string;
  readonly volumes?: readonly TaskVolume[];
}

/**
 * Shows a task or an executor its volumes when they are there: as links in its sandbox, unless an Engine mounts them.
 * @throws Error for what cannot be shown
 */
export async function showVolumes(
  { task, directory, volumes = [] }: VolumeHolder,
  hasEngine: boolean,
  held: { readonly settled: () => Promise<void> },
  sandboxes: Sandboxes,
): Promise<void> {
  if (volumes.length === 0) return;
  await held.settled();
  if (hasEngine && task !== undefined && containerImage(task) !== undefined) return;
  for (const { folder, containerPath } of volumes) {
    const parts = containerPath.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new Error(
        `A task without an image cannot have a volume at '${containerPath}': its path must be one in the sandbox, such as 'data'`,
      );
    }
    if (parts.length > 1) await sandboxes.makeFolder(`${directory}/${parts.slice(0, -1).join('/')}`);
    await sandboxes.link(folder, `${directory}/${containerPath}`);
  }
}
