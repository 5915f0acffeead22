import type { Problem } from '../../errors/user-error.ts';
import { toLesson, type Lesson } from '../../planning/lesson/lesson.ts';
import { readLesson } from '../../planning/lesson/read-lesson.ts';
import { checkText } from '../text/check-text.ts';
import type { Course } from './course.ts';

/** A lesson, or all that is wrong with it. */
export type LessonFound =
  | { readonly kind: 'lesson'; readonly lesson: Lesson }
  | { readonly kind: 'problems'; readonly name: string; readonly problems: readonly Problem[] };

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** `03-nginx`: lessons are in the order of their numbers, and called by them. */
const goodName = /^\d{2}-[a-z0-9]+(-[a-z0-9]+)*$/;

/** Reads and checks one lesson of a course. */
export function lessonIn(course: Course, name: string): LessonFound {
  const place = (file: string) => ({ kind: 'path', path: `${course.name}/${name}/${file}` }) as const;
  const files = (path: string) => {
    const bytes = course.read(name, path);
    return bytes === undefined ? undefined : textOf(bytes);
  };
  const missing = (file: string): Problem => ({
    code: 'LESSON_FILE',
    message: `A lesson has no ${file}`,
    place: place(file),
    fix: 'Write one: docs/lessons.md has an example',
  });
  const badName: readonly Problem[] = goodName.test(name)
    ? []
    : [
        {
          ...{
            code: 'LESSON_RULE',
            message: 'The folder of a lesson is called by a number and words',
            place: place(''),
          },
          ...{ found: name, allowed: 'two digits, then a-z, 0-9 and hyphens: 03-nginx', fix: 'Rename the folder' },
        },
      ];
  const bytes = course.read(name, 'lesson.yaml');
  const read = bytes === undefined ? undefined : readLesson(bytes, place('lesson.yaml').path, files);
  const text = files('lesson.md');
  const problems = [
    ...badName,
    ...(read === undefined ? [missing('lesson.yaml')] : read.kind === 'problems' ? read.problems : []),
    ...(text === undefined ? [missing('lesson.md')] : checkText(text, place('lesson.md').path)),
  ];
  if (read?.kind !== 'lesson' || text === undefined || problems.length > 0) return { kind: 'problems', name, problems };
  return { kind: 'lesson', lesson: toLesson(name, read.lesson, text) };
}

/** All lessons of a course, in their order. */
export const lessonsIn = (course: Course): readonly LessonFound[] =>
  course.folders.map((folder) => lessonIn(course, folder));
