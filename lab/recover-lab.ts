import type { FileSystem } from '../platform/files/file-system.ts';
import { findFiles } from './find-obstacles.ts';
import { finishWrite, readJournal } from './journal.ts';
import { inLab, manifestPath, stateFolder } from './lab-layout.ts';
import { removeStages } from './stages.ts';
import { explainingFailures } from './write-failure.ts';

/**
 * Settles a write that was killed. Every command that opens a lab calls this first; it costs a few look-ups if there
 * is nothing to do. A write that another process is still collecting files for is left alone.
 * @param directory absolute; need not be a lab, nor exist
 * @returns `finished` if the lab is the new one now, `undone` if it is the old one
 * @throws UserError MACHINE_NOT_WRITABLE, or LAB_EDITED if the journal is damaged or something stands in the way
 */
export function recoverLab(files: FileSystem, directory: string): 'nothing' | 'finished' | 'undone' {
  const state = 'The last write of this lab was interrupted and is not settled yet';
  return explainingFailures(directory, state, () => {
    if (files.kindOf(inLab(directory, stateFolder)) === undefined) return 'nothing';
    // Refuses a tool folder that is a link before anything in it is removed.
    findFiles(files, directory, [manifestPath]);
    const journal = readJournal(files, directory);
    if (journal !== undefined) finishWrite(files, directory, journal);
    const { any } = removeStages(files, directory, { keepOwn: false });
    // A write that was killed at once has left nothing but this folder.
    const emptied = files.removeEmptyFolder(inLab(directory, stateFolder));
    if (journal !== undefined) return 'finished';
    return any || emptied ? 'undone' : 'nothing';
  });
}
