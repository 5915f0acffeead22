import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/*
 * node scripts/ci-summary.mjs FOLDER: adds up the JSON reports of all Vitest runs, as the last line of CI:
 * `N passed, N failed, N skipped`. Before it stands what failed, and what passed only at the second try
 * (ci-tests.mjs), with what each says and where. Fails when a test failed, or when none ran.
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
for (const { testResults, unsteady = [] } of reports) {
  for (const line of failures(unsteady)) console.log(`UNSTEADY, passed at the second try: ${line}`);
  for (const line of failures(testResults)) console.log(`FAILED: ${line}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;

function failures(files) {
  return files.flatMap(({ name, message = '', status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file}: ${begin(message)}`];
    return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${begin(failureMessages.join('\n'))}`);
  });
}

/** What it says and where in the tests: a summary that is cut must still name all. */
function begin(message) {
  const lines = message.split('\n');
  const place = lines.find((line) => line.includes('/test/')) ?? '';
  return `${lines[0].slice(0, 160)} ${place.trim().replace(/^.*\/test\//, 'test/')}`.trimEnd();
}
