import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkPackage, Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/*
 * What `npm pack` would publish: only wanted files, small, one package to install, and types that are right. Run after a
 * build.
 */

// What is fetched, and what then lies on a disk.
const maxPackedBytes = 2_200_000;
// The course of `learn` is 0.1 to 0.2 MB of text, and marked shows it; the platform around Mesos (metrics, scaling, the registry) is 0.2 MB.
const maxUnpackedBytes = 3_200_000;
const required = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package.json',
  'spec.schema.json',
  'lesson.schema.json',
  'dist/THIRD-PARTY-LICENSES.txt',
  'dist/course.json',
  'dist/create-mesos-cluster.cjs',
  'dist/files.json',
  'dist/main.cjs',
  'dist/testing.cjs',
  'dist/testing.d.cts',
];
const wanted = [
  ...required.map((path) => new RegExp(`^${path.replaceAll('.', String.raw`\.`)}$`)),
  /^dist\/[\w-]+\.cjs$/,
];
const executables = ['dist/create-mesos-cluster.cjs'];

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
);
// npm 11 answers with a list, later ones with an object by package name.
const [{ files, size, unpackedSize }] = Object.values(packed);
const paths = files.map(({ path }) => path);

const problems = [
  ...required.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
  ...paths
    .filter((path) => !wanted.some((pattern) => pattern.test(path)))
    .map((path) => `${path} should not be published`),
  ...files
    .filter(({ path, mode }) => executables.includes(path) && (mode & 0o111) !== 0o111)
    .map(({ path }) => `${path} cannot be executed`),
  ...['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']
    .filter((key) => Object.keys(manifest[key] ?? {}).length > 0)
    .map((key) => `package.json has ${key}: everything is bundled`),
  ...['preinstall', 'install', 'postinstall']
    .filter((script) => manifest.scripts[script] !== undefined)
    .map((script) => `package.json has the script ${script}: installing must run nothing`),
  ...(size > maxPackedBytes ? [`${size} bytes packed, at most ${maxPackedBytes} are allowed`] : []),
  ...(unpackedSize > maxUnpackedBytes
    ? [`${unpackedSize} bytes unpacked, at most ${maxUnpackedBytes} are allowed`]
    : []),
];

const { messages } = await publint({
  pkgDir: 'package',
  level: 'warning',
  strict: true,
  pack: { files: paths.map((path) => ({ name: `package/${path}`, data: readFileSync(path) })) },
});
problems.push(...messages.map((message) => `publint: ${formatMessage(message, manifest)}`));

// What the command line of @arethetypeswrong does, less its forty packages. TypeScript's `node10` reads no `exports`, and is
// not what anybody has with the oldest Node.js of `engines`.
const contents = Object.fromEntries(
  paths.map((path) => [`/node_modules/${manifest.name}/${path}`, readFileSync(path)]),
);
const { problems: wrongTypes } = await checkPackage(new Package(contents, manifest.name, manifest.version), {
  excludeEntrypoints: ['./spec.schema.json', './lesson.schema.json', './package.json'],
});
problems.push(
  ...wrongTypes
    .filter(({ resolutionKind }) => resolutionKind !== 'node10')
    .map((wrong) => `arethetypeswrong: ${JSON.stringify(wrong)}`),
);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`package: ${paths.length} files, ${size} bytes packed, ${unpackedSize} unpacked`);
