import { UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import type { LessonWorld } from '../../lessons/lesson-world.ts';
import { currentCheck, progressOfCheck, type LessonProgress, type Progress } from '../../lessons/progress/progress.ts';
import { readProgress, writeProgress } from '../../lessons/progress/progress-file.ts';
import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { openLab } from '../lab/open-lab.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import { lessonNamed, openCourse, type OpenCourse } from './open-course.ts';
import { lessonWorld } from './lesson-session.ts';
import { labThere, type LabThere } from '../running/lab-there.ts';

/** Somebody who learns in a lab: what a command of `learn` works on. */
export interface Learner {
  readonly context: Context;
  readonly line: CommandLine;
  readonly directory: string;
  readonly reporter: StepReporter;
  readonly progress: Progress;
  readonly open: OpenCourse;
}

export function learnerOf(context: Context, line: CommandLine): Learner {
  const directory = openLab(context, line);
  const progress = readProgress(context.files, directory);
  return {
    context,
    line,
    directory,
    progress,
    open: openCourse(context, line, progress),
    reporter: reporterFor(context, line),
  };
}

/** The lesson that was started last, and how far it is. @throws UserError when none was */
export function currentLesson({ progress, open }: Learner): {
  readonly lesson: Lesson;
  readonly entry: LessonProgress;
} {
  const { current } = progress;
  const entry = current === undefined ? undefined : progress.started[current];
  if (current === undefined || entry === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'No lesson was started yet',
      fix: 'npm run learn -- start 1',
    });
  }
  return { lesson: lessonNamed(open.course, current), entry };
}

/** The folder of a lesson's files in the lab, as one types it there. */
export const filesFolder = ({ name }: Pick<Lesson, 'name'>): string => `learn/${name.slice(0, 2)}`;

export const labOfLearner = ({ context, line, directory }: Learner): Promise<LabThere> =>
  labThere(context, line, directory);

/** @param entry missing: it is being started */
export function worldOf(learner: Learner, lab: LabThere, lesson: Lesson, entry?: LessonProgress): LessonWorld {
  const { context, line, reporter, open } = learner;
  const world = lessonWorld(lab, { context, line, reporter, course: open.course, lesson });
  if (entry === undefined) return world;
  const check = currentCheck(lesson, entry);
  const given = check === undefined ? undefined : progressOfCheck(entry, check.id).answer;
  return { ...world, baseline: entry.baseline, ...(given === undefined ? {} : { given }) };
}

export function save({ context, directory }: Learner, progress: Progress): void {
  explainingFailures(directory, 'How far you are is not written', () => {
    writeProgress(context.files, directory, progress);
  });
}
