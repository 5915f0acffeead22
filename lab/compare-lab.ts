import { UserError, type Problem } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import { checkFolder, checkVersion } from './check-folder.ts';
import { findFiles } from './find-obstacles.ts';
import {
  compareCopy,
  compareObsolete,
  compareSpec,
  compareText,
  type FileChange,
  type Present,
} from './file-change.ts';
import { byPath, inLab, manifestPath } from './lab-layout.ts';
import type { LabRequest } from './lab-request.ts';
import { readManifest } from './manifest.ts';
import { wantedFiles, type WantedFile } from './wanted-files.ts';
import { explainingFailures } from './write-failure.ts';

/** A lab as it is, beside the lab that was asked for. */
export interface LabComparison {
  readonly request: LabRequest;
  /** Everything the lab has or will have that is the tool's, the manifest too, and the spec; sorted by path. */
  readonly changes: readonly FileChange[];
  /** Whether there is no folder yet. */
  readonly fresh: boolean;
}

function comparePresent(files: FileSystem, request: LabRequest, wanted: readonly WantedFile[]): readonly FileChange[] {
  const { directory, spec, replaceSpec } = request;
  findFiles(files, directory, [manifestPath]);
  const manifest = readManifest(files, directory);
  checkVersion(request, manifest);
  const kept = new Set([spec.path, ...wanted.map(({ path }) => path)]);
  const obsolete = [...manifest.files.keys()].filter((path) => !kept.has(path));
  const generated = [...wanted.map(({ path }) => path), ...obsolete];
  const paths = findFiles(files, directory, replaceSpec ? [...generated, spec.path] : generated);
  const present: Present = { files, directory, paths, manifest };
  return [
    compareSpec(files, request),
    ...wanted.map((file) => (file.kind === 'text' ? compareText(present, file) : compareCopy(present, file))),
    ...obsolete.filter((path) => paths.has(path)).map((path) => compareObsolete(present, path)),
  ].sort(byPath);
}

function compareNothing({ spec }: LabRequest, wanted: readonly WantedFile[]): readonly FileChange[] {
  const changes = wanted.map((file): FileChange => {
    const created = { path: file.path, kind: 'create', edited: false } as const;
    if (file.kind === 'copy') return { ...created, copyFrom: file.from };
    return { ...created, after: file.text, executable: file.executable };
  });
  return [{ path: spec.path, kind: 'create', edited: false, after: spec.content } as const, ...changes].sort(byPath);
}

/**
 * Finds out what writing a lab would change. Only reads, so it is also all that `--dry-run` and `--diff` do;
 * `recoverLab` must have run before, or a write that was killed half-way is mistaken for edits.
 * @throws UserError LAB_EXISTS, USAGE_NOT_A_LAB or LAB_NEWER if the folder does not fit the request; LAB_EDITED if links
 *   or folders are in the way (edited files are only marked: see `refuseEdits`); MACHINE_NOT_WRITABLE if it cannot be read
 */
export function compareLab(files: FileSystem, request: LabRequest): LabComparison {
  return explainingFailures(request.directory, 'Nothing was written', () => {
    const fresh = checkFolder(files, request) === 'new';
    const wanted = wantedFiles(files, request);
    return {
      request,
      changes: fresh ? compareNothing(request, wanted) : comparePresent(files, request, wanted),
      fresh,
    };
  });
}

const fix = 'Move the change into mesos-cluster.yaml, or pass --force to lose it; --diff shows it. Nothing was written';

/**
 * Protects what a person changed by hand.
 * @throws UserError LAB_EDITED with one problem for each edited file, unless the request is forced
 */
export function refuseEdits({ request, changes }: LabComparison): void {
  if (request.force) return;
  const edits = changes.filter(({ edited }) => edited);
  const problems = edits.map(({ path, kind, guessed }, index): Problem => {
    const fate = kind === 'remove' ? 'is no longer part of the lab and would be removed' : 'would be overwritten';
    const cause =
      guessed === true
        ? 'is of an older version, which leaves no sign whether it was edited by hand'
        : 'was edited by hand';
    const problem: Problem = {
      code: 'LAB_EDITED',
      message: `${path} ${cause}, and ${fate}`,
      place: { kind: 'path', path: inLab(request.directory, path) },
    };
    // What to do is the same for all: said once, at the end.
    return index < edits.length - 1 ? problem : { ...problem, fix };
  });
  const [first, ...more] = problems;
  if (first !== undefined) throw new UserError(first, ...more);
}
