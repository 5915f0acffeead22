import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { bundleScript, definitions, manifest, onLog, root } from './bundle-script.mjs';
import { coursePlugin } from './course-plugin.mjs';
import { pagePlugin } from './page-plugin.mjs';
import { ejsPlugin } from './ejs-plugin.mjs';
import { testingFiles } from './build-testing.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

/*
 * dist/: CommonJS, because Node's ESM loader costs 4 ms of a start that may cost 40; split into chunks, because what a
 * start does not need must not be parsed; and few of them, because every lab gets a copy of each:
 *   main.cjs   what every start loads
 *   lab-*      what making a lab loads beside it: the start that is measured (bench/)
 *   wishes-*   what any wish beyond the default needs: checks, virtual machines; and errors
 *   verbs-*    what the verbs of a lab load
 *   tools-*    what talks to terminals and programs
 *   engine-*   the cluster without Docker, and the programs of the image lite
 *   chronos-*  the engine's Chronos, with its time zones
 *   page-*     the page of a lab, and its server
 *   learn-*    lessons: what runs them, and the course
 *   archives-* what unpacks the archives that tasks fetch
 * and what else is imported late; rolldown-runtime-* is the bundler's own. Beside them, and in no lab, is what other
 * people's tests import (build-testing.mjs), which starts the program.
 */

const entryPointName = 'create-mesos-cluster.cjs';

/* What is imported late and is wanted together. The rest the bundler splits, by what imports it. */
const late = [
  { name: 'lab', roots: ['cli/commands/create.ts'] },
  {
    name: 'wishes',
    roots: [
      'planning/plan/checked-plan.ts',
      'generators/machines/machine-files.ts',
      'generators/adopted-readme.ts',
      'cli/printing/print-error.ts',
      'cli/command-line/every-problem.ts',
      'cli/printing/print-former-flags.ts',
    ],
  },
  {
    name: 'verbs',
    roots: [
      'cli/command-line/other-commands.ts',
      'planning/spec-text/load-spec.ts',
      'planning/spec-text/edit-spec.ts',
      'planning/spec-text/written-values.ts',
      'planning/rules/check-flags.ts',
      'node_modules/diff/libesm/index.js',
    ],
  },
  {
    // What talks to programs and terminals: verbs want it, and must not load the cluster for it.
    name: 'tools',
    roots: ['cli/questions/questions.ts', 'node_modules/execa/index.js', 'node_modules/docker-compose/dist/index.js'],
  },
  {
    // What a lab without Docker and the image lite run.
    name: 'engine',
    roots: [
      ...['run-daemon.ts', 'end-orphans.ts', 'fixture/run-fixture.ts'].map((name) => `runtimes/embedded/${name}`),
      'runtimes/lite/component.ts',
    ],
  },
  { name: 'page', roots: ['cli/page/serve-pages.ts', 'pages/server/component-page.ts'] },
  { name: 'learn', roots: ['cli/learn/learn-verbs.ts', 'node_modules/marked/lib/marked.esm.js'] },
  { name: 'chronos', roots: ['engine/chronos/start-chronos.ts', 'node_modules/luxon/build/es6/luxon.mjs'] },
  {
    // What unpacks the archives that tasks fetch.
    name: 'archives',
    roots: [
      ...['tar', 'zip'].map((name) => `engine/agent/fetch/${name}-archive.ts`),
      ...['tar/dist/esm/parse.js', 'yauzl/index.js'].map((path) => `node_modules/${path}`),
    ],
  },
].map(({ name, roots }) => ({ name, roots: roots.map((path) => join(root, path)) }));

/**
 * The CommonJS build of yaml that Node would be given keeps all of it in the bundle; this one can be tree-shaken, and
 * split. docker-compose, which is CommonJS itself, would have all of it wrapped: it gets none, as nothing that is used of
 * it (ComposePackage) reads or writes YAML.
 */
const yamlAsModules = {
  name: 'yaml-as-modules',
  resolveId: (source, importer = '') => {
    if (source !== 'yaml') return undefined;
    return importer.includes('/node_modules/docker-compose/')
      ? '\0no-yaml'
      : join(root, 'node_modules/yaml/browser/dist/index.js');
  },
  load: (id) => (id === '\0no-yaml' ? 'module.exports = {};' : undefined),
};

/** Node keeps a file as one byte a character if it can: half to read, to keep and to parse. */
const asciiOnly = (code) =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Bundles the program. Two builds of the same sources are byte-identical.
 * @param {{ entry?: string, outDir?: string }} [options] absolute paths; by default bin/create-mesos-cluster.ts and dist/
 * @throws when a source does not compile, or a bundled package has no licence text
 */
