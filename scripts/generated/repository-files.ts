import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import type { GeneratedFile } from '../../generators/generated-file.ts';
import { vagrantfile } from '../../generators/machines/vagrantfile.ts';
import { errorReference } from './error-reference.ts';
import { generateLabs, type LabFolder } from './lab-folders.ts';
import { launcherFiles } from './launcher.ts';
import { lessonSchemaText } from './lesson-reference.ts';
import { documentSections, replaceSections } from './document-sections.ts';
import { settingReference } from './setting-reference.ts';
import { specSchema, specReference } from './spec-reference.ts';
import { specText } from '../../planning/spec-text/write-spec.ts';

/** A file of the repository that a program writes. */
export interface RepositoryFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
}

/** Whether a file of the repository is what it should be. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'stale' | 'extra';
}

const file = (path: string, content: string): RepositoryFile => ({ path, content, executable: false });

async function markdown(path: string, text: string): Promise<RepositoryFile> {
  const options = await prettier.resolveConfig(path);
  return file(path, await prettier.format(text, { ...options, parser: 'markdown' }));
}

function labOf(labs: readonly LabFolder[], folder: string): LabFolder {
  const lab = labs.find((candidate) => candidate.folder === folder);
  if (lab === undefined) throw new Error(`${folder} has no mesos-cluster.yaml`);
  return lab;
}

/** The spec of `compose/`: what `create-mesos-cluster mesos-lab --yes` writes. */
export const defaultSpec: RepositoryFile = file('compose/mesos-cluster.yaml', specText({ name: 'mesos-lab' }));

/** Documents of which a program writes some tables. */
const withSections = ['README.md', 'docs/cli.md', 'docs/compatibility.md', 'docs/lessons.md'];

/** Everything in the repository that is written by a program, from what is there now. */
async function repositoryFiles(root: string, labs: readonly LabFolder[]): Promise<readonly RepositoryFile[]> {
  const schema = specSchema();
  const inLabs = labs.flatMap(({ folder, spec, files }) =>
    [...files, ...launcherFiles(folder, spec, schema)].map(
      ({ path, content, executable }: GeneratedFile): RepositoryFile => ({
        path: `${folder}/${path}`,
        content,
        executable: executable === true,
      }),
    ),
  );
  const threeVm = labOf(labs, 'examples/three-vm');
  const documents = [
    await markdown('docs/spec.md', specReference()),
    await markdown('docs/errors.md', errorReference()),
    await markdown('docs/settings.md', settingReference(labs)),
  ];
  const sections = await Promise.all(
    withSections
      .filter((path) => existsSync(join(root, path)))
      .map((path) => markdown(path, replaceSections(readFileSync(join(root, path), 'utf8'), documentSections()))),
  );
  return [
    defaultSpec,
    ...inLabs,
    file('Vagrantfile', vagrantfile(threeVm.plan, { labFolder: 'examples/three-vm' }).content),
    file('spec.schema.json', schema),
    file('lesson.schema.json', lessonSchemaText()),
    ...documents,
    ...sections,
  ];
}

/** Paths of the files in a lab of the repository, without its spec and what belongs to one machine. */
function filesIn(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(join(root, folder).length + 1)
        .replaceAll('\\', '/'),
    )
    .filter(
      (path) => path !== 'mesos-cluster.yaml' && !/(?:^|\/)(?:\.env|\.mesos-cluster|\.vagrant)(?:\/|$)/.test(path),
    )
    .map((path) => `${folder}/${path}`);
}

/** What is missing, different or too much in the repository. */
export async function compareRepository(
  root: string,
): Promise<{ readonly files: readonly RepositoryFile[]; readonly differences: readonly Difference[] }> {
  const labs = await generateLabs(root);
  const files = await repositoryFiles(root, labs);
  const wanted = new Set(files.map(({ path }) => path));
  const changed = files.flatMap(({ path, content }): Difference[] => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) return [{ path, kind: 'missing' }];
    return readFileSync(absolute, 'utf8') === content ? [] : [{ path, kind: 'stale' }];
  });
  const extra = labs
    .flatMap(({ folder }) => filesIn(root, folder))
    .filter((path) => !wanted.has(path))
    .map((path): Difference => ({ path, kind: 'extra' }));
  return { files, differences: [...changed, ...extra] };
}
