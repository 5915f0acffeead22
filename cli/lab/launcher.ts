import { toolInLab } from '../../generators/lab-package.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';

/** How the launcher begins that the labs of the repository have in place of a copy of the tool. */
export const launcherMark = '/* Launcher of create-mesos-cluster in a clone of its repository';

/** Whether a lab is part of the tool's own repository: it uses the tool of the clone, and gets no copy. */
export function usesClone(files: FileSystem, directory: string): boolean {
  const path = `${directory}/${toolInLab}`;
  return files.kindOf(path) === 'file' && files.readText(path).startsWith(launcherMark);
}
