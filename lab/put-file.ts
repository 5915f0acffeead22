import type { FileSystem } from '../platform/files/file-system.ts';
import type { FileChange } from './file-change.ts';

/**
 * Writes the new content of a change to a place that nobody reads yet.
 * @param place absolute path, in a folder that is there
 */
export function putFile(files: FileSystem, change: FileChange, place: string): void {
  if (change.copyFrom !== undefined) files.copy(change.copyFrom, place);
  else if (change.after !== undefined) files.writeText(place, change.after, change.executable ?? false);
}
