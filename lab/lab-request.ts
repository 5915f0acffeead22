import type { GeneratedFile } from '../generators/generated-file.ts';

/** A file of the tool itself that goes into the lab, so that the lab works without the network. */
export interface LabCopy {
  /** Relative to the lab, with forward slashes. */
  readonly path: string;
  /** Absolute path of the source. */
  readonly from: string;
  /** `fingerprint` of the source, if the build computed it already; otherwise the source is read. */
  readonly fingerprint?: string;
}

/** What a lab folder shall hold. */
export interface LabRequest {
  /** Absolute, without a slash at the end. */
  readonly directory: string;
  readonly files: readonly GeneratedFile[];
  /** The user's own file: written when there is none, replaced only if `replaceSpec`, never part of the check for edits. */
  readonly spec: GeneratedFile;
  readonly replaceSpec: boolean;
  /** Put in place in this order: name the entry point last, so that a tool caught half-way between two versions still starts. */
  readonly copies: readonly LabCopy[];
  readonly toolVersion: string;
  /** Overwrite edited files, write into a folder that is not empty, or over a lab of a newer version. */
  readonly force: boolean;
  /** `create`: the folder is missing or empty (one with only `.git` counts as empty). `regenerate`: it is a lab. */
  readonly purpose: 'create' | 'regenerate';
}
