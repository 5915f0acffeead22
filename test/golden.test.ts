import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { GeneratedFile } from '../generators/generated-file.ts';
import { staysInside } from '../lab/lab-layout.ts';
import { findFlag, flagPrograms } from '../planning/flag-tables/find-flag.ts';
import type { Plan } from '../planning/plan/plan.ts';
import { settingReasons } from '../planning/explain/setting-reasons.ts';
import { generateLabs } from '../scripts/generated/lab-folders.ts';
import { compareRepository } from '../scripts/generated/repository-files.ts';
import { temporaryFolder } from './lab/sample-labs.ts';
import { isComposeFile, readCompose } from './support/compose-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const labs = await generateLabs(root);

describe('the generated files of this repository', () => {
  it('are current', async () => {
    const { differences } = await compareRepository(root);
    const listed = differences.map(({ kind, path }) => `${kind} ${path}`);
    expect(listed, 'generated files are not current: npm run generated').toEqual([]);
  });

  it('show every preset, and every reference system', () => {
    const folders = labs.map(({ folder }) => folder);
    const presets = ['ha', 'three-vm', 'two-host', 'three-master'].map((name) => `examples/${name}`);
    const systems = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `examples/reference-${letter}`);
    expect(folders).toEqual(expect.arrayContaining(['compose', ...presets, ...systems]));
  });

  it.each(labs)('$folder: paths are unique and stay inside, text has LF and ends with one', ({ files }) => {
    const paths = files.map(({ path }) => path);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    expect(paths.filter((path) => !staysInside(path))).toEqual([]);
    const ill = files.filter(({ content }) => content.includes('\r') || !/[^\n]\n$/.test(content));
    expect(ill.map(({ path }) => path)).toEqual([]);
  });

  it('come from specs that nothing is to be said about, but for open ports and the old images, on purpose', () => {
    const warned = labs.filter(({ warnings }) => warnings.length > 0);
    expect(warned.map(({ folder }) => folder)).toEqual([
      'test/golden/bind-address',
      'test/golden/image-overrides',
      'test/golden/stock',
    ]);
    expect(warned.slice(1).flatMap(({ warnings }) => warnings)).toEqual(
      Array(2).fill('The image set stock runs Docker tasks only on a host with cgroup v1'),
    );
  });
});

describe('the comparison with what a program would write', () => {
  it('names what is missing, stale and too much', async () => {
    const folder = temporaryFolder();
    for (const path of ['compose/mesos-cluster.yaml', 'examples/three-vm/mesos-cluster.yaml']) {
      cpSync(join(root, path), join(folder, path));
    }
    const { files, differences } = await compareRepository(folder);
    expect(differences.map(({ kind }) => kind)).toEqual(Array(files.length - 1).fill('missing'));
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    expect((await compareRepository(folder)).differences).toEqual([]);

    writeFileSync(join(folder, 'compose/README.md'), 'edited\n');
    writeFileSync(join(folder, 'examples/three-vm/old.yml'), '');
    writeFileSync(join(folder, 'compose/.env'), 'OF_THIS_MACHINE=1\n');
    expect((await compareRepository(folder)).differences).toEqual([
      { path: 'compose/README.md', kind: 'stale' },
      { path: 'examples/three-vm/old.yml', kind: 'extra' },
    ]);
  });
});

/** Names of settings and of argument flags in a plan. */
function namesIn({ nodes, engine }: Plan): readonly string[] {
  const components = nodes.flatMap((node) => node.components);
  return [
    ...components.flatMap(({ environment }) => environment.map(({ name }) => name)),
    ...components.flatMap(({ arguments: words }) => words.filter((word) => word.startsWith('--'))),
    ...engine.proxy.map(({ name }) => name),
  ];
}

/** Names of variables in the Compose files: generators add a few to those of the plan. */
function variablesIn(files: readonly GeneratedFile[]): readonly string[] {
  const services = files.filter(isComposeFile).flatMap(({ content }) => Object.values(readCompose(content).services));
  return services.flatMap(({ environment }) => Object.keys(environment ?? {}));
}

describe('setting-reasons', () => {
  it('has a reason for every name, or the program has such a flag', () => {
    const unknown = labs.flatMap(({ plan, files }) =>
      [...namesIn(plan), ...variablesIn(files)].filter((name) => {
        const flag = name.replace(/^(?:MESOS|MARATHON)_(?:DISABLE_)?/, '').toLowerCase();
        const isFlag = name.includes('_') && flagPrograms.some((program) => findFlag(program, plan.imageSet, flag));
        return !Object.hasOwn(settingReasons, name) && !isFlag;
      }),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  it('has no name that no file contains', () => {
    const texts = labs.flatMap(({ files }) => files.filter(({ path }) => path.endsWith('docker-compose.yml')));
    const contained = (name: string) => texts.some(({ content }) => new RegExp(`[\\s"[]${name}[:",\\]]`).test(content));
    expect(Object.keys(settingReasons).filter((name) => !contained(name))).toEqual([]);
  });

  it('says something in every lab', () => {
    for (const { plan } of labs) {
      for (const [name, { why, source }] of Object.entries(settingReasons)) {
        const text = typeof why === 'string' ? why : why(plan);
        expect(`${name}: ${text} ${source}`).toMatch(/^\S+: .{10,}/);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });
});
