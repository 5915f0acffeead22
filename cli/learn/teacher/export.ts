import { basename, dirname, join, resolve } from 'node:path';
import { exitCodes } from '../../../errors/exit-codes.ts';
import { UserError } from '../../../errors/user-error.ts';
import { explainingFailures, tidyUp } from '../../../lab/write-failure.ts';
import { courseFiles } from '../../../lessons/export/course-files.ts';
import { readProgress } from '../../../lessons/progress/progress-file.ts';
import type { Course } from '../../../lessons/source/course.ts';
import type { Context } from '../../../platform/context.ts';
import { isOn, textOf, type CommandLine } from '../../command-line/command-line.ts';
import type { Command } from '../../command-line/command.ts';
import { openLab } from '../../lab/open-lab.ts';
import { printWarnings } from '../../lab/report-lab.ts';
import { imagesOfLab } from '../../running/images-of-lab.ts';
import { allLessons, openCourse } from '../open-course.ts';
import { bundledLab, writeBundle } from './bundle-lab.ts';
import { bundleTarget } from './bundle-target.ts';
import { exportText, startText } from './bundle-words.ts';
import { packFolder } from './pack-folder.ts';

/**
 * `learn export DIRECTORY|FILE.tar.gz`: a lab like this one for students, with the program, a course and the images: it
 * needs no network. The bundle is there when it is whole, or not at all.
 */
export const exportBundle: Command = async (context, line) => {
  const { files } = context;
  const directory = openLab(context, line);
  const target = bundleTarget(context, line);
  const { course } = openCourse(context, line, readProgress(files, directory));
  const lessons = allLessons(course);
  const isHidden = isOn(line, 'without-answers');
  const texts = filesOf(course, isHidden);
  const stage = join(dirname(target.path), `.${basename(target.path)}.part-${files.processId}`);
  const lab = join(stage, target.name);
  const bundle = await bundledLab(context, directory, lab, texts);
  printWarnings(context, line, bundle.warnings);
  const images = await imagesFile(context, line, directory);
  try {
    explainingFailures(target.path, 'Nothing was written', () => {
      writeBundle(context, directory, bundle, startText(bundle.isAdopted, images?.name));
      if (images !== undefined) files.copy(images.path, join(lab, images.name));
    });
    if (target.isPacked) await packFolder(context, { folder: stage, name: target.name, file: target.path });
    else {
      explainingFailures(target.path, 'Nothing was written', () => {
        files.rename(lab, target.path);
      });
    }
  } finally {
    tidyUp(() => {
      files.removeTree(stage);
    });
  }
  const said = { bundle: target.path, lessons: lessons.length, withoutAnswers: isHidden, images: images?.name ?? null };
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify(said, undefined, 2)}\n` : exportText(said, target));
  return exitCodes.ok;
};

/** @throws UserError LESSON_FILE with all files that are no text */
function filesOf(course: Course, isHidden: boolean): Readonly<Record<string, string>> {
  const found = courseFiles(course, isHidden);
  if (found.kind === 'files') return found.files;
  const [first, ...more] = found.problems;
  if (first === undefined) throw new Error('no file is there, and no problem');
  throw new UserError(first, ...more);
}

/** The file that --images names, which is made by `images save` if it is not there. */
async function imagesFile(
  context: Context,
  line: CommandLine,
  directory: string,
): Promise<{ readonly path: string; readonly name: string } | undefined> {
  const { files, cwd } = context;
  const typed = textOf(line, 'images');
  if (typed === undefined) return undefined;
  const path = resolve(cwd, typed);
  if (files.kindOf(path) === undefined) {
    const { facet, request } = await imagesOfLab(context, line, directory);
    await facet.save(request, path, false);
  } else if (files.kindOf(path) !== 'file' && files.list(path) !== undefined) {
    throw new UserError({
      ...{ code: 'USAGE_ARGUMENTS', message: 'The images are in one file, and this is a folder' },
      ...{ place: { kind: 'path', path: typed }, fix: 'Name a file of `images save`, or one that is to be made' },
    });
  }
  const [ending = ''] = /\.(tar|tar\.gz|tgz)$/i.exec(path) ?? [];
  return { path, name: `images${ending}` };
}
