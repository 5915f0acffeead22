import { generateFiles } from '../../../generators/generate-files.ts';
import type { GeneratedFile } from '../../../generators/generated-file.ts';
import { compareLab } from '../../../lab/compare-lab.ts';
import { textFingerprint } from '../../../lab/fingerprint.ts';
import { inLab } from '../../../lab/lab-layout.ts';
import type { LabCopy, LabRequest } from '../../../lab/lab-request.ts';
import { writeLab } from '../../../lab/write-lab.ts';
import type { Problem } from '../../../errors/user-error.ts';
import type { Context } from '../../../platform/context.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';
import { readLabSpec, specFileName } from '../../lab/read-spec.ts';
import { toolCopies } from '../../lab/tool-copy.ts';

const toolFolder = '.mesos-cluster/tool';
/** As the build calls them. */
const courseName = `${toolFolder}/course.json`;
const listName = `${toolFolder}/files.json`;

/** A lab like another one, whose program has another course; and what of the other one it does not have. */
export interface BundledLab {
  readonly request: LabRequest;
  readonly warnings: readonly Problem[];
  /** Whether its cluster is one that runs already. */
  readonly isAdopted: boolean;
}

/**
 * What the lab of a bundle shall hold: what its spec says, so neither edits of generated files nor anything that was
 * started, learnt or is secret.
 * @param from the lab, absolute
 * @param to where the bundle's shall be, absolute
 * @param course files of the course that its program shall have
 * @throws UserError with the problems of the spec; MACHINE_INCOMPLETE when this installation is not whole
 */
export async function bundledLab(
  context: Context,
  from: string,
  to: string,
  course: Readonly<Record<string, string>>,
): Promise<BundledLab> {
  const { spec, text, locate } = await readLabSpec(context, from);
  // These are in no file but the spec.
  const { simulatedAgents: _, ...written } = spec;
  const { plan, warnings } = await preparePlan(written, locate);
  const files = await generateFiles(plan);
  const request = (directory: string, added: readonly GeneratedFile[], copies: readonly LabCopy[]): LabRequest => ({
    directory,
    files: [...files, ...added],
    spec: { path: specFileName, content: text },
    replaceSpec: false,
    copies,
    toolVersion: context.version,
    force: true,
    purpose: directory === to ? 'create' : 'regenerate',
  });
  const { changes } = compareLab(context.files, request(from, [], []));
  const isGenerated = new Set(files.map(({ path }) => path));
  const edited = changes.filter(({ path, edited: isEdited }) => isEdited && isGenerated.has(path));
  const { added, copies } = toolWith(context, course);
  return {
    request: request(to, added, copies),
    isAdopted: plan.adopted !== undefined,
    warnings: [...warnings, ...edited.map(({ path }) => editWarning(inLab(from, path)))],
  };
}

const editWarning = (path: string): Problem => ({
  code: 'LAB_EDITED',
  message: 'This was edited by hand; the bundle has it as mesos-cluster.yaml says',
  place: { kind: 'path', path },
});

/** The program with another course in it. */
function toolWith({ files, toolFolder: own }: Context, course: Readonly<Record<string, string>>) {
  const all = toolCopies({ files, toolFolder: own });
  const content = JSON.stringify(course);
  const marks: unknown = JSON.parse(files.readText(`${own}/files.json`));
  const list = { ...(marks as Readonly<Record<string, string>>), 'course.json': textFingerprint(content) };
  return {
    added: [
      { path: courseName, content },
      { path: listName, content: `${JSON.stringify(list, undefined, 1)}\n` },
    ],
    copies: all.filter(({ path }) => path !== courseName && path !== listName),
  };
}

/** Writes it, with the apps that the user has put into the lab, and what a student does first. */
export function writeBundle({ files }: Context, from: string, { request }: BundledLab, start: string): void {
  writeLab(files, compareLab(files, request));
  const { directory } = request;
  const written = new Set(request.files.map(({ path }) => path));
  for (const name of files.list(inLab(from, 'apps')) ?? []) {
    const path = `apps/${name}`;
    if (written.has(path) || !name.endsWith('.json') || files.kindOf(inLab(from, path)) !== 'file') continue;
    files.copy(inLab(from, path), inLab(directory, path));
  }
  files.writeText(inLab(directory, 'START.md'), start, false);
}
