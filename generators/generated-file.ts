/** A file of the lab: a pure function of the plan. */
export interface GeneratedFile {
  /** Relative to the lab, with forward slashes, never leaving it. */
  readonly path: string;
  /** UTF-8, LF, ends with a newline. */
  readonly content: string;
  /** Whether the file may be run (mode 0755 instead of 0644). */
  readonly executable?: boolean;
}

/** Files whose paths are within a folder of the lab. */
export const filesIn = (folder: string, files: readonly GeneratedFile[]): readonly GeneratedFile[] =>
  files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
