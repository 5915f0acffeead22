import type { FileSystem } from '../platform/files/file-system.ts';
import { inLab, stageOwner, stateFolder } from './lab-layout.ts';

/** What became of the stages of a lab: the folders in which processes collect the files of a write. */
export interface RemovedStages {
  /** Whether there was one to remove. */
  readonly any: boolean;
  /** Names of those that were left because their processes still run. */
  readonly alive: readonly string[];
}

/** Removes the stages of processes that were killed; those of this process too, unless it keeps its own. */
export function removeStages(
  files: FileSystem,
  directory: string,
  { keepOwn }: { readonly keepOwn: boolean },
): RemovedStages {
  const alive: string[] = [];
  let any = false;
  for (const name of files.list(inLab(directory, stateFolder)) ?? []) {
    const owner = stageOwner(name);
    if (owner === undefined || (keepOwn && owner === files.processId)) continue;
    if (owner !== files.processId && files.isProcessAlive(owner)) {
      alive.push(name);
      continue;
    }
    files.removeTree(inLab(directory, `${stateFolder}/${name}`));
    any = true;
  }
  return { any, alive };
}
