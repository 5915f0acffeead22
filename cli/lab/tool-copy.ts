import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { textFingerprint } from '../../lab/fingerprint.ts';
import type { LabCopy } from '../../lab/lab-request.ts';
import type { Context } from '../../platform/context.ts';

type ToolContext = Pick<Context, 'files' | 'toolFolder'>;

/**
 * The schema that was published with this tool: beside its folder, in the package (`dist/..`) as in a lab
 * (`.mesos-cluster/tool/..`).
 * @throws UserError MACHINE_INCOMPLETE when the installation is not whole
 */
export function schemaFile({ files, toolFolder }: ToolContext): string {
  const path = join(toolFolder, '..', 'spec.schema.json');
  if (files.kindOf(path) !== undefined) return path;
  throw incomplete(path);
}

const incomplete = (path: string): UserError =>
  new UserError({
    code: 'MACHINE_INCOMPLETE',
    message: 'A file of this installation of create-mesos-cluster is missing',
    place: { kind: 'path', path },
    fix: 'Install the package again (in a clone: npm run build)',
  });

/** What the build says of its own files: their names, the entry point last, with their fingerprints. */
const listName = 'files.json';

/**
 * The tool's own files for a lab, which then works without a network; the entry point last.
 * @throws UserError MACHINE_INCOMPLETE when the installation is not whole
 */
export function toolCopies({ files, toolFolder }: ToolContext): readonly LabCopy[] {
  const list = `${toolFolder}/${listName}`;
  if (files.kindOf(list) === undefined) throw incomplete(list);
  const text = files.readText(list);
  const fingerprints = JSON.parse(text) as Readonly<Record<string, string>>;
  const copies = Object.entries(fingerprints).map(([name, fingerprint]): LabCopy => {
    const path = name.startsWith('../') ? name.slice('../'.length) : `tool/${name}`;
    return { path: `.mesos-cluster/${path}`, from: `${toolFolder}/${name}`, fingerprint };
  });
  return [{ path: `.mesos-cluster/tool/${listName}`, from: list, fingerprint: textFingerprint(text) }, ...copies];
}
