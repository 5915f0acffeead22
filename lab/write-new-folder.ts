import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import type { LabComparison } from './compare-lab.ts';
import { folderOf, inLab } from './lab-layout.ts';
import { putFile } from './file-change.ts';
import { tidyUp } from './write-failure.ts';

/** Hidden, beside the lab, hence on the same file system: a rename makes it the lab. */
function draftPrefix(directory: string): string {
  return `.${basename(directory)}.mesos-cluster-`;
}

/** Removes what processes that were killed while they wrote a lab of this name have left beside it. */
function removeStaleDrafts(files: FileSystem, directory: string): void {
  const parent = dirname(directory);
  const prefix = draftPrefix(directory);
  for (const name of files.list(parent) ?? []) {
    if (!name.startsWith(prefix)) continue;
    const id = name.slice(prefix.length);
    if (!/^[0-9]{1,10}$/.test(id) || files.kindOf(join(parent, name)) !== 'folder') continue;
    if (Number(id) === files.processId || !files.isProcessAlive(Number(id))) files.removeTree(join(parent, name));
  }
}

function writeDraft(files: FileSystem, { changes }: LabComparison, draft: string): void {
  const folders = new Set<string>();
  files.makeFolders(draft);
  for (const change of changes) {
    const folder = folderOf(change.path);
    if (folder !== '' && !folders.has(folder)) files.makeFolders(inLab(draft, folder));
    folders.add(folder);
    putFile(files, change, inLab(draft, change.path));
  }
}

function publish(files: FileSystem, draft: string, directory: string): void {
  if (files.kindOf(directory) !== undefined) {
    throw new UserError({
      code: 'LAB_EXISTS',
      message: `${directory} was created by another program just now`,
      place: { kind: 'path', path: directory },
      fix: 'Run the command again. Nothing was written',
    });
  }
  files.rename(draft, directory);
}

/** Removes the folders that were made for the lab to stand in, from its parent up to the topmost one. */
function removeParents(files: FileSystem, directory: string, topmost: string): void {
  for (let folder = dirname(directory); folder.length >= topmost.length; folder = dirname(folder)) {
    if (!files.removeEmptyFolder(folder)) return;
  }
}

/**
 * Writes a lab whose folder is not there yet: into a hidden folder beside it, which then gets the lab's name. That
 * rename is the only step anyone sees. Nothing is flushed to the disk: what a killed process has written stays written,
 * and after a power cut there is no older lab to lose.
 */
export function writeNewFolder(files: FileSystem, comparison: LabComparison): void {
  const { directory } = comparison.request;
  const parent = dirname(directory);
  const topmost = files.makeFolders(parent);
  const draft = join(parent, `${draftPrefix(directory)}${String(files.processId)}`);
  try {
    removeStaleDrafts(files, directory);
    writeDraft(files, comparison, draft);
    publish(files, draft, directory);
  } catch (error) {
    tidyUp(() => {
      files.removeTree(draft);
      if (topmost !== undefined) removeParents(files, directory, topmost);
    });
    throw error;
  }
}
