import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateFiles } from '../../generators/generate-files.ts';
import type { GeneratedFile } from '../../generators/generated-file.ts';
import { loadSpec } from '../../planning/spec-text/load-spec.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';

const specName = 'mesos-cluster.yaml';

/** A folder of the repository that holds a lab: its spec is written by hand, everything else by the generator. */
export interface LabFolder {
  /** Relative to the repository, with forward slashes. */
  readonly folder: string;
  /** The text of its spec. */
  readonly spec: string;
  readonly plan: Plan;
  /** What the generator says about the spec, without being asked to stop. */
  readonly warnings: readonly string[];
  /** Everything but the spec, relative to the folder. */
  readonly files: readonly GeneratedFile[];
}

/** `.env` belongs to one machine, and the `.gitignore` of each lab keeps it out of the repository. */
const belongsToMachine = ({ path }: GeneratedFile): boolean => path === '.env' || path.endsWith('/.env');

function subfolders(root: string, parent: string): readonly string[] {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent))
    .sort()
    .map((name) => `${parent}/${name}`);
}

/** Folders with a spec: `compose`, and those below `examples` and `test/golden`. */
function labFolders(root: string): readonly string[] {
  return ['compose', ...subfolders(root, 'examples'), ...subfolders(root, 'test/golden')].filter((folder) =>
    existsSync(join(root, folder, specName)),
  );
}

/**
 * Reads the spec of a lab of the repository and makes its files.
 * @throws UserError when the spec is wrong
 */
async function generateLab(root: string, folder: string): Promise<LabFolder> {
  const bytes = readFileSync(join(root, folder, specName));
  const { spec, locate } = loadSpec(bytes, `${folder}/${specName}`);
  const { plan, warnings } = await preparePlan(spec, locate);
  return {
    folder,
    spec: bytes.toString('utf8'),
    plan,
    warnings: warnings.map(({ message }) => message),
    files: (await generateFiles(plan)).filter((file) => !belongsToMachine(file)),
  };
}

/** Every lab of the repository, in the order of its folders. */
export async function generateLabs(root: string): Promise<readonly LabFolder[]> {
  const labs: LabFolder[] = [];
  for (const folder of labFolders(root)) labs.push(await generateLab(root, folder));
  return labs;
}
