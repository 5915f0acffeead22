import type { FileSystem } from '../platform/files/file-system.ts';
import { byPath, inLab, manifestPath, stateFolder, staysInside } from './lab-layout.ts';

/** What the tool wrote into a lab, as `.mesos-cluster/manifest.json` has it. */
export interface Manifest {
  /** Version of the tool that wrote it; empty if nothing is known. */
  readonly version: string;
  /** Fingerprints of the generated files, by path. */
  readonly files: ReadonlyMap<string, string>;
}

const tool = 'create-mesos-cluster';
const unknown: Manifest = { version: '', files: new Map() };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a manifest: sorted, without dates, so that equal labs have equal manifests. */
export function formatManifest(manifest: Manifest): string {
  const files = [...manifest.files].map(([path, mark]) => ({ path, mark })).sort(byPath);
  const lines = files.map(({ path, mark }) => `    ${JSON.stringify(path)}: ${JSON.stringify(mark)}`).join(',\n');
  const table = files.length === 0 ? '{}' : `{\n${lines}\n  }`;
  return `{\n  "tool": "${tool}",\n  "version": ${JSON.stringify(manifest.version)},\n  "files": ${table}\n}\n`;
}

/**
 * Reads the text of a manifest. One that is damaged, or names a path outside the lab, counts as unknown:
 * then every file that differs counts as edited, which loses nothing.
 */
function parseManifest(text: string): Manifest {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return unknown;
  }
  if (!isRecord(data) || typeof data.version !== 'string' || !isRecord(data.files)) return unknown;
  const files = new Map<string, string>();
  for (const [path, mark] of Object.entries(data.files)) {
    if (typeof mark !== 'string' || !staysInside(path)) return unknown;
    files.set(path, mark);
  }
  return { version: data.version, files };
}

/** The manifest of a lab; unknown if it has none. */
export function readManifest(files: FileSystem, directory: string): Manifest {
  const path = inLab(directory, manifestPath);
  return files.kindOf(path) === 'file' ? parseManifest(files.readText(path)) : unknown;
}

/** What the first versions wrote, which this one cannot compute: 16 digits, where SHA-256 has 64. */
const formerMark = /^[0-9a-f]{16}$/;

/** Whether a version wrote the file whose fingerprints this one cannot compare. */
export function hasFormerMark({ files }: Manifest, path: string): boolean {
  return formerMark.test(files.get(path) ?? '');
}

/**
 * Whether a file is another than the tool wrote. With a former mark nobody can tell: nobody edits the tool's own
 * folder, and of all else it is assumed, which loses nothing.
 * @param found fingerprint of what is there
 */
export function isEdited(manifest: Manifest, path: string, found: string): boolean {
  if (hasFormerMark(manifest, path)) return !path.startsWith(`${stateFolder}/`);
  return manifest.files.get(path) !== found;
}
