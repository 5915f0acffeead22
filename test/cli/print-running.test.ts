import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../checks/verify/verify.ts';
import { parseCommandLine } from '../../cli/command-line/parse-command-line.ts';
import { resultPrinter } from '../../cli/commands/verify.ts';
import { printRunning } from '../../cli/running/print-running.ts';
import { planOf } from '../runtimes/embedded/plan-of.ts';

const check = (name: string, outcome: CheckResult['outcome']): CheckResult => ({
  ...{ name, outcome },
  ...{ title: `${name} is there`, durationMs: 1, evidence: `seen of ${name}` },
});

/** What `up` prints in the end, of checks with these outcomes. */
async function printed(argv: readonly string[], ...outcomes: readonly CheckResult['outcome'][]): Promise<string> {
  let text = '';
  const stdout = { isTerminal: false, write: (part: string) => (text += part) };
  const { line, problems } = parseCommandLine(['up', ...argv]);
  expect(problems).toEqual([]);
  const checks = outcomes.map((outcome, index) => check(`part${index}`, outcome));
  const print = resultPrinter({ stdout, env: {} }, line);
  for (const each of checks) print(each);
  const outcome = outcomes.includes('failed') ? 'failed' : 'passed';
  const mesosDns = { url: 'http://127.0.0.1:8123', dns: '127.0.0.1:8053' };
  const target = { masters: [], marathons: [], zookeepers: [], hosts: {}, mesosDns };
  const lab = { plan: await planOf({ preset: 'single' }), runtime: 'embedded', target } as const;
  printRunning({ stdout }, line, lab, { runId: 'run', outcome, durationMs: 5, checks });
  return text;
}

describe('the result of up', () => {
  it('is what was verified, and where everything is', async () => {
    const text = await printed([], 'passed', 'passed');
    expect(text).toContain('✓ part0 is there');
    expect(text).toContain('Verified: 2 checks passed');
    expect(text).toContain('http://127.0.0.1:5050');
    expect(text).toMatch(/^ +DNS +127\.0\.0\.1:8053$/m);
  });

  it('is nothing with --quiet', async () => {
    expect(await printed(['--quiet'], 'passed', 'skipped')).toBe('');
  });

  it('is with --quiet what failed, and that it runs', async () => {
    const text = await printed(['-q'], 'passed', 'failed');
    expect(text).not.toContain('part0');
    expect(text).toContain('✗ part1 is there');
    expect(text).toContain('seen of part1');
    expect(text).toContain('Verification FAILED: 1 checks passed, 1 failed');
    expect(text).toContain('It was left running');
  });

  it('is the data that --json asks for, quiet or not', async () => {
    expect(JSON.parse(await printed(['--json', '--quiet'], 'passed'))).toMatchObject({ runtime: 'embedded' });
  });
});
