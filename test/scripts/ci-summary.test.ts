import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/ci-summary.mjs', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'summary-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const report = (passed: number, failed: number, skipped: number, testResults: readonly unknown[] = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults,
});

function summarize(...reports: readonly unknown[]) {
  for (const [index, each] of reports.entries()) {
    writeFileSync(join(folder, `${index}.json`), JSON.stringify(each));
  }
  const { status, stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, stdout };
}

describe('the last line of CI', () => {
  it('adds up all runs', () => {
    expect(summarize(report(3, 0, 1), report(4, 0, 2))).toEqual({
      status: 0,
      stdout: '7 passed, 0 failed, 3 skipped\n',
    });
  });

  it('is a failure when a test failed', () => {
    expect(summarize(report(3, 0, 0), report(4, 1, 0))).toEqual({
      status: 1,
      stdout: '7 passed, 1 failed, 0 skipped\n',
    });
  });

  it('counts a file that broke before its first test as a failure', () => {
    const broken = {
      name: join(process.cwd(), 'a.test.ts'),
      status: 'failed',
      message: 'no such',
      assertionResults: [],
    };
    expect(summarize(report(3, 0, 0, [broken]))).toEqual({
      status: 1,
      stdout: 'FAILED: a.test.ts: no such\n3 passed, 1 failed, 0 skipped\n',
    });
  });

  it('has what failed before it, and what passed only at the second try', () => {
    const failed = (name: string) => ({
      name: join(process.cwd(), name),
      status: 'failed',
      assertionResults: [
        { status: 'failed', fullName: 'it works', failureMessages: ['Error: no'] },
        { status: 'passed', fullName: 'it is there', failureMessages: [] },
      ],
    });
    const all = { ...report(3, 1, 0, [failed('b.test.ts')]), unsteady: [failed('a.test.ts')] };
    expect(summarize(all).stdout.split('\n')).toEqual([
      'UNSTEADY, passed at the second try: a.test.ts > it works: Error: no',
      'FAILED: b.test.ts > it works: Error: no',
      '3 passed, 1 failed, 0 skipped',
      '',
    ]);
  });

  it('is a failure when no test ran', () => {
    expect(summarize(report(0, 0, 5)).status).toBe(1);
    expect(summarize().status).toBe(1);
  });
});
