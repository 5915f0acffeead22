import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
// The files do not exist, so no types are known; the rules under test need none.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** Rules that a file of this content would break, were it in the repository at this path. */
async function brokenRules(path: string, content: string): Promise<string[]> {
  const [result] = await eslint.lintText(content, { filePath: join(root, path) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const value = (from: string) => `import { x } from '${from}'; export const y = x;`;
const type = (from: string) => `import type { X } from '${from}'; export type Y = X;`;
const directions = 'house/importDirections';

describe('the import directions of the house', () => {
  it.each([
    ['errors/a.ts', value('../planning/plan.ts')],
    ['errors/a.ts', type('../protocol/plan.ts')],
    ['errors/a.ts', value('node:path')],
    ['protocol/a.ts', value('../errors/user-error.ts')],
    ['protocol/a.ts', value('zod')],
    ['planning/a.ts', value('../generators/a.ts')],
    ['planning/a.ts', type('../cli/a.ts')],
    ['planning/deep/a.ts', value('../../platform/a.ts')],
    ['planning/a.ts', value('execa')],
    ['planning/a.ts', value('node:fs')],
    ['planning/a.ts', value('node:crypto')],
    ['generators/a.ts', value('../platform/a.ts')],
    ['generators/compose/a.ts', value('../../cli/a.ts')],
    ['lab/a.ts', value('yaml')],
    ['generators/a.ts', value('zod')],
    ['templates/a.ts', value('../planning/a.ts')],
    ['lab/a.ts', value('../cli/a.ts')],
    ['lab/a.ts', value('../planning/plan-cluster.ts')],
    ['lab/a.ts', value('../generators/generate.ts')],
    ['lab/a.ts', value('node:fs')],
    ['engine/master/a.ts', value('../../checks/a.ts')],
    ['engine/master/a.ts', value('../../platform/node-clock.ts')],
    ['engine/a.ts', value('../planning/a.ts')],
    ['engine/a.ts', value('node:child_process')],
    ['engine/master/a.ts', value('../../pages/server/serve-page.ts')],
    ['pages/server/a.ts', value('../../engine/master/start-master.ts')],
    ['pages/server/a.ts', value('../../cli/a.ts')],
    ['pages/app/a.tsx', value('../../following/master-request.ts')],
    ['pages/app/a.tsx', value('node:http')],
    ['autoscaling/rule/a.ts', value('../../checks/a.ts')],
    ['autoscaling/rule/a.ts', value('node:http')],
    ['autoscaling/program/a.ts', value('../../engine/master/start-master.ts')],
    ['autoscaling/program/a.ts', value('../../platform/a.ts')],
    ['cli/a.ts', value('../autoscaling/program/start-autoscaler.ts')],
    ['following/a.ts', value('../engine/a.ts')],
    ['checks/a.ts', value('../engine/a.ts')],
    ['checks/a.ts', type('../engine/a.ts')],
    ['checks/a.ts', value('../planning/plan-cluster.ts')],
    ['checks/a.ts', value('../runtimes/a.ts')],
    ['runtimes/docker/a.ts', value('../../engine/a.ts')],
    ['runtimes/a.ts', value('../engine/a.ts')],
    ['runtimes/embedded/a.ts', value('docker-compose')],
    ['runtimes/embedded/a.ts', value('../../planning/plan-cluster.ts')],
    ['runtimes/lite/a.ts', value('../../generators/a.ts')],
    ['runtimes/lite/a.ts', value('../../cli/a.ts')],
    ['runtimes/lite/a.ts', value('node:fs')],
    ['runtimes/docker/a.ts', value('execa')],
    ['platform/a.ts', value('../planning/a.ts')],
    ['platform/a.ts', value('docker-compose')],
    ['cli/a.ts', value('../runtimes/docker/docker-engine.ts')],
    ['cli/a.ts', type('../runtimes/hosts/hosts-world.ts')],
    ['cli/a.ts', value('../runtimes/lab-record.ts')],
    ['cli/a.ts', `export const load = async () => import('../runtimes/embedded/serve-cluster.ts');\n`],
    ['cli/commands/a.ts', value('../../runtimes/docker/images/get-images.ts')],
    ['cli/a.ts', value('../engine/a.ts')],
    ['cli/a.ts', value('../bin/a.ts')],
    ['cli/a.ts', value('../test/a.ts')],
    ['cli/a.ts', value('execa')],
    ['cli/a.ts', value('node:fs')],
    ['cli/a.ts', value('node:fs/promises')],
    ['cli/a.ts', value('fs')],
    ['cli/a.ts', value('node:os')],
    ['cli/a.ts', value('docker-compose')],
    ['cli/a.ts', value('zod')],
    ['bin/a.ts', value('../planning/plan-cluster.ts')],
    ['bin/a.ts', value('../lab/a.ts')],
    ['bin/a.ts', value('node:fs')],
  ])('forbid in %s: %s', async (path, content) => {
    expect(await brokenRules(path, content)).toContain(directions);
  });

  it.each([
    ['errors/a.ts', value('./catalogue.ts')],
    ['planning/a.ts', value('../errors/user-error.ts')],
    ['planning/a.ts', value('../protocol/parse-value.ts')],
    ['planning/a.ts', value('zod')],
    ['planning/a.ts', value('yaml')],
    ['planning/a.ts', value('leven')],
    ['generators/compose/a.ts', value('../../planning/plan.ts')],
    ['generators/a.ts', value('../protocol/lab-labels.ts')],
    ['generators/a.ts', value('../errors/user-error.ts')],
    ['generators/a.ts', value('../templates/a.ts')],
    ['generators/a.ts', value('yaml')],
    ['lab/a.ts', value('../platform/a.ts')],
    ['lab/a.ts', type('../planning/plan.ts')],
    ['lab/a.ts', type('../generators/generated-file.ts')],
    ['lab/a.ts', value('node:crypto')],
    ['engine/master/a.ts', value('../agent/a.ts')],
    ['engine/master/a.ts', value('../../protocol/a.ts')],
    ['engine/pages/a.ts', value('../../pages/server/component-page.ts')],
    ['pages/server/a.ts', value('../../engine/http/router.ts')],
    ['autoscaling/program/a.ts', value('../../engine/http/router.ts')],
    ['autoscaling/program/a.ts', value('../rule/decide.ts')],
    ['cli/a.ts', value('../autoscaling/labels/read-wish.ts')],
    ['pages/app/a.tsx', value('../picture/tables.ts')],
    ['pages/app/a.tsx', value('preact')],
    ['engine/a.ts', type('../platform/clock.ts')],
    ['engine/a.ts', value('node:http')],
    ['checks/a.ts', value('../protocol/a.ts')],
    ['checks/a.ts', value('../platform/a.ts')],
    ['checks/a.ts', type('../planning/plan.ts')],
    ['runtimes/embedded/a.ts', value('../../engine/a.ts')],
    ['runtimes/lite/a.ts', value('../../engine/a.ts')],
    ['runtimes/lite/a.ts', value('../../planning/plan.ts')],
    ['runtimes/lite/a.ts', value('../../platform/a.ts')],
    ['runtimes/docker/a.ts', value('docker-compose')],
    ['runtimes/hosts/a.ts', value('docker-compose')],
    ['platform/a.ts', value('execa')],
    ['platform/a.ts', value('node:fs')],
    ['platform/a.ts', value('../errors/user-error.ts')],
    ['cli/commands/a.ts', value('../../planning/plan-cluster.ts')],
    ['cli/a.ts', value('../generators/a.ts')],
    ['cli/a.ts', value('../runtimes/cluster-runtime.ts')],
    ['cli/commands/a.ts', type('../../runtimes/doctor-facet.ts')],
    ['cli/running/a.ts', value('../../runtimes/real-runtimes.ts')],
    ['cli/a.ts', value('@inquirer/prompts')],
    ['bin/a.ts', value('../cli/main.ts')],
    ['test/a.ts', value('../engine/a.ts')],
    ['scripts/a.ts', value('node:child_process')],
    ['bench/a.ts', value('node:fs')],
  ])('allow in %s: %s', async (path, content) => {
    expect(await brokenRules(path, content)).toEqual([]);
  });

  it.each([
    ['import()', `export const load = async () => import('../cli/a.ts');\n`],
    ['import() types', `export type Y = import('../cli/a.ts').X;\n`],
    ['require', `export const x: unknown = require('../cli/a.ts');\n`],
    ['re-exports', `export { x } from '../cli/a.ts';\n`],
    ['export *', `export * from '../cli/a.ts';\n`],
    ['bare imports', `import '../cli/a.ts';\n`],
  ])('hold for %s', async (_kind, content) => {
    expect(await brokenRules('planning/a.ts', content)).toContain(directions);
  });
});

describe('the other house rules', () => {
  it.each([
    ['planning/a.ts', 'export const x = process.env;\n', 'no-restricted-globals'],
    ['generators/a.ts', 'console.log(1);\n', 'no-restricted-globals'],
    ['errors/a.ts', 'setTimeout(() => undefined, 1);\n', 'no-restricted-globals'],
    ['protocol/a.ts', 'export const x: unknown = globalThis;\n', 'no-restricted-globals'],
    ['planning/a.ts', 'export const x = Date.now();\n', 'no-restricted-properties'],
    ['generators/a.ts', 'export const x = Math.random();\n', 'no-restricted-properties'],
    ['generators/a.ts', 'export const x = new Date();\n', 'no-restricted-syntax'],
    ['cli/a.ts', 'process.exit(1);\n', 'no-restricted-properties'],
    ['platform/a.ts', 'process.exit(1);\n', 'no-restricted-properties'],
    ['cli/a.ts', 'export enum E { A }\n', 'no-restricted-syntax'],
    ['cli/a.ts', 'export default 1;\n', 'no-restricted-syntax'],
    ['cli/index.ts', `export * from './main.ts';\n`, 'no-restricted-syntax'],
    ['cli/a.ts', `export { main } from './main.ts';\n`, 'no-restricted-syntax'],
    ['cli/a.ts', 'export const x: any = 1;\n', '@typescript-eslint/no-explicit-any'],
    ['cli/a.ts', 'export const x = (y?: string) => y!;\n', '@typescript-eslint/no-non-null-assertion'],
    ['test/a.test.ts', `import { vi } from 'vitest';\nvi.mock('x');\n`, 'no-restricted-properties'],
  ])('in %s forbid %s', async (path, content, rule) => {
    expect(await brokenRules(path, content)).toContain(rule);
  });

  it.each([
    ['bin/a.ts', 'process.exit(1);\n'],
    ['cli/a.ts', 'export const x = new Date(Date.now());\n'],
    ['planning/a.ts', 'export const x = Math.max(1, 2);\n'],
    ['example.config.ts', 'export default {};\n'],
  ])('in %s allow %s', async (path, content) => {
    expect(await brokenRules(path, content)).toEqual([]);
  });
});
