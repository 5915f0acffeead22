import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { ejsForEsbuild } from './ejs-plugin.mjs';

/*
 * node scripts/run-ts.mjs SCRIPT.ts [ARGUMENT…]: runs a TypeScript script of the repository, with its templates.
 * Node 20 runs no TypeScript, so the script is bundled first; packages stay where they are.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) throw new Error('which script? node scripts/run-ts.mjs SCRIPT.ts');

// Below node_modules, so that the bundle finds the packages. Two runs at once do not share a file.
const folder = join(root, 'node_modules/.cache/run-ts');
mkdirSync(folder, { recursive: true });
const bundle = join(folder, `${basename(script, '.ts')}-${process.pid}.mjs`);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [resolve(script)],
  outfile: bundle,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.12',
  sourcemap: 'inline',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [ejsForEsbuild],
  logLevel: 'error',
});

process.on('exit', () => rmSync(bundle, { force: true }));
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], script, ...scriptArguments];
await import(pathToFileURL(bundle).href);
