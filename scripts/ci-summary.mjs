import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/*
 * node scripts/ci-summary.mjs FOLDER: adds up the JSON reports of all Vitest runs, as the last line of CI:
 * `N passed, N failed, N skipped`. Fails when a test failed, or when none ran.
 */

const folder = process.argv[2];
const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

// A file that fails before its first test (an import, a missing tool) has no failed test: it counts as one.
const brokenFiles = ({ testResults }) =>
  testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests + brokenFiles(report));
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;
