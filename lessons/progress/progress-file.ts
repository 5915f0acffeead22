import { UserError } from '../../errors/user-error.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { isJsonObject, parseJson, valueAt } from '../../protocol/json.ts';
import { noProgress, type Progress } from './progress.ts';

/** Where a lab keeps how far its learner is. */
export const progressPath = '.mesos-cluster/learn.json';

type Files = Pick<FileSystem, 'kindOf' | 'readText' | 'writeText' | 'rename' | 'makeFolders' | 'processId'>;

/**
 * What a lab knows of its learner.
 * @throws UserError LAB_NEWER when a newer version wrote it; LESSON_FILE when it is something else
 */
export function readProgress(files: Files, directory: string): Progress {
  const path = `${directory}/${progressPath}`;
  if (files.kindOf(path) === undefined) return noProgress;
  const value = parseJson(files.readText(path));
  const format = valueAt(value, 'format');
  if (typeof format === 'number' && format > noProgress.format) {
    throw new UserError({
      ...{
        code: 'LAB_NEWER',
        message: 'A newer version of this program wrote how far you are',
        place: { kind: 'path', path },
      },
      fix: 'Use that version; or move the file away to begin anew',
    });
  }
  if (format === noProgress.format && isJsonObject(valueAt(value, 'started'))) return value as Progress;
  throw new UserError({
    ...{ code: 'LESSON_FILE', message: 'What says how far you are is damaged', place: { kind: 'path', path } },
    fix: 'Move the file away: the course begins anew, and what runs is not touched',
  });
}

/** Whoever is killed meanwhile leaves the old one or the new one. */
export function writeProgress(files: Files, directory: string, progress: Progress): void {
  const path = `${directory}/${progressPath}`;
  files.makeFolders(path.slice(0, path.lastIndexOf('/')));
  const draft = `${path}.${files.processId}.new`;
  files.writeText(draft, `${JSON.stringify(progress, undefined, 2)}\n`, false);
  files.rename(draft, path);
}
