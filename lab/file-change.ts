import type { FileSystem } from '../platform/files/file-system.ts';
import { fingerprint, textFingerprint } from './fingerprint.ts';
import { inLab, manifestPath, stateFolder } from './lab-layout.ts';
import type { LabRequest } from './lab-request.ts';
import { hasFormerMark, isEdited, type Manifest } from './manifest.ts';
import type { WantedFile } from './wanted-files.ts';

/** What writing a lab does to one of its files. */
export interface FileChange {
  /** Relative to the lab, with forward slashes. */
  readonly path: string;
  readonly kind: 'create' | 'update' | 'unchanged' | 'remove';
  /** Whether the change loses something: the file differs from what the tool wrote there, or is not the tool's at all. */
  readonly edited: boolean;
  /** `edited` is a guess: an older version wrote the file, whose fingerprints this one cannot compare. */
  readonly guessed?: boolean;
  /** The text that is there now; not of copies, nor of what is removed from the tool's own folder. */
  readonly before?: string;
  /** The text that shall be there; not of copies. */
  readonly after?: string;
  readonly executable?: boolean;
  /** Absolute path of the source, if the file is a copy. */
  readonly copyFrom?: string;
}

/** What is known of a lab that is there. */
export interface Present {
  readonly files: FileSystem;
  readonly directory: string;
  /** Paths that have a file now. */
  readonly paths: ReadonlySet<string>;
  readonly manifest: Manifest;
}

/** What becomes of a generated text. */
export function compareText(
  { files, directory, paths, manifest }: Present,
  wanted: WantedFile & { kind: 'text' },
): FileChange {
  const { path, text: after, executable } = wanted;
  if (!paths.has(path)) return { path, kind: 'create', edited: false, after, executable };
  const before = files.readText(inLab(directory, path));
  if (before === after) return { path, kind: 'unchanged', edited: false, before: after, after, executable };
  const edited = path !== manifestPath && isEdited(manifest, path, textFingerprint(before));
  return { path, kind: 'update', edited, guessed: hasFormerMark(manifest, path), before, after, executable };
}

/** What becomes of a copy of one of the tool's files. */
export function compareCopy(
  { files, directory, paths, manifest }: Present,
  wanted: WantedFile & { kind: 'copy' },
): FileChange {
  const { path, from: copyFrom, mark } = wanted;
  if (!paths.has(path)) return { path, kind: 'create', edited: false, copyFrom };
  const found = fingerprint(files.readBytes(inLab(directory, path)));
  if (found === mark) return { path, kind: 'unchanged', edited: false, copyFrom };
  return { path, kind: 'update', edited: isEdited(manifest, path, found), copyFrom };
}

/** What becomes of the user's own file: nothing, unless there is none or the request replaces it. */
export function compareSpec(files: FileSystem, { directory, spec, replaceSpec }: LabRequest): FileChange {
  const { path, content: after } = spec;
  const place = inLab(directory, path);
  if (files.kindOf(place) === undefined) return { path, kind: 'create', edited: false, after };
  const before = files.readText(place);
  if (before === after || !replaceSpec) return { path, kind: 'unchanged', edited: false, before, after: before };
  return { path, kind: 'update', edited: false, before, after };
}

/** A file that the tool wrote once and does not write any more. */
export function compareObsolete({ files, directory, manifest }: Present, path: string): FileChange {
  const bytes = files.readBytes(inLab(directory, path));
  const edited = isEdited(manifest, path, fingerprint(bytes));
  const change = { path, kind: 'remove', edited, guessed: hasFormerMark(manifest, path) } as const;
  return path.startsWith(`${stateFolder}/`) ? change : { ...change, before: Buffer.from(bytes).toString('utf8') };
}

/**
 * Writes the new content of a change to a place that nobody reads yet.
 * @param place absolute path, in a folder that is there
 */
export function putFile(files: FileSystem, change: FileChange, place: string): void {
  if (change.copyFrom !== undefined) files.copy(change.copyFrom, place);
  else if (change.after !== undefined) files.writeText(place, change.after, change.executable ?? false);
}
