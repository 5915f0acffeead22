import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { ejsForEsbuild } from './ejs-plugin.mjs';
import { mergeChunks } from './merge-chunks.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

/*
 * dist/: CommonJS, because Node's ESM loader costs 4 ms of a start that may cost 18; split into chunks, because what a
 * start does not need must not be parsed. esbuild splits ES modules only, so: bundle to split ES modules first, then
 * turn each chunk into CommonJS, where `import('./chunk.cjs')` becomes a require that runs when it is called.
 */

// The command whose cold start is measured (bench/).
const hotCommand = 'cli/commands/create.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

// The CommonJS build that Node would be given keeps all of yaml in the bundle; this one can be tree-shaken.
const yamlAsModules = {
  name: 'yaml-as-modules',
  setup(build) {
    const path = join(root, 'node_modules/yaml/browser/dist/index.js');
    build.onResolve({ filter: /^yaml$/ }, () => ({ path, sideEffects: false }));
  },
};

/**
 * Bundles the program. Two builds of the same sources are byte-identical.
 * @param {{ entry?: string, outDir?: string }} [options] absolute paths; by default bin/create-mesos-cluster.ts and dist/
 * @throws when a source does not compile, or a bundled package has no licence text
 */
export async function buildDist(options = {}) {
  const { entry = join(root, 'bin/create-mesos-cluster.ts'), outDir = join(root, 'dist') } = options;
  const { outputFiles, metafile } = await bundle(entry, outDir);
  const chunks = await Promise.all(outputFiles.map(async ({ path, text }) => [basename(path), await toCommonJs(text)]));
  const files = mergeChunks(new Map(chunks), ...importsOf(metafile));
  files.set('THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(metafile, root));
  const entryPoint = await entryStub(readManifest().engines.node);
  files.set('files.json', await fingerprints(new Map([...files, ['create-mesos-cluster.cjs', entryPoint]])));
  // Last: whoever starts the program during a build finds the old one or the new one.
  files.set('create-mesos-cluster.cjs', entryPoint);
  writeChanged(outDir, files);
  chmodSync(join(outDir, 'create-mesos-cluster.cjs'), 0o755);
}

const common = { platform: 'node', target: 'node20.12', minify: true, charset: 'utf8', legalComments: 'none' };

const readManifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Constants that the sources are compiled with (platform/version.d.ts). */
export const definitions = () => ({ __VERSION__: JSON.stringify(readManifest().version) });

function bundle(entry, outDir) {
  return esbuild.build({
    ...common,
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir: outDir,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    define: definitions(),
    plugins: [ejsForEsbuild, yamlAsModules],
    metafile: true,
    write: false,
    logLevel: 'error',
  });
}

/** From esbuild's account of the bundle: what each chunk imports, and which one is the hot command. */
function importsOf({ outputs }) {
  const byName = Object.fromEntries(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const imports = (name) =>
    byName[name].imports
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .map(({ path }) => basename(path));
  return [imports, Object.keys(byName).find((name) => byName[name].entryPoint === hotCommand)];
}

async function toCommonJs(source) {
  const { code } = await esbuild.transform(source, {
    ...common,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // esbuild leaves "use strict" out when it turns modules, which are strict, into scripts.
    banner: '"use strict";',
  });
  return code;
}

/** The file that npm links to the command: scripts/entry.cjs with the oldest Node of package.json's `engines`. */
async function entryStub(engines) {
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(engines) ?? [];
  if (minor === undefined) throw new Error(`package.json: engines.node is ${engines}, expected >=MAJOR.MINOR`);
  const { code } = await esbuild.transform(readFileSync(join(root, 'scripts/entry.cjs'), 'utf8'), {
    target: 'es5',
    define: { __NODE_MAJOR__: major, __NODE_MINOR__: minor },
    minifySyntax: true,
  });
  return `#!/usr/bin/env node\n${code}`;
}

/**
 * What a lab gets a copy of, with the fingerprints that the lab's manifest wants: computing them here saves each start
 * 6 ms. The entry point comes last (see LabRequest.copies).
 */
async function fingerprints(files) {
  const { code } = await esbuild.transform(readFileSync(join(root, 'lab/fingerprint.ts'), 'utf8'), { loader: 'ts' });
  const { textFingerprint } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const schema = readFileSync(join(root, 'spec.schema.json'), 'utf8');
  const entries = [['../spec.schema.json', schema], ...files].map(([name, text]) => [name, textFingerprint(text)]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 1)}\n`;
}

/** Writes what differs, then removes what is not of this build. */
function writeChanged(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== content) writeFileSync(path, content);
  }
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true });
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { entry: { type: 'string' }, out: { type: 'string' } } });
  const absolute = (path) => (path === undefined ? undefined : resolve(path));
  await buildDist({ entry: absolute(values.entry), outDir: absolute(values.out) }).catch((error) => {
    // esbuild has already shown the errors in the sources, each with its line.
    if (error.errors === undefined) throw error;
    process.exitCode = 1;
  });
}
