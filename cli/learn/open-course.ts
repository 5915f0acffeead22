import { relative, resolve } from 'node:path';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { courseIn, ownCourse, type Course } from '../../lessons/source/course.ts';
import { lessonIn, lessonsIn, type LessonFound } from '../../lessons/source/read-course.ts';
import type { Progress } from '../../lessons/progress/progress.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import type { Context } from '../../platform/context.ts';
import { textOf, type CommandLine } from '../command-line/command-line.ts';

/** The course that a command is about, and the folder that it is in if it is somebody's own. */
export interface OpenCourse {
  readonly course: Course;
  readonly folder?: string;
}

/** That of --lessons, else that of the lesson that was started last, else the one of the program. */
export function openCourse(context: Context, line: CommandLine, { lessons }: Progress): OpenCourse {
  const named = textOf(line, 'lessons');
  // As of --spec: what is no folder.
  if (named === '-') return { course: ownCourse() };
  const folder = named === undefined ? lessons : resolve(context.cwd, named);
  if (folder === undefined) return { course: ownCourse() };
  return { course: courseAt(context, folder), folder };
}

/** @throws UserError LESSON_FILE when there is no lesson in a folder */
export function courseAt({ files, cwd }: Context, folder: string): Course {
  const name = relative(cwd, folder);
  const course = courseIn(files, folder, name === '' ? '.' : name);
  if (course.folders.length > 0) return course;
  throw new UserError({
    ...{
      code: 'LESSON_FILE',
      message: 'There are no lessons here',
      place: { kind: 'path', path: name === '' ? folder : name },
    },
    found:
      files.kindOf(folder) === undefined ? 'no such folder' : 'no folder that begins with a number, and no lesson.yaml',
    allowed: 'a folder with lessons, 01-NAME and so on, or one lesson',
    fix: 'Check the name; docs/lessons.md says what a lesson is',
  });
}

/** @throws UserError with all problems of all lessons */
export function goodLessons(found: readonly LessonFound[]): readonly Lesson[] {
  const problems = found.flatMap((each) => (each.kind === 'problems' ? each.problems : []));
  throwAll(problems);
  return found.flatMap((each) => (each.kind === 'lesson' ? [each.lesson] : []));
}

function throwAll([first, ...more]: readonly Problem[]): void {
  if (first !== undefined) throw new UserError(first, ...more);
}

/** All lessons of a course. @throws UserError with the problems of those that are none */
export const allLessons = (course: Course): readonly Lesson[] => goodLessons(lessonsIn(course));

/**
 * The lesson that is meant by a number (`3`, `03`) or a name, with or without its number.
 * @throws UserError USAGE_UNKNOWN_NAME, and the problems of the lesson
 */
export function lessonNamed(course: Course, word: string): Lesson {
  const { folders } = course;
  const number = /^\d{1,2}$/.test(word) ? word.padStart(2, '0') : undefined;
  const found = folders.find((name) =>
    number === undefined ? name === word || name.replace(/^\d+-/, '') === word : name.startsWith(`${number}-`),
  );
  if (found === undefined) {
    const names = folders.map((name) => name.replace(/^\d+-/, ''));
    const near = nearest(word, names);
    throw new UserError({
      ...{ code: 'USAGE_UNKNOWN_NAME', message: `There is no lesson ${word}`, found: word },
      allowed: `${folders.map((name) => name.slice(0, 2).replace(/^0/, '')).join(', ')}, or a name`,
      fix: near === undefined ? '`learn` lists the lessons' : `Did you mean ${near}?`,
    });
  }
  const [lesson] = goodLessons([lessonIn(course, found)]);
  if (lesson === undefined) throw new Error(`${found} is no lesson`);
  return lesson;
}
