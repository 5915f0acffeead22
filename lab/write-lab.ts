import type { FileSystem } from '../platform/files/file-system.ts';
import { refuseEdits, type LabComparison } from './compare-lab.ts';
import { writeInPlace } from './write-in-place.ts';
import { writeNewFolder } from './write-new-folder.ts';
import { explainingFailures } from './write-failure.ts';

/**
 * Writes what a comparison found to be different. If the process is killed meanwhile, the folder holds the old lab or
 * the new one, or can be made one of them by `recoverLab`; if it fails, the old one. A lab that is up to date is not touched.
 *
 * Nothing here waits, so a signal with a handler is only handled when the lab is complete.
 * @throws UserError LAB_EDITED (as `refuseEdits`), MACHINE_NOT_WRITABLE, or LAB_EXISTS if the folder has appeared since
 */
export function writeLab(files: FileSystem, comparison: LabComparison): void {
  refuseEdits(comparison);
  if (comparison.changes.every(({ kind }) => kind === 'unchanged')) return;
  explainingFailures(comparison.request.directory, 'Nothing was written', () => {
    if (comparison.fresh) writeNewFolder(files, comparison);
    else writeInPlace(files, comparison);
  });
}
