import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toolInLab } from '../../generators/lab-package.ts';
import { launcherFiles } from '../../scripts/generated/launcher.ts';
import { temporaryFolder } from '../cli/fake-context.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A clone with one lab, and the program if it is built. */
function run(lab: string, program?: string): { readonly status: number | null; readonly output: string } {
  const clone = temporaryFolder();
  const launcher = join(clone, lab, toolInLab);
  mkdirSync(dirname(launcher), { recursive: true });
  cpSync(join(root, lab, toolInLab), launcher);
  mkdirSync(join(clone, 'dist'));
  if (program !== undefined) writeFileSync(join(clone, 'dist/create-mesos-cluster.cjs'), program);
  const { status, stdout, stderr } = spawnSync('node', [toolInLab, 'plan', '--json'], {
    cwd: join(clone, lab),
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('the launcher in a lab of the repository', () => {
  it.each(['compose', 'examples/ha'])('starts the program of the clone from %s', (lab) => {
    const program = 'console.log(__dirname.endsWith("dist"), process.argv.slice(2).join(" "));';
    expect(run(lab, program)).toEqual({ status: 0, output: 'true plan --json\n' });
  });

  it('says in one line what to do in a clone that is not built', () => {
    const { status, output } = run('examples/ha');
    expect(status).toBe(3);
    expect(output).toMatch(/^error MACHINE_INCOMPLETE: .*`npm ci`.*\n$/);
  });

  it('is in labs that people use, and the schema where their spec names it', () => {
    const paths = (folder: string, spec: string) => launcherFiles(folder, spec, '{}').map(({ path }) => path);
    expect(paths('examples/ha', 'name: ha\n')).toEqual([toolInLab]);
    expect(paths('compose', '# yaml-language-server: $schema=.mesos-cluster/spec.schema.json\n')).toEqual([
      toolInLab,
      '.mesos-cluster/spec.schema.json',
    ]);
    expect(paths('test/golden/stock', 'name: stock\n')).toEqual([]);
  });
});

describe('git', () => {
  const isIgnored = (path: string) => spawnSync('git', ['check-ignore', '--quiet', path], { cwd: root }).status === 0;

  it.each([`compose/${toolInLab}`, `examples/ha/${toolInLab}`, 'compose/.mesos-cluster/spec.schema.json'])(
    'keeps %s',
    (path) => {
      expect(isIgnored(path)).toBe(false);
    },
  );

  it.each([
    'compose/.mesos-cluster/manifest.json',
    'compose/.mesos-cluster/tool/main.cjs',
    'examples/ha/.mesos-cluster/spec.schema.json',
    'examples/ha/.mesos-cluster/next-12/0',
    `test/golden/stock/${toolInLab}`,
    `my-lab/${toolInLab}`,
    '.mesos-cluster/manifest.json',
  ])('ignores %s', (path) => {
    expect(isIgnored(path)).toBe(true);
  });
});
