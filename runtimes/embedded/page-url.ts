import type { FileSystem } from '../../platform/files/file-system.ts';
import { runFolder } from './run-folder.ts';

/** Leaves where the page of a lab is, with its token, for its owner alone. */
export function writePageUrl(files: FileSystem, directory: string, url: string): void {
  files.writePrivate(runFolder(directory).page, `${url}\n`);
}

/** Undefined when there is none, and for who may not read it. */
export function readPageUrl(files: FileSystem, directory: string): string | undefined {
  const { page } = runFolder(directory);
  try {
    return files.kindOf(page) === 'file' ? files.readText(page).trim() : undefined;
  } catch {
    return undefined;
  }
}
