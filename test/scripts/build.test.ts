import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDist } from '../../scripts/build/build.mjs';

/** A program with what the real one has: a chunk loaded late, shared code, a template, a bundled package. */
const program = {
  'entry.ts': `
    import { counter, increment } from './shared.ts';
    import render from './hello.ejs';
    declare const __VERSION__: string;
    async function main() {
      const late = await import('./late.ts');
      const small = await import('./small.ts');
      const smaller = await import('./smaller.ts');
      increment();
      late.increment();
      small.increment();
      const thisOfFunction = (function (this: unknown) { return this; })();
      console.log(JSON.stringify({
        counters: [counter, late.seen(), late.own, small.seen, smaller.seenBySmall()],
        yaml: late.parse('a: [1]'),
        text: render({ name: 'x' }, (value) => '"' + String(value) + '"'),
        version: __VERSION__,
        strict: thisOfFunction === undefined,
      }));
    }
    void main();`,
  'shared.ts': `export let counter = 0; export function increment() { counter += 1; }`,
  'late.ts': `
    import { counter, increment as shared } from './shared.ts';
    export { parse } from 'yaml';
    export let own = 0;
    export function increment() { shared(); own += 1; }
    export function seen() { return counter; }`,
  'small.ts': `
    import { counter, increment as shared } from './shared.ts';
    export let seen = 0;
    export function increment() { shared(); seen = counter; }`,
  'smaller.ts': `import { seen } from './small.ts'; export const seenBySmall = () => seen;`,
  'hello.ejs': 'Hello <%= it.name %>',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
  for (const [name, content] of Object.entries(program)) writeFileSync(join(folder, name), content);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await buildDist({ entry: join(folder, 'entry.ts'), outDir: join(folder, 'dist') });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const filesOf = (outDir: string) =>
  Object.fromEntries(readdirSync(outDir).map((name) => [name, readFileSync(join(outDir, name), 'utf8')]));

describe('the built program', () => {
  it('runs, with live bindings over chunks, strict code, templates and its version', () => {
    const output = execFileSync(process.execPath, [join(folder, 'dist/create-mesos-cluster.cjs')], {
      encoding: 'utf8',
    });
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(JSON.parse(output)).toEqual({
      counters: [3, 3, 1, 3, 3],
      yaml: { a: [1] },
      text: 'Hello "x"',
      version,
      strict: true,
    });
  });

  it('keeps what is loaded late out of the file that starts', () => {
    const { 'main.cjs': main = '', ...others } = filesOf(join(folder, 'dist'));
    expect(main.length).toBeLessThan(3000);
    expect(Object.keys(others).filter((name) => /^(late|small|smaller)-/.test(name))).toHaveLength(3);
  });

  it('is executable and says which Node.js runs it', () => {
    const path = join(folder, 'dist/create-mesos-cluster.cjs');
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n'use strict';\n/);
  });

  it('brings the licences of the packages that are in it, and of no other', () => {
    const licenses = readFileSync(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licenses.match(/^\S+ \d+\.\d+\.\d+ \(.*\)$/gm)).toEqual([expect.stringMatching(/^yaml .* \(ISC\)$/)]);
    expect(licenses).toContain('Copyright Eemeli Aro');
  });

  it('is the same when it is built again, and leaves nothing of an older build', async () => {
    const before = filesOf(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/late-OLDBUILD.cjs'), '');
    await buildDist({ entry: join(folder, 'entry.ts'), outDir: join(folder, 'dist') });
    expect(filesOf(join(folder, 'dist'))).toEqual(before);
  });

  it.each([
    ['0.10.48', 3],
    ['14.21.3', 3],
    ['20.11.1', 3],
    ['20.12.0', 0],
    ['22.0.0', 0],
  ])('on Node.js %s exits %i', (version, exitCode) => {
    const pretend = join(folder, 'pretend.cjs');
    writeFileSync(pretend, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    const args = ['--require', pretend, join(folder, 'dist/create-mesos-cluster.cjs')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(exitCode);
    if (exitCode === 0) return;
    expect(stdout).toBe('');
    expect(stderr).toContain(`needs Node.js 20.12 or newer; this is Node.js ${version}`);
  });
});

describe('a build that fails', () => {
  it.each([
    ['imports what is not there', `import './absent.ts';`, /Could not resolve ['"]\.\/absent\.ts['"]/],
    ['imports itself in a circle', `import { a } from './round.ts'; export const b = () => a;`, /Circular dependency/],
  ])('because it %s tells so, and leaves the last build as it is', (_, source, message) => {
    const before = filesOf(join(folder, 'dist'));
    writeFileSync(join(folder, 'broken.ts'), source);
    writeFileSync(join(folder, 'round.ts'), `import { b } from './broken.ts'; export const a = () => b;`);
    const run = spawnSync(
      process.execPath,
      [join(root, 'scripts/build/build.mjs'), '--entry', join(folder, 'broken.ts'), '--out', join(folder, 'dist')],
      { encoding: 'utf8' },
    );
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(message);
    expect(filesOf(join(folder, 'dist'))).toEqual(before);
  });
});
