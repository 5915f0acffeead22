import type { Lesson } from '../../planning/lesson/lesson.ts';

/** What was so when a lesson was started: looks that say `changed`, `grownBy` or "since" compare with it. */
export interface Baseline {
  /** Milliseconds since 1970, by this machine's clock. */
  readonly at: number;
  /** Who led; by the names of `leader.of`. */
  readonly leaders: Readonly<Record<string, string>>;
  /** Values of metrics, by who has them and their names: `mesos-master master/slave_removals`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How far one check of a lesson is. Times are as ISO 8601 writes them. */
export interface CheckProgress {
  /** How often it was looked at, in all runs of the lesson. */
  readonly attempts: number;
  readonly checkedAt?: string;
  /** Once reached it stays so until the lesson is reset. */
  readonly passedAt?: string;
  /** How many hints were shown. */
  readonly hints: number;
  /** The program has once done what was to be done; so it stays. */
  readonly solved?: true;
  /** The answer that was given last. */
  readonly answer?: string;
  /** What was seen last. */
  readonly seen?: string;
}

export interface LessonProgress {
  readonly title: string;
  readonly startedAt: string;
  /** Of the last look at any of its checks. */
  readonly checkedAt?: string;
  /** When its last check was reached. */
  readonly passedAt?: string;
  /** How often it was put back to its start. */
  readonly resets: number;
  readonly baseline: Baseline;
  /** By the ids of checks; one that was never looked at is missing. */
  readonly checks: Readonly<Record<string, CheckProgress>>;
  /** How many there are. */
  readonly checkCount: number;
}

/** What a lab keeps of its learner, in `.mesos-cluster/learn.json`. */
export interface Progress {
  readonly format: 1;
  /** The folder of a course of one's own, as it was named; missing: the one of the program. */
  readonly lessons?: string;
  /** Who learns, for reports; missing: nobody has said. */
  readonly learner?: string;
  /** Name of the lesson that was started last. */
  readonly current?: string;
  /** By their names. */
  readonly started: Readonly<Record<string, LessonProgress>>;
}

export const noProgress: Progress = { format: 1, started: {} };

const untouched: CheckProgress = { attempts: 0, hints: 0 };

export const progressOfCheck = (lesson: LessonProgress, id: string): CheckProgress =>
  (Object.hasOwn(lesson.checks, id) ? lesson.checks[id] : undefined) ?? untouched;

/** A lesson begins; of one that was started before the numbers go on. */
export function begun(
  progress: Progress,
  lesson: Lesson,
  { at, baseline }: { readonly at: string; readonly baseline: Baseline },
): Progress {
  const before = Object.hasOwn(progress.started, lesson.name) ? progress.started[lesson.name] : undefined;
  const kept: Record<string, CheckProgress> = {};
  for (const [id, { passedAt: _, answer: __, seen: ___, ...rest }] of Object.entries(before?.checks ?? {})) {
    kept[id] = rest;
  }
  const entry: LessonProgress = {
    ...{
      title: lesson.title,
      startedAt: before?.startedAt ?? at,
      resets: before === undefined ? 0 : before.resets + 1,
    },
    ...(before?.passedAt === undefined ? {} : { passedAt: before.passedAt }),
    ...(before?.checkedAt === undefined ? {} : { checkedAt: before.checkedAt }),
    ...{ baseline, checks: kept, checkCount: lesson.checks.length },
  };
  return { ...progress, current: lesson.name, started: { ...progress.started, [lesson.name]: entry } };
}

/** Something happens to a check. */
export function withCheck(
  progress: Progress,
  { lesson, check }: { readonly lesson: Lesson; readonly check: string },
  change: (before: CheckProgress) => CheckProgress,
): Progress {
  const entry = progress.started[lesson.name];
  if (entry === undefined) throw new Error(`${lesson.name} was not started`);
  const checks = { ...entry.checks, [check]: change(progressOfCheck(entry, check)) };
  const { checkedAt, passedAt } = checks[check] ?? untouched;
  const isDone = lesson.checks.every(({ id }) => checks[id]?.passedAt !== undefined);
  const next: LessonProgress = {
    ...entry,
    ...(checkedAt === undefined ? {} : { checkedAt }),
    ...(isDone && entry.passedAt === undefined && passedAt !== undefined ? { passedAt } : {}),
    checks,
  };
  return { ...progress, started: { ...progress.started, [lesson.name]: next } };
}

/** The first check of a lesson that is not reached; undefined: all are. */
export const currentCheck = (lesson: Lesson, entry: LessonProgress) =>
  lesson.checks.find(({ id }) => progressOfCheck(entry, id).passedAt === undefined);
