import { UserError } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import { findFiles } from './find-obstacles.ts';
import { folderOf, foldersAbove, inLab, journalPath, stageOwner, stateFolder, staysInside } from './lab-layout.ts';

/**
 * A write of a lab that is decided but perhaps not done. While its file is there, the lab is a mixture of old and new
 * files, each of them whole, and can be made the new lab at any time: every step may be done twice.
 */
export interface Journal {
  /** Name of the folder with the new files, in the tool's own folder; the files are called 0, 1, 2, … there. */
  readonly stage: string;
  /** Where the new files go, in this order, relative to the lab. */
  readonly put: readonly string[];
  /** What is removed after that. */
  readonly remove: readonly string[];
}

/** Raised when the meaning of the file changes: the tool that finishes a write may be older than the one that began it. */
const format = 1;

/** The text of a journal's file. */
export function formatJournal({ stage, put, remove }: Journal): string {
  return `${JSON.stringify({ format, stage, put, remove })}\n`;
}

function isPaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string' && staysInside(path));
}

/** A journal that is safe to follow; undefined if the text is anything else. It may come from a stranger's repository. */
function parseJournal(text: string): Journal | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  if (!('format' in data && 'stage' in data && 'put' in data && 'remove' in data)) return undefined;
  const { stage, put, remove } = data;
  if (data.format !== format || typeof stage !== 'string' || stageOwner(stage) === undefined) return undefined;
  return isPaths(put) && isPaths(remove) ? { stage, put, remove } : undefined;
}

/** The text of a file; undefined if another process has removed it since it was looked for. */
function readIfThere(files: FileSystem, place: string): string | undefined {
  try {
    return files.readText(place);
  } catch (error) {
    if (files.kindOf(place) !== undefined) throw error;
    return undefined;
  }
}

/**
 * Reads the journal of a lab.
 * @returns undefined if no write is under way
 * @throws UserError LAB_EDITED if it is damaged, or links or folders stand where it would write
 */
export function readJournal(files: FileSystem, directory: string): Journal | undefined {
  if (!findFiles(files, directory, [journalPath]).has(journalPath)) return undefined;
  const place = inLab(directory, journalPath);
  const text = readIfThere(files, place);
  if (text === undefined) return undefined;
  const journal = parseJournal(text);
  if (journal === undefined) {
    throw new UserError({
      code: 'LAB_EDITED',
      message: `${place}, the record of an interrupted write, is damaged or from another version`,
      place: { kind: 'path', path: place },
      fix: 'Remove it, and run `generate --force` in the lab',
    });
  }
  findFiles(files, directory, [...journal.put, ...journal.remove]);
  return journal;
}

function moveStaged(files: FileSystem, staged: string, place: string): void {
  try {
    files.rename(staged, place);
  } catch (error) {
    // Gone since it was looked for: another process finishes the same write.
    if (files.kindOf(staged) !== undefined) throw error;
  }
}

function putFiles(files: FileSystem, directory: string, { stage, put }: Journal): void {
  const folders = new Set<string>();
  const stageFolder = inLab(directory, `${stateFolder}/${stage}`);
  for (const [index, path] of put.entries()) {
    const staged = inLab(stageFolder, String(index));
    // Put in place by an earlier attempt.
    if (files.kindOf(staged) === undefined) continue;
    const folder = folderOf(path);
    if (folder !== '' && !folders.has(folder)) files.makeFolders(inLab(directory, folder));
    folders.add(folder);
    moveStaged(files, staged, inLab(directory, path));
  }
}

/** Removes files, and the folders that are empty then, innermost first. */
function removeFiles(files: FileSystem, directory: string, paths: readonly string[]): void {
  const folders = new Set<string>();
  for (const path of paths) {
    files.removeFile(inLab(directory, path));
    for (const folder of foldersAbove(path)) folders.add(folder);
  }
  const innermostFirst = [...folders].sort((a, b) => b.length - a.length);
  for (const folder of innermostFirst) files.removeEmptyFolder(inLab(directory, folder));
}

/** Makes a lab the new one, from wherever an earlier attempt stopped. */
export function finishWrite(files: FileSystem, directory: string, journal: Journal): void {
  putFiles(files, directory, journal);
  removeFiles(files, directory, journal.remove);
  files.removeTree(inLab(directory, `${stateFolder}/${journal.stage}`));
  files.removeFile(inLab(directory, journalPath));
}
