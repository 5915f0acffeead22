import type { FileSystem } from '../platform/files/file-system.ts';
import { fingerprint, textFingerprint } from './fingerprint.ts';
import { byPath, foldersAbove, manifestPath, stateFolder, staysInside } from './lab-layout.ts';
import type { LabRequest } from './lab-request.ts';
import { formatManifest } from './manifest.ts';

/** A file that a lab shall have. */
export type WantedFile =
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly text: string;
      readonly executable: boolean;
      readonly mark: string;
    }
  | { readonly kind: 'copy'; readonly path: string; readonly from: string; readonly mark: string };

const reserved = new RegExp(`^${stateFolder.replace('.', '\\.')}/(manifest\\.json|journal\\.json|next-[0-9]+)(/|$)`);

/** Two files in one place, or one that leaves the lab, are mistakes of a generator: nothing a user could mend. */
function checkPaths(paths: readonly string[]): void {
  const taken = new Set<string>();
  for (const path of paths) {
    if (!staysInside(path) || reserved.test(path))
      throw new Error(`A lab cannot have a file at ${JSON.stringify(path)}.`);
    if (taken.has(path)) throw new Error(`Two files of a lab are at ${JSON.stringify(path)}.`);
    taken.add(path);
  }
  for (const path of paths) {
    const folder = foldersAbove(path).find((above) => taken.has(above));
    if (folder !== undefined) throw new Error(`${JSON.stringify(folder)} is both a file and a folder of a lab.`);
  }
}

/**
 * All generated files of a lab, the tool's copies and the manifest among them, sorted by path; not the spec.
 * @throws Error if two files share a path or one leaves the lab
 */
export function wantedFiles(files: FileSystem, request: LabRequest): readonly WantedFile[] {
  checkPaths([request.spec, ...request.files, ...request.copies].map(({ path }) => path));
  const generated: readonly WantedFile[] = [
    ...request.files.map(({ path, content, executable = false }) => {
      return { kind: 'text', path, text: content, executable, mark: textFingerprint(content) } as const;
    }),
    ...request.copies.map(({ path, from, fingerprint: given }) => {
      return { kind: 'copy', path, from, mark: given ?? fingerprint(files.readBytes(from)) } as const;
    }),
  ];
  const marks = new Map(generated.map(({ path, mark }) => [path, mark]));
  const manifest = formatManifest({ version: request.toolVersion, files: marks });
  return [
    ...generated,
    { kind: 'text', path: manifestPath, text: manifest, executable: false, mark: '' } as const,
  ].sort(byPath);
}
