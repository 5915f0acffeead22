import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * npm run check: lint, format and types at the same time, each with its tool's own cache below node_modules/.cache.
 * ESLint looks again only at files that changed themselves: what a change of a type means for lint in other files is
 * found by .ci/run, which has no caches. For tsc there is no such gap.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/check');

/** What decides how a file is linted, and is not part of ESLint's own key. */
function lintRules() {
  const hash = createHash('sha256');
  for (const path of ['scripts/import-directions.mjs', 'package-lock.json', 'tsconfig.json']) {
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex').slice(0, 12);
}

const bin = (path, ...words) => [process.execPath, join(root, 'node_modules', path), ...words];

const checks = () => ({
  lint: bin(
    ...['eslint/bin/eslint.js', '.', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', `${cache}/eslint-${lintRules()}`],
  ),
  cycles: bin('oxlint/bin/oxlint'),
  format: bin(
    ...['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    ...['--cache', '--cache-strategy', 'content', '--cache-location', `${cache}/prettier`],
  ),
  page: bin('typescript/bin/tsc', '--noEmit', '-p', 'pages/tsconfig.json'),
  types: bin('typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${cache}/types.tsbuildinfo`),
});

/**
 * Runs commands at the same time, and prints what each says when it has ended.
 * @param {Record<string, string[]>} commands by name
 * @param {(text: string) => void} print
 * @returns {Promise<boolean>} whether all of them ended well
 */
export async function runTogether(commands, print) {
  const ends = await Promise.all(
    Object.entries(commands).map(async ([name, [program, ...words]]) => {
      const started = performance.now();
      const { isGood, output } = await run(program, words);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print(`${output}${isGood ? '✓' : '✗ FAILED:'} ${name} (${seconds} s)\n`);
      return isGood;
    }),
  );
  return ends.every((isGood) => isGood);
}

function run(program, words) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (output += text));
    }
    child.once('error', (error) => resolve({ isGood: false, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ isGood: code === 0, output }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isGood = await runTogether(checks(), (text) => process.stdout.write(text));
  if (!isGood) process.exitCode = 1;
}
