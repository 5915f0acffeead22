import { UserError } from '../../../errors/user-error.ts';
import { textFingerprint } from '../../../lab/fingerprint.ts';
import { readManifest } from '../../../lab/manifest.ts';
import { explainingFailures } from '../../../lab/write-failure.ts';
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
}

interface FileWorld {
  readonly files: FileSystem;
  readonly composeText: (plan: Plan) => string;
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
  { files, composeText }: FileWorld,
): ChosenFile {
  const own = `${directory}/${composeFileName}`;
  const text = composeText(plan);
  const has = files.kindOf(own) === undefined ? undefined : files.readText(own);
  if (has === text) return { path: own };
  const written = readManifest(files, directory).files.get(composeFileName);
  const isEdited = has !== undefined && written !== textFingerprint(has);
  if (isEdited && !hasFlags) {
    return {
      path: own,
      remark: `${composeFileName} was edited: it runs as it stands; checks go by mesos-cluster.yaml`,
    };
  }
  const path = ownComposeFile(directory);
  if (isEdited) return { path, text, remark: `${composeFileName} was edited; with these flags the edits do not count` };
  if (hasFlags) return { path, text };
  const remark = `mesos-cluster.yaml is newer than ${composeFileName}, and counts; npm run generate writes that again`;
  return { path, text, remark };
}

/**
 * Looks whether all is there that the chosen file mounts from the lab: Docker would make empty folders of what is not.
 * @throws UserError LAB_NOT_GENERATED
 */
export function refuseMissingMounts(files: FileSystem, directory: string, { text = '' }: ChosenFile): void {
  const mounted = [...text.matchAll(/^\s+- "?\.\/([^:"\n]+):/gm)].map(([, path = '']) => path);
  const missing = [...new Set(mounted)].filter((path) => files.kindOf(`${directory}/${path}`) === undefined);
  if (missing.length === 0) return;
  throw new UserError({
    code: 'LAB_NOT_GENERATED',
    message: 'Files are missing that containers of this lab read; nothing was started',
    found: missing.join(', '),
    fix: 'npm run generate writes them, as mesos-cluster.yaml asks for them',
  });
}

/** Puts the chosen file where it shall be. */
export function writeChosen(files: FileSystem, directory: string, { path, text }: ChosenFile): void {
  if (text === undefined) return;
  explainingFailures(directory, 'Nothing was started', () => {
    files.makeFolders(path.slice(0, path.lastIndexOf('/')));
    files.writeText(path, text, false);
  });
}
