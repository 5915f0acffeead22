import type { Lesson } from '../../planning/lesson/lesson.ts';
import { reportFormat, reportKind, type LearnReport, type LessonReport } from '../../planning/lesson/report-shape.ts';
import { progressOfCheck, type Progress } from '../progress/progress.ts';

/** Whose report it is, and when and with what it is written. */
interface Circumstances {
  readonly learner: string;
  /** Name of the lab. */
  readonly lab: string;
  /** As ISO 8601 writes it. */
  readonly writtenAt: string;
  /** Of this program. */
  readonly version: string;
}

/** What a learner did: every lesson of a course, those too that were not started. */
export function reportOf(
  lessons: readonly Lesson[],
  { started }: Progress,
  { version, learner, lab, writtenAt }: Circumstances,
): LearnReport {
  const rows = lessons.map(({ name, title, minutes, checks }): LessonReport => {
    const entry = Object.hasOwn(started, name) ? started[name] : undefined;
    return {
      ...{ lesson: name, title, minutes },
      ...(entry === undefined ? {} : { startedAt: entry.startedAt }),
      ...(entry?.checkedAt === undefined ? {} : { checkedAt: entry.checkedAt }),
      ...(entry?.passedAt === undefined ? {} : { passedAt: entry.passedAt }),
      resets: entry?.resets ?? 0,
      checks: checks.map(({ id, title: of }) => {
        const { passedAt, attempts, hints, solved } =
          entry === undefined ? { attempts: 0, hints: 0 } : progressOfCheck(entry, id);
        const at = passedAt === undefined ? {} : { passedAt };
        return { id, title: of, ...at, attempts, hints, solved: solved === true };
      }),
    };
  });
  return { kind: reportKind, format: reportFormat, version, learner, lab, writtenAt, lessons: rows };
}
