import type { LearnReport, LessonReport } from '../../../planning/lesson/report-shape.ts';

/** A lesson of two checks. @param reached how many of them, or that it was never started */
export function lessonReport(
  lesson: string,
  reached: number | undefined,
  help: { readonly hints?: number; readonly solved?: number } = {},
): LessonReport {
  const { hints = 0, solved = 0 } = help;
  const checks = ['one', 'two'].map((id, index) => ({
    ...{ id, title: `Check ${id}` },
    ...(index < (reached ?? 0) ? { passedAt: `2026-11-30T09:0${index + 1}:00.000Z` } : {}),
    ...{ attempts: index < (reached ?? 0) ? 2 : 0, hints: index === 0 ? hints : 0, solved: index < solved },
  }));
  const started = reached === undefined ? {} : { startedAt: '2026-11-30T09:00:00.000Z' };
  const passed = reached === 2 ? { passedAt: '2026-11-30T09:02:00.000Z' } : {};
  return { lesson, title: `Lesson ${lesson}`, minutes: 10, ...started, ...passed, resets: 0, checks };
}

export const report = (learner: string, ...lessons: readonly LessonReport[]): LearnReport => ({
  ...{ kind: 'create-mesos-cluster learn report', format: 1, version: '1.2.3', learner, lab: 'lab' },
  ...{ writtenAt: '2026-11-30T10:00:00.000Z', lessons: [...lessons] },
});

export const handedIn = (file: string, what: LearnReport) => ({
  file,
  bytes: new TextEncoder().encode(JSON.stringify(what, undefined, 2)),
});
