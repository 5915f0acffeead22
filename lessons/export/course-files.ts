import type { Problem } from '../../errors/user-error.ts';
import { readLesson } from '../../planning/lesson/read-lesson.ts';
import { lessonYaml } from '../../planning/lesson/write-lesson.ts';
import { lessonSchemaFile, type Course } from '../source/course.ts';
import { isForLearners, withoutAnswers } from './without-answers.ts';

/** The files of a course by their paths, as the program has its own; or why some cannot be in there. */
export type CourseFiles =
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * The files of a course, for a program that shall have it as its own.
 * @param course one without problems
 * @param hidden leaves out what says what is right
 */
export function courseFiles(course: Course, hidden: boolean): CourseFiles {
  const files: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const folder of course.folders) {
    const all = textsOf(course, folder);
    problems.push(...all.problems);
    const kept = hidden ? hide(course, folder, all.texts) : all.texts;
    for (const [path, text] of kept) files[`${folder}/${path}`] = text;
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'files', files: { ...files, 'lesson.schema.json': lessonSchemaFile() } };
}

function textsOf(course: Course, folder: string) {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of course.filesIn(folder)) {
    const bytes = course.read(folder, path);
    if (bytes === undefined) continue;
    try {
      texts.set(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      problems.push({
        ...{ code: 'LESSON_FILE', message: 'A file of a lesson is no text' },
        place: { kind: 'path', path: `${course.name}/${folder}/${path}` },
        ...{ found: 'bytes that are not UTF-8', allowed: 'text in UTF-8', fix: 'Save it as UTF-8, or take it away' },
      });
    }
  }
  return { texts, problems };
}

function hide(course: Course, folder: string, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const bytes = course.read(folder, 'lesson.yaml') ?? new Uint8Array();
  const read = readLesson(bytes, `${course.name}/${folder}/lesson.yaml`, (path) => texts.get(path));
  // Its files are told of already where they are no text.
  if (read.kind === 'problems') return new Map();
  const { lesson } = read;
  const kept = [...texts].filter(([path]) => isForLearners(lesson, path));
  return new Map([['lesson.yaml', lessonYaml(withoutAnswers(lesson))], ...kept]);
}
