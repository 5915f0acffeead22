import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../../generators/generated-file.ts';

/** Writes generated files into a folder. */
export function writeFiles(folder: string, files: readonly GeneratedFile[]): void {
  for (const { path, content, executable } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: executable === true ? 0o755 : 0o644 });
  }
}
