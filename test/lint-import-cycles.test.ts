import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const inRepository = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cycles-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What lint says of modules, with the rules of this repository. */
function lint(modules: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  const program = [inRepository('node_modules/oxlint/bin/oxlint'), '--config', inRepository('.oxlintrc.json'), '.'];
  const { status, stdout } = spawnSync(process.execPath, program, { cwd: folder, encoding: 'utf8' });
  return { status, stdout };
}

it('modules that import each other are refused', () => {
  const { status, stdout } = lint({
    'a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
    'b.ts': "import { c } from './c.ts';\nexport const b = () => c;\n",
    'c.ts': "import { a } from './a.ts';\nexport const c = () => a;\n",
  });
  expect(status).toBe(1);
  expect(stdout).toContain('no-cycle');
});

it('modules that import types alone of each other are refused', () => {
  const { status, stdout } = lint({
    'a.ts': "import type { B } from './b.ts';\nexport type A = readonly B[];\n",
    'b.ts': "import { type A } from './a.ts';\nexport interface B {\n  readonly a: A;\n}\n",
  });
  expect(status).toBe(1);
  expect(stdout).toContain('no-cycle');
});

it('modules that import in one direction pass', () => {
  const { status, stdout } = lint({
    'a.ts': "import type { B } from './b.ts';\nexport type A = readonly B[];\n",
    'b.ts': 'export type B = string;\n',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('0 errors')]);
});
