import type { Problem } from '../../errors/user-error.ts';
import type { LearnReport } from '../../planning/lesson/report-shape.ts';
import type { ReadReport } from './read-report.ts';
import { standingOf, type Standing } from './standing.ts';

/** What a report says of a course: its lessons in their order, and what is to be reached in each. */
export type CourseOutline = readonly {
  readonly lesson: string;
  readonly title: string;
  readonly checks: readonly { readonly id: string }[];
}[];

/** A learner in the table of a room. */
export interface RoomRow {
  readonly learner: string;
  readonly file: string;
  /** In the order of the lessons. */
  readonly standings: readonly Standing[];
  /** How many lessons. */
  readonly passed: number;
  readonly reached: number;
  readonly hints: number;
  readonly solved: number;
}

export interface Room {
  /** With how many learners have passed each of them. */
  readonly lessons: readonly { readonly lesson: string; readonly title: string; readonly passedBy: number }[];
  /** Who is furthest comes first. */
  readonly rows: readonly RoomRow[];
  /** What was not graded, and why; in the order of the files. */
  readonly problems: readonly Problem[];
}

type Good = Extract<ReadReport, { readonly kind: 'report' }>;

/**
 * The table of a room. A file that cannot be graded is left out and named; the others are graded all the same.
 * @param outline the course; without it that of most of the reports, and of as many the one that comes first
 */
export function gradeRoom(read: readonly ReadReport[], outline?: CourseOutline): Room {
  const reports = read.filter((each): each is Good => each.kind === 'report');
  const lessons = outline ?? commonOutline(reports);
  const key = outlineKey(lessons);
  const ofCourse = reports.filter(({ report }) => outlineKey(report.lessons) === key);
  const filesOf = filesByLearner(ofCourse);
  const problems = read.flatMap((each): readonly Problem[] => {
    if (each.kind === 'problem') return [each.problem];
    if (!ofCourse.includes(each)) return [otherCourse(each, lessons)];
    const files = filesOf.get(nameKey(each.report)) ?? [];
    return files.length > 1 ? [twice(each, files)] : [];
  });
  const rows = ofCourse
    .filter(({ report }) => filesOf.get(nameKey(report))?.length === 1)
    .map(rowOf)
    .toSorted(byRank);
  return { lessons: lessons.map((lesson, index) => withPassed(lesson, index, rows)), rows, problems };
}

/** The course of a report: another title of a check makes another id, and so another course. */
const outlineKey = (lessons: CourseOutline): string =>
  JSON.stringify(lessons.map(({ lesson, checks }) => [lesson, checks.map(({ id }) => id)]));

function commonOutline(reports: readonly Good[]): CourseOutline {
  const groups = new Map<string, Good[]>();
  for (const each of reports) {
    const key = outlineKey(each.report.lessons);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const [most] = [...groups.values()].toSorted((one, other) => other.length - one.length);
  return most?.[0]?.report.lessons ?? [];
}

/** People write their names in more than one way. */
const nameKey = ({ learner }: LearnReport): string =>
  learner.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();

function filesByLearner(reports: readonly Good[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { file, report } of reports) {
    const key = nameKey(report);
    files.set(key, [...(files.get(key) ?? []), file]);
  }
  return files;
}

function rowOf({ file, report }: Good): RoomRow {
  const standings = report.lessons.map(standingOf);
  const sum = (of: (standing: Standing) => number) => standings.reduce((total, each) => total + of(each), 0);
  return {
    ...{ learner: report.learner, file, standings },
    passed: sum(({ state }) => (state === 'passed' ? 1 : 0)),
    reached: sum(({ reached }) => reached),
    hints: sum(({ hints }) => hints),
    solved: sum(({ solved }) => solved),
  };
}

/** More lessons, then more checks, then less help; then by name, alike on every machine. */
const byRank = (one: RoomRow, other: RoomRow): number =>
  other.passed - one.passed ||
  other.reached - one.reached ||
  one.solved - other.solved ||
  one.hints - other.hints ||
  (one.learner < other.learner ? -1 : 1);

const withPassed = ({ lesson, title }: CourseOutline[number], index: number, rows: readonly RoomRow[]) => ({
  ...{ lesson, title },
  passedBy: rows.filter(({ standings }) => standings[index]?.state === 'passed').length,
});

const place = (file: string) => ({ kind: 'path', path: file }) as const;

function otherCourse({ file, report: { lessons } }: Good, outline: CourseOutline): Problem {
  const names = new Set(outline.map(({ lesson }) => lesson));
  const other = lessons.find(({ lesson }) => !names.has(lesson));
  const differs = lessons.find(({ lesson, checks }) => {
    const same = outline.find((each) => each.lesson === lesson);
    return same !== undefined && outlineKey([{ ...same, checks }]) !== outlineKey([same]);
  });
  const found =
    other === undefined
      ? differs === undefined
        ? `${lessons.length} lessons, where the course has ${outline.length}`
        : `other checks in the lesson ${differs.lesson}`
      : `a lesson ${other.lesson}`;
  return {
    ...{ code: 'LEARN_REPORT', message: 'The report is of another course', place: place(file), found },
    fix: 'Grade it by itself; --lessons DIRECTORY says which course is meant',
  };
}

const twice = ({ file, report }: Good, files: readonly string[]): Problem => ({
  code: 'LEARN_REPORT',
  message: `${report.learner} has handed in more than one report; none of them is graded`,
  place: place(file),
  found: files.join(', '),
  fix: 'Keep the one that counts; two people with one name: npm run learn -- report --learner NAME',
});
