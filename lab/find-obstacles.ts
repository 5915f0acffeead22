import { UserError, type Problem } from '../errors/user-error.ts';
import type { EntryKind, FileSystem } from '../platform/files/file-system.ts';
import { foldersAbove, inLab } from './lab-layout.ts';

/** What stands at a path, in a sentence. */
export const kindWords = {
  link: 'a symbolic link',
  folder: 'a folder',
  file: 'a file',
  other: 'a device, pipe or socket',
} as const satisfies Record<EntryKind, string>;

function obstacle(directory: string, path: string, kind: EntryKind, wanted: 'file' | 'folder'): Problem {
  return {
    code: 'LAB_EDITED',
    message: `${path} is ${kindWords[kind]}, where a ${wanted} of the lab belongs`,
    place: { kind: 'path', path: inLab(directory, path) },
    fix: 'Move it away; not even --force writes through it. Nothing was written',
  };
}

/**
 * Looks where files of a lab would go, without following links: one inside the lab may lead anywhere.
 * Each folder is looked at once, however many files it has.
 * @param paths relative to the lab
 * @returns those of the paths that have a file now
 * @throws UserError LAB_EDITED, naming everything in the way: links, folders in the place of files, files in that of folders
 */
export function findFiles(files: FileSystem, directory: string, paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Map<string, EntryKind | undefined>();
  const problems: Problem[] = [];
  const present = new Set<string>();

  const lookAtFolder = (folder: string): EntryKind | undefined => {
    if (folders.has(folder)) return folders.get(folder);
    const kind = files.kindOf(inLab(directory, folder));
    folders.set(folder, kind);
    if (kind !== undefined && kind !== 'folder') problems.push(obstacle(directory, folder, kind, 'folder'));
    return kind;
  };
  for (const path of paths) {
    if (!foldersAbove(path).every((folder) => lookAtFolder(folder) === 'folder')) continue;
    const kind = files.kindOf(inLab(directory, path));
    if (kind === 'file') present.add(path);
    else if (kind !== undefined) problems.push(obstacle(directory, path, kind, 'file'));
  }
  const [first, ...more] = problems;
  if (first !== undefined) throw new UserError(first, ...more);
  return present;
}
