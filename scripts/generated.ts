import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isUserError } from '../errors/user-error.ts';
import { compareRepository, defaultSpec, type Difference, type RepositoryFile } from './generated/repository-files.ts';

/*
 * npm run generated: writes everything in this repository that a program writes: the labs in compose/, examples/ and
 * test/golden/, the Vagrantfile, spec.schema.json, the references in docs/, and tables in README.md and docs/.
 * npm run generated -- --check: names what is not current, and writes nothing.
 */

const root = process.cwd();

function write({ path, content, executable }: RepositoryFile): void {
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
  chmodSync(absolute, executable ? 0o755 : 0o644);
}

/** Removes a file, and the folders that are empty without it. */
function remove(path: string): void {
  rmSync(join(root, path));
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    if (readdirSync(join(root, folder)).length > 0) return;
    rmdirSync(join(root, folder));
  }
}

function update(files: readonly RepositoryFile[], differences: readonly Difference[]): void {
  const changed = new Set(differences.map(({ path }) => path));
  files.filter(({ path }) => changed.has(path)).forEach(write);
  differences
    .filter(({ kind }) => kind === 'extra')
    .forEach(({ path }) => {
      remove(path);
    });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  if (!values.check) write(defaultSpec);
  const { files, differences } = await compareRepository(root);
  for (const { kind, path } of differences) console.log(`${kind.padEnd(7)} ${path}`);
  if (differences.length === 0) console.log(`${String(files.length)} generated files are current`);
  else if (!values.check) update(files, differences);
  else {
    console.error('Generated files are not current: npm run generated');
    process.exitCode = 1;
  }
}

await main().catch((error: unknown) => {
  if (!isUserError(error)) throw error;
  for (const { code, message, place, fix } of error.problems) {
    const where = place?.kind === 'file' ? `${place.file}:${String(place.line)}:${String(place.column)}: ` : '';
    console.error(`${where}${code}: ${message}${fix === undefined ? '' : `; ${fix}`}`);
  }
  process.exitCode = 1;
});
