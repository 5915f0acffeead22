/** What stands at a path; a symbolic link is a `link`, whatever it leads to. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/**
 * The part of a file system that labs are read and written with. All paths are absolute, all calls are synchronous.
 * Unless a method says otherwise, what cannot be done throws the system's own error, with its `code` (`EACCES`, …).
 */
export interface FileSystem {
  /** Names temporary folders after their writer. */
  readonly processId: number;
  /** Whether a process with this id runs on this machine (also true if it is another user's). */
  isProcessAlive(id: number): boolean;

  /** What stands there; undefined if nothing does. */
  kindOf(path: string): EntryKind | undefined;
  /** Names in a folder, sorted; undefined if there is no folder. A link to a folder is followed. */
  list(folder: string): readonly string[] | undefined;
  /** The path without symbolic links; the path itself when it is not there. */
  realPath(path: string): string;
  /** Name of the user that a file belongs to, or the id of one without a name; undefined where nobody knows. */
  ownerOf(path: string): string | undefined;
  /** Decoded as UTF-8. */
  readText(file: string): string;
  readBytes(file: string): Uint8Array;
  /** In bytes. */
  sizeOf(file: string): number;
  /** What stands behind an offset; empty where the file ends before. */
  readBytesFrom(file: string, offset: number): Uint8Array;
  /** Whether this process may create and remove entries of a folder. */
  isWritable(folder: string): boolean;

  /** Makes a folder and those above it. Returns the topmost one it made, or undefined if all were there. */
  makeFolders(folder: string): string | undefined;
  /** Creates or overwrites a file; mode 0755 if executable, otherwise 0644, both less the umask. */
  writeText(file: string, text: string, executable: boolean): void;
  /** Makes a file that its owner alone reads and writes (mode 0600), in place of what was there. */
  writePrivate(file: string, text: string): void;
  /** Copies a file with its mode; shares the blocks where the file system can. */
  copy(from: string, to: string): void;
  /** Replaces a file at `to` in one step. */
  rename(from: string, to: string): void;
  /** Waits until the content of a file has reached the disk. */
  flush(file: string): void;
  /** Removes a file or link; does nothing if there is none. */
  removeFile(path: string): void;
  /** Removes a folder if it is empty and the system lets it, and says whether it did. */
  removeEmptyFolder(folder: string): boolean;
  /** Removes a folder with everything in it, following no link; does nothing if there is none. */
  removeTree(folder: string): void;
}
