import { UserError } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import type { LabComparison } from './compare-lab.ts';
import { type FileChange, putFile } from './file-change.ts';
import { finishWrite, formatJournal, type Journal } from './journal.ts';
import { foldersAbove, inLab, journalPath, manifestPath, stageName, stateFolder } from './lab-layout.ts';
import { removeStages } from './stages.ts';
import { explainingFailures, tidyUp } from './write-failure.ts';

/** The tool's copies first, in the order of the request; the manifest last, so that it never promises too much. */
function inOrderOfWriting({ request, changes }: LabComparison): readonly FileChange[] {
  const order = new Map(request.copies.map(({ path }, index) => [path, index]));
  const rank = ({ path }: FileChange): number =>
    path === manifestPath ? Number.POSITIVE_INFINITY : (order.get(path) ?? order.size);
  return changes
    .filter(({ kind }) => kind === 'create' || kind === 'update')
    .map((change) => ({ change, place: rank(change) }))
    .sort((a, b) => (a.place === b.place ? 0 : a.place - b.place))
    .map(({ change }) => change);
}

/** Finds folders that cannot be changed before anything is: after the commit it would be too late to turn back. */
function checkWritable(files: FileSystem, directory: string, paths: readonly string[]): void {
  const folders = new Set(['', ...paths.flatMap(foldersAbove)]);
  for (const folder of folders) {
    const place = inLab(directory, folder);
    if ((folder !== '' && files.kindOf(place) === undefined) || files.isWritable(place)) continue;
    throw new UserError({
      code: 'MACHINE_NOT_WRITABLE',
      message: `${place} cannot be written: permission denied`,
      place: { kind: 'path', path: place },
      fix: 'Choose a folder that you may write to. Nothing was written',
    });
  }
}

/** Keeps two processes from writing one lab: each makes its stage before it looks for others, so one at least sees the other. */
function checkAlone(files: FileSystem, directory: string): void {
  const other = removeStages(files, directory, { keepOwn: true }).alive[0];
  if (other === undefined && files.kindOf(inLab(directory, journalPath)) === undefined) return;
  const stage =
    other === undefined ? '' : `. If no such process runs, remove ${inLab(directory, `${stateFolder}/${other}`)}`;
  throw new UserError({
    code: 'MACHINE_NOT_WRITABLE',
    message: `Another process is writing ${directory}`,
    place: { kind: 'path', path: directory },
    fix: `Run the command again when it is done${stage}. Nothing was written`,
  });
}

function stageFiles(files: FileSystem, comparison: LabComparison, puts: readonly FileChange[], stage: string): void {
  const { directory, spec } = comparison.request;
  files.makeFolders(stage);
  checkAlone(files, directory);
  for (const [index, change] of puts.entries()) {
    const place = inLab(stage, String(index));
    putFile(files, change, place);
    if (change.path === spec.path) files.flush(place);
  }
}

/** After this the new lab is certain; before it, nothing of the old one was touched. */
function commit(files: FileSystem, directory: string, stage: string, journal: Journal): void {
  const draft = inLab(stage, 'journal');
  files.writeText(draft, formatJournal(journal), false);
  files.flush(draft);
  files.rename(draft, inLab(directory, journalPath));
}

/**
 * Writes a lab into a folder that is there. All new files are collected first; then a journal is put in place, which
 * decides the matter; then each file replaces its predecessor in one step. `recoverLab` finishes what was killed after
 * the journal, and removes what was killed before it.
 *
 * Only the spec and the journal are flushed to the disk. A killed process loses nothing that it wrote; a power cut may
 * lose generated files, which the manifest then shows as edited and `generate --force` writes again, but not the spec.
 */
export function writeInPlace(files: FileSystem, comparison: LabComparison): void {
  const { directory } = comparison.request;
  const puts = inOrderOfWriting(comparison);
  const remove = comparison.changes.filter(({ kind }) => kind === 'remove').map(({ path }) => path);
  const journal: Journal = { stage: stageName(files.processId), put: puts.map(({ path }) => path), remove };
  const stage = inLab(directory, `${stateFolder}/${journal.stage}`);
  checkWritable(files, directory, [...journal.put, ...journal.remove]);
  try {
    stageFiles(files, comparison, puts, stage);
    commit(files, directory, stage, journal);
  } catch (error) {
    tidyUp(() => {
      files.removeTree(stage);
      files.removeEmptyFolder(inLab(directory, stateFolder));
    });
    throw error;
  }
  const state = 'The lab is partly new: the next command on it finishes the write';
  explainingFailures(directory, state, () => {
    finishWrite(files, directory, journal);
  });
}
