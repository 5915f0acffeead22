import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requireTool, warningsFolder } from '../support/require-tool.ts';

function ask(tool: string, env: Readonly<Record<string, string>> = {}) {
  const warnings: string[] = [];
  const world = { env, warn: (line: string) => warnings.push(line) };
  return { there: requireTool(tool, [tool, '--version'], world), warnings };
}

describe('a test that needs a tool', () => {
  it('runs when the tool is there, and nothing is said', () => {
    expect(ask(process.execPath)).toEqual({ there: true, warnings: [] });
  });

  it('is skipped when the tool is missing, with one line', () => {
    expect(ask('no-such-tool')).toEqual({
      there: false,
      warnings: [expect.stringMatching(/^SKIPPED: no-such-tool is missing \(.*ENOENT\)\n$/)],
    });
  });

  it('fails in CI when the tool is missing', () => {
    expect(() => ask('no-such-tool', { CI: 'true' })).toThrow(/no-such-tool is missing/);
  });

  it('does not take CI=false for CI', () => {
    expect(ask('no-such-tool', { CI: 'false' }).there).toBe(false);
  });

  it('warns of a tool once in a run of many test files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'warnings-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const env = { [warningsFolder]: folder };
    expect(ask('no-such-tool', env).warnings).toHaveLength(1);
    expect(ask('no-such-tool', env).warnings).toHaveLength(0);
    expect(ask('another-tool', env).warnings).toHaveLength(1);
  });
});
