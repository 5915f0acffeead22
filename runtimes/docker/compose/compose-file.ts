import { UserError } from '../../../errors/user-error.ts';
import { textFingerprint } from '../../../lab/fingerprint.ts';
import { readManifest } from '../../../lab/manifest.ts';
import { explainingFailures } from '../../../lab/write-failure.ts';
import type { GeneratedFile } from '../../../generators/generated-file.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { ownComposeFile } from '../lab/docker-record.ts';

/** The Compose file of a lab on one Docker Engine. */
export const composeFileName = 'docker-compose.yml';

/** Which Compose file a plan is run with. */
export interface ChosenFile {
  /** Absolute. */
  readonly path: string;
  /** What has to be written there first; undefined: the lab's own file is right. */
  readonly text?: string;
  /** What the user should know of the choice. */
  readonly remark?: string;
  /** Files of the lab that its containers read; none are known of a file that was edited. */
  readonly mounted: readonly string[];
}

interface FileWorld {
  readonly files: FileSystem;
  readonly composeFiles: (plan: Plan) => readonly GeneratedFile[];
}

/**
 * The file that a plan is run with: the lab's own where it says the same, or was edited by hand. Otherwise (flags, or a
 * spec that is newer) what the generator writes for this plan, beside the record of the run.
 * @param directory absolute
 * @param hasFlags whether flags say something over the spec
 */
export function chooseComposeFile(
  directory: string,
  plan: Plan,
  hasFlags: boolean,
  { files, composeFiles }: FileWorld,
): ChosenFile {
  const own = `${directory}/${composeFileName}`;
  const generated = composeFiles(plan);
  const text = generated.find(({ path }) => path === composeFileName)?.content ?? '';
  const mounted = generated.map(({ path }) => path).filter((path) => path !== composeFileName);
  const has = files.kindOf(own) === undefined ? undefined : files.readText(own);
  if (has === text) return { path: own, mounted };
  const written = readManifest(files, directory).files.get(composeFileName);
  const isEdited = has !== undefined && written !== textFingerprint(has);
  if (isEdited && !hasFlags) {
    return {
      path: own,
      mounted: [],
      remark: `${composeFileName} was edited: it runs as it stands; checks go by mesos-cluster.yaml`,
    };
  }
  const another = { path: ownComposeFile(directory), text, mounted };
  if (isEdited) return { ...another, remark: `${composeFileName} was edited; with these flags the edits do not count` };
  if (hasFlags) return another;
  const remark = `mesos-cluster.yaml is newer than ${composeFileName}, and counts; npm run generate writes that again`;
  return { ...another, remark };
}

/**
 * Looks whether all is there that the chosen file mounts from the lab: Docker would make empty folders of what is not.
 * @throws UserError LAB_NOT_GENERATED
 */
export function refuseMissingMounts(files: FileSystem, directory: string, { mounted }: ChosenFile): void {
  const missing = mounted.filter((path) => files.kindOf(`${directory}/${path}`) === undefined);
  if (missing.length === 0) return;
  throw new UserError({
    code: 'LAB_NOT_GENERATED',
    message: 'Files are missing that containers of this lab read; nothing was started',
    found: missing.join(', '),
    fix: 'npm run generate writes them, as mesos-cluster.yaml asks for them',
  });
}

/** Puts the chosen file where it shall be. */
export function writeChosen(
  files: FileSystem,
  directory: string,
  { path, text }: Pick<ChosenFile, 'path' | 'text'>,
): void {
  if (text === undefined) return;
  explainingFailures(directory, 'Nothing was started', () => {
    files.makeFolders(path.slice(0, path.lastIndexOf('/')));
    files.writeText(path, text, false);
  });
}
