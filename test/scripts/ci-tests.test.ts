import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/ci-tests.mjs', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-tests-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Status = 'passed' | 'failed';

/** A report as Vitest writes it, of files with one test each. */
const report = (files: Readonly<Record<string, Status>>) => ({
  testResults: Object.entries(files).map(([name, status]) => ({
    name,
    status,
    assertionResults: [{ status, fullName: name, failureMessages: [] }],
  })),
});

/** Stands in for Vitest: writes one of the reports after the other, and what it was called with. */
const runner = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const reports = JSON.parse(readFileSync('reports.json', 'utf8'));
const words = process.argv.slice(2);
const [report, ...rest] = reports;
writeFileSync('reports.json', JSON.stringify(rest));
appendFileSync('calls', words.filter((word) => !word.startsWith('--')).join(' ') + '\\n');
const flag = '--outputFile.json=';
if (report) writeFileSync(words.find((word) => word.startsWith(flag)).slice(flag.length), JSON.stringify(report));
process.exitCode = report?.error || report?.testResults.some(({ status }) => status === 'failed') ? 1 : 0;
`;

function runTests(...reports: readonly unknown[]) {
  writeFileSync(join(folder, 'runner.cjs'), runner);
  writeFileSync(join(folder, 'reports.json'), JSON.stringify(reports));
  const { status } = spawnSync(process.execPath, [script, 'out.json', process.execPath, 'runner.cjs', 'run'], {
    cwd: folder,
    stdio: 'ignore',
  });
  return { status, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') };
}

const written = () => JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Record<string, unknown>;

it('runs once where all passes', () => {
  expect(runTests(report({ a: 'passed', b: 'passed' }))).toEqual({ status: 0, calls: ['run'] });
});

it('runs files that failed once more, and keeps what they were', () => {
  const twice = runTests(report({ a: 'failed', b: 'passed' }), report({ a: 'passed' }));
  expect(twice).toEqual({ status: 0, calls: ['run', 'run a'] });
  expect(written()).toMatchObject({
    numPassedTests: 2,
    numFailedTests: 0,
    unsteady: [{ name: 'a', assertionResults: [{ status: 'failed' }] }],
  });
});

it('fails when a file fails twice', () => {
  const twice = runTests(report({ a: 'failed', b: 'failed' }), report({ a: 'passed', b: 'failed' }));
  expect(twice).toEqual({ status: 1, calls: ['run', 'run a b'] });
  expect(written()).toMatchObject({ numPassedTests: 1, numFailedTests: 1, unsteady: [{ name: 'a' }] });
});

it('takes many failures for what they are', () => {
  const many = report({ a: 'failed', b: 'failed', c: 'failed', d: 'failed' });
  expect(runTests(many)).toEqual({ status: 1, calls: ['run'] });
});

it('fails where an error was in no test', () => {
  expect(runTests({ ...report({ a: 'passed' }), error: true })).toEqual({ status: 1, calls: ['run'] });
});

it('fails when nothing was reported', () => {
  expect(runTests(undefined)).toEqual({ status: 1, calls: ['run'] });
  expect(written()).toMatchObject({ numPassedTests: 0, numFailedTests: 1 });
});

it('still fails when the second run reports nothing', () => {
  expect(runTests(report({ a: 'failed' }), undefined).status).toBe(1);
  expect(written()).toEqual(report({ a: 'failed' }));
});