export async function buildDist(options = {}) {
  const { entry = join(root, 'bin/create-mesos-cluster.ts'), outDir = join(root, 'dist') } = options;
  const forTests = options.entry === undefined ? await testingFiles() : new Map();
  const chunks = await bundle(entry);
  const files = new Map(chunks.map(({ fileName, code }) => [fileName, asciiOnly(code)]));
  files.set('THIRD-PARTY-LICENSES.txt', thirdPartyLicenses([...chunks, ...pagePlugin.api.chunks]));
  const entryPoint = entryStub(manifest().engines.node);
  files.set('files.json', await fingerprints(new Map([...files, [entryPointName, entryPoint]])));
  for (const [name, text] of forTests) files.set(name, text);
  // Last: whoever starts the program during a build finds the old one or the new one.
  files.set(entryPointName, entryPoint);
  writeChanged(outDir, files);
}

async function bundle(entry) {
  const bundler = await rolldown({
    cwd: root,
    input: { main: entry },
    platform: 'node',
    transform: { target: 'node20.12', define: definitions() },
    treeshake: { moduleSideEffects: [{ test: /\/node_modules\/yaml\//, sideEffects: false }] },
    plugins: [yamlAsModules, ejsPlugin, pagePlugin, coursePlugin],
    // How long a build takes says how busy the machine is: no mistake of a source.
    checks: { circularDependency: true, bundlerTimings: false },
    preserveEntrySignatures: false,
    onLog,
  });
  try {
    const { output } = await bundler.generate({
      format: 'cjs',
      strict: true,
      minify: true,
      comments: false,
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ name: groupNames(entry), debugName: 'main and late' }],
      },
    });
    return output;
  } finally {
    await bundler.close();
  }
}

/** Which group a module belongs to: everything that a start loads goes into one file, whoever shares it. */
function groupNames(entry) {
  let groups;
  return (id, context) => {
    // What reads YAML: making a lab only writes it.
    if (/\/yaml\/browser\/dist\/(?:compose\/|parse\/|public-api)/.test(id)) return 'verbs';
    groups ??= [
      { name: 'main', modules: closure([entry], context) },
      ...late.map(({ name, roots }) => ({ name, modules: closure(roots, context) })),
    ];
    return groups.find(({ modules }) => modules.has(id))?.name;
  };
}

/** Modules and all that they import statically, directly or not. */
function closure(ids, context, found = new Set()) {
  for (const id of ids) {
    const info = found.has(id) ? undefined : context.getModuleInfo(id);
    if (!info) continue;
    found.add(id);
    closure(info.importedIds, context, found);
  }
  return found;
}

/** The file that npm links to the command: scripts/build/entry.cjs with the oldest Node of package.json's `engines`. */
function entryStub(engines) {
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(engines) ?? [];
  if (minor === undefined) throw new Error(`package.json: engines.node is ${engines}, expected >=MAJOR.MINOR`);
  const source = readFileSync(join(root, 'scripts/build/entry.cjs'), 'utf8').replace(/^\/\*[^]*?\*\/\n/, '');
  return `#!/usr/bin/env node\n${source.replaceAll('__NODE_MAJOR__', major).replaceAll('__NODE_MINOR__', minor)}`;
}

/**
 * What a lab gets a copy of, with the fingerprints that the lab's manifest wants: computing them here saves each start
 * the reading of a megabyte. The entry point comes last (see LabRequest.copies).
 */
async function fingerprints(files) {
  const code = await bundleScript(join(root, 'lab/fingerprint.ts'));
  const { textFingerprint } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const schema = readFileSync(join(root, 'spec.schema.json'), 'utf8');
  const entries = [['../spec.schema.json', schema], ...files].map(([name, text]) => [name, textFingerprint(text)]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 1)}\n`;
}

/** Writes what differs, each file at once, then removes what is not of this build. */
function writeChanged(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    writeFileSync(`${path}.new`, content, { mode: name === entryPointName ? 0o755 : 0o644 });
    renameSync(`${path}.new`, path);
  }
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true });
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { entry: { type: 'string' }, out: { type: 'string' } } });
  const absolute = (path) => (path === undefined ? undefined : resolve(path));
  await buildDist({ entry: absolute(values.entry), outDir: absolute(values.out) }).catch((error) => {
    // The bundler's message names the file and the line; the stack would be of its own code.
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
