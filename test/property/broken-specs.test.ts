import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { run } from '../../cli/main.ts';
import { catalogue } from '../../errors/catalogue.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, type Problem, type UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { loadSpec } from '../../planning/spec-text/load-spec.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { mutations } from './mutations.ts';
import { validSpec } from './valid-specs.ts';
import { trials } from '../support/trials.ts';

/** More with PROPERTY_RUNS=5000. */
const numRuns = Math.ceil(trials('PROPERTY_RUNS', { usual: 45, thorough: 150 }) / 15);
const fileName = 'mesos-cluster.yaml';

/** The error of a spec that is read from a file. */
async function errorOf(text: string): Promise<UserError> {
  try {
    const { spec, locate } = loadSpec(new TextEncoder().encode(text), fileName);
    await preparePlan(spec, locate);
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
  throw new Error(`not refused:\n${text}`);
}

/** A file and a line in it, words, and what to do. */
function expectHelpful(problem: Problem, text: string): void {
  expect(problem).toMatchObject({
    place: { kind: 'file', file: fileName, line: expect.any(Number), column: expect.any(Number) },
    message: expect.stringMatching(/^\S.+[^.\s]$/s),
    found: expect.any(String),
    fix: expect.stringMatching(/\S/),
  });
  if (problem.place?.kind !== 'file') return;
  const line = text.split('\n')[problem.place.line - 1];
  expect(line, `line ${String(problem.place.line)} is in the file`).toBeDefined();
  expect(problem.place.column).toBeLessThanOrEqual((line ?? '').length + 1);
  expect(problem.message).not.toMatch(/undefined|\[object/);
}

describe.each(mutations)('a spec with $title', ({ code, apply }) => {
  it(`is refused with ${code}, its line and what to do`, { timeout: 600_000 }, async () => {
    const broken = validSpec.map(apply).filter((spec) => spec !== undefined);
    await fc.assert(
      fc.asyncProperty(broken, async (spec) => {
        const text = stringify(spec, { aliasDuplicateObjects: false });
        const { problems } = await errorOf(text);
        expect(problems.map((problem) => problem.code)).toContain(code);
        problems.forEach((problem) => {
          expectHelpful(problem, text);
        });
      }),
      { numRuns },
    );
  });

  it('makes no file through the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'broken-spec-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const spec = fc.sample(
      validSpec.map(apply).filter((candidate) => candidate !== undefined),
      { seed: 1, numRuns: 1 },
    )[0];
    writeFileSync(join(folder, 'broken.yaml'), stringify(spec, { aliasDuplicateObjects: false }));
    const { context, printed } = contextIn(folder, ['lab', '--spec', 'broken.yaml', '--yes']);
    expect(await run(context)).toBe(exitCodes.usage);
    expect(catalogue[code].exitCode).toBe(exitCodes.usage);
    expect(printed()).toContain(code);
    expect(readdirSync(folder)).toEqual(['broken.yaml']);
  });
});

/** The command line in a folder, without a terminal and with output kept in memory. */
function contextIn(cwd: string, argv: readonly string[]): { context: Context; printed: () => string } {
  let text = '';
  const output = {
    isTerminal: false,
    write: (chunk: string) => {
      text += chunk;
    },
  };
  const never = () => {
    throw new Error('not in this test');
  };
  const context: Context = {
    argv,
    script: '',
    env: {},
    cwd,
    stdin: { isTerminal: false, read: never },
    stdout: output,
    stderr: output,
    openPrompts: never,
    files: nodeFileSystem,
    runCommand: never,
    tryPort: never,
    signal: new AbortController().signal,
    toolFolder: join(cwd, 'no-tool'),
    version: '0.0.0',
    nodeVersion: process.versions.node,
  };
  return { context, printed: () => text };
}
