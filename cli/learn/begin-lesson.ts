import { UserError } from '../../errors/user-error.ts';
import { inLab } from '../../lab/lab-layout.ts';
import { findFiles } from '../../lab/find-obstacles.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { resetCluster } from '../../lessons/actions/reset-cluster.ts';
import { runSteps } from '../../lessons/actions/run-steps.ts';
import { labFor, whatIsLacking } from '../../lessons/lesson-needs.ts';
import { begun, type Progress } from '../../lessons/progress/progress.ts';
import { takeBaseline } from '../../lessons/progress/take-baseline.ts';
import type { Course } from '../../lessons/source/course.ts';
import { asStep } from './as-step.ts';
import { filesFolder, labOfLearner, save, worldOf, type Learner } from './learner.ts';
import type { LabThere } from '../running/lab-there.ts';
import { lessonNamed } from './open-course.ts';

/**
 * Begins a lesson: takes away what another one has left, writes its files, and does its setup.
 * @throws UserError LESSON_NEEDS when the lab lacks something, LESSON_STEP when the setup fails
 */
export async function begin(
  learner: Learner,
  lesson: Lesson,
): Promise<{ readonly progress: Progress; readonly lab: LabThere }> {
  const { context, progress, open, reporter, directory } = learner;
  const lab = await labOfLearner(learner);
  const lacking = whatIsLacking(lesson, { plan: lab.lab.plan, target: lab.lab.target, runtime: lab.runtime.name });
  if (lacking.length > 0) {
    throw new UserError({
      ...{
        code: 'LESSON_NEEDS',
        message: `The lesson ${lesson.name} needs another lab`,
        found: `it needs ${lacking.join('; ')}`,
      },
      fix: `npm run down; then a lab that has it: ${labFor(lesson)}`,
    });
  }
  await takeAway(learner, lab, lesson);
  writeFiles(learner, open.course, lesson);
  const world = worldOf(learner, lab, lesson);
  if (lesson.setup.length > 0) {
    await asStep(reporter, 'Setting the lesson up', () => runSteps(world, lesson.setup, context.signal));
  }
  const at = Date.now();
  const baseline = await takeBaseline(world, lesson, at, context.signal);
  const { folder } = open;
  const { lessons: _, ...rest } = progress;
  const named = { ...rest, ...(folder === undefined ? {} : { lessons: folder }) };
  const next = begun(named, lesson, { at: new Date(at).toISOString(), baseline });
  save({ ...learner, directory }, next);
  return { progress: next, lab };
}

/** Removes what the lesson before, or this one, has made. */
async function takeAway(learner: Learner, lab: LabThere, next: Lesson): Promise<void> {
  const { context, progress, open, reporter } = learner;
  const { current } = progress;
  const before =
    current === undefined || !open.course.folders.includes(current) ? next : lessonNamed(open.course, current);
  await asStep(reporter, 'Taking away what lessons have left', async () => {
    const world = worldOf(learner, lab, before);
    await resetCluster(world, context.signal);
    if (current !== undefined) await runSteps(world, before.cleanup, context.signal);
  });
}

/** The files that learners may change; those that they have changed are as in the beginning again. */
function writeFiles({ context, directory }: Learner, course: Course, lesson: Lesson): void {
  const prefix = 'files/';
  const paths = course.filesIn(lesson.name).filter((path) => path.startsWith(prefix));
  const files = paths.map((path) => [path, `${filesFolder(lesson)}/${path.slice(prefix.length)}`] as const);
  findFiles(
    context.files,
    directory,
    files.map(([, to]) => to),
  );
  explainingFailures(directory, 'The files of the lesson are not written', () => {
    for (const [path, to] of files) {
      const target = inLab(directory, to);
      context.files.makeFolders(target.slice(0, target.lastIndexOf('/')));
      context.files.writeText(target, new TextDecoder().decode(course.read(lesson.name, path)), false);
    }
  });
}

/** Puts the cluster back; nothing of lessons is left. */
export async function end(learner: Learner, lesson: Lesson): Promise<void> {
  await takeAway(learner, await labOfLearner(learner), lesson);
}
