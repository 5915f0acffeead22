import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleScript, root } from './build/bundle-script.mjs';

/*
 * node scripts/run-ts.mjs SCRIPT.ts [ARGUMENT…]: runs a TypeScript script of the repository, with its templates.
 * Node 20 runs no TypeScript, so the script is bundled first; packages stay where they are.
 */

const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) throw new Error('which script? node scripts/run-ts.mjs SCRIPT.ts');

// Below node_modules, so that the bundle finds the packages. Two runs at once do not share a file.
const folder = join(root, 'node_modules/.cache/run-ts');
mkdirSync(folder, { recursive: true });
const bundle = join(folder, `${basename(script, '.ts')}-${process.pid}.mjs`);
writeFileSync(bundle, await bundleScript(resolve(script)));

process.on('exit', () => rmSync(bundle, { force: true }));
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], script, ...scriptArguments];
await import(pathToFileURL(bundle).href);
