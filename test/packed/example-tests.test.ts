import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../cli/fake-context.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program in a folder, without anything of the npm that runs us. */
function run(cwd: string, program: string, ...words: readonly string[]) {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: cwd, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  return { status, said: `${stdout}${stderr}` };
}

/** The example in a folder of its own, with the tarball that would be published, and the packages of this clone. */
function installExample(): string {
  const folder = temporaryFolder();
  cpSync(join(repository, 'examples/scheduler-tests'), folder, { recursive: true });
  const packed = run(folder, 'npm', 'pack', repository, '--ignore-scripts', '--silent');
  expect(packed.status, packed.said).toBe(0);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const own = join(folder, 'node_modules/create-mesos-cluster');
  mkdirSync(own, { recursive: true });
  expect(run(folder, 'tar', '-xzf', tarball, '-C', own, '--strip-components=1').status).toBe(0);
  for (const name of ['vitest', 'vite', 'typescript', 'undici-types', '@types']) {
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return folder;
}

it('the example that tests a scheduler passes with the packed tarball, and its types are right', () => {
  const folder = installExample();
  const checked = run(folder, process.execPath, 'node_modules/typescript/bin/tsc', '--noEmit');
  expect(checked).toEqual({ status: 0, said: '' });
  const tested = run(folder, process.execPath, 'node_modules/vitest/vitest.mjs', 'run');
  expect(tested.said).toContain('3 passed');
  expect(tested.status).toBe(0);
  const required = run(folder, process.execPath, '-p', 'typeof require("create-mesos-cluster/testing").startCluster');
  expect(required).toEqual({ status: 0, said: 'function\n' });
  // Nothing else is there to be imported; the command is found by its bin.
  expect(run(folder, process.execPath, '-e', 'require("create-mesos-cluster")').said).toContain('exports');
  expect(existsSync(join(folder, 'node_modules/create-mesos-cluster/dist/create-mesos-cluster.cjs'))).toBe(true);
});
