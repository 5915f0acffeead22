import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { currentCheck, noProgress, progressOfCheck, withCheck } from '../../lessons/progress/progress.ts';
import { readProgress } from '../../lessons/progress/progress-file.ts';
import type { Lesson, LessonCheck } from '../../planning/lesson/lesson.ts';
import type { LessonList } from '../../protocol/learn-json.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { isLab } from '../lab/read-spec.ts';
import { begin, end } from './begin-lesson.ts';
import { lookAt, solve as solveCheck } from './check-lesson.ts';
import { currentLesson, labOfLearner, learnerOf, save, worldOf, type Learner } from './learner.ts';
import { howFar, listText, questionOf } from './lesson-words.ts';
import { allLessons, lessonNamed, openCourse } from './open-course.ts';
import { entryOf, printHints, report, showText } from './report-lesson.ts';

/** `learn`: the lessons, and how far one is; also without a lab. */
export const list: Command = (context, line) => {
  const directory = labDirectory(context, line);
  const progress = isLab(context, directory) ? readProgress(context.files, directory) : noProgress;
  const lessons = allLessons(openCourse(context, line, progress).course);
  if (isOn(line, 'json')) {
    const rows = lessons.map(({ name, title, minutes, summary, needs, checks }) => ({
      ...{ name, title, minutes, summary, needs, checks: checks.map((check) => check.title) },
      reached: howFar(progress.started[name]),
      ...(progress.started[name] === undefined ? {} : { progress: progress.started[name] }),
    }));
    const found: LessonList = { current: progress.current ?? null, lessons: rows };
    context.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  } else {
    const how =
      progress.current === undefined
        ? 'npm run learn -- start 1'
        : 'npm run learn -- check, hint, solve, reset or next';
    context.stdout.write(`${listText(lessons, progress)}${how}\n`);
  }
  return Promise.resolve(exitCodes.ok);
};

/** `learn start N|NAME` */
export const start: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const [, word] = line.positionals;
  if (word === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'learn start needs the number or the name of a lesson',
      fix: 'npm run learn -- start 1',
    });
  }
  return startLesson(learner, lessonNamed(learner.open.course, word));
};

async function startLesson(learner: Learner, lesson: Lesson): Promise<number> {
  const { progress, lab } = await begin(learner, lesson);
  showText(learner, lesson, lab);
  return report(learner, lesson, progress, lab);
}

/** `learn text`: the text of the lesson once more. */
export const text: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const { lesson } = currentLesson(learner);
  const lab = await labOfLearner(learner);
  showText(learner, lesson, lab);
  return report(learner, lesson, learner.progress, lab);
};

/** What is looked at next, with all that is needed for it; undefined: all is reached. */
async function nextCheck(learner: Learner) {
  const { lesson, entry } = currentLesson(learner);
  const check = currentCheck(lesson, entry);
  if (check === undefined) return { lesson, check };
  const lab = await labOfLearner(learner);
  return { lesson, check, lab, world: worldOf(learner, lab, lesson, entry) };
}

/** `learn check`: looks at one check after the other, until one is not so. Exit code 6 then. */
export const check: Command = async (context, line) => checkOn(learnerOf(context, line));

async function checkOn(learner: Learner): Promise<number> {
  const found = await nextCheck(learner);
  if (found.check === undefined) return report(learner, found.lesson, learner.progress);
  const { lesson, check: looked, world } = found;
  if (questionOf(looked) !== undefined && world.given === undefined) {
    report(learner, lesson, learner.progress);
    return exitCodes.verification;
  }
  const { progress, seen } = await lookAt(learner, { lesson, check: looked, world });
  if (seen.ok) return checkOn({ ...learner, progress });
  report(learner, lesson, progress);
  wrongAnswer(learner, looked, seen.seen);
  return exitCodes.verification;
}

function wrongAnswer({ context, line }: Learner, looked: LessonCheck, seen: string): void {
  if (questionOf(looked) !== undefined && !isOn(line, 'json')) context.stdout.write(`   ${seen}\n`);
}

/** `learn answer WORD…`: answers the question that is asked, and looks on. */
export const answer: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const { lesson, entry } = currentLesson(learner);
  const asked = currentCheck(lesson, entry);
  const [, ...words] = line.positionals;
  if (asked === undefined || questionOf(asked) === undefined || words.length === 0) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: words.length === 0 ? 'learn answer needs the answer' : 'No question is asked now',
      fix: words.length === 0 ? 'npm run learn -- answer a' : 'npm run learn -- check says what comes next',
    });
  }
  const progress = withCheck(learner.progress, { lesson, check: asked.id }, (before) => ({
    ...before,
    answer: words.join(' '),
  }));
  save(learner, progress);
  return checkOn({ ...learner, progress });
};

/** `learn hint`: one hint more of the check that comes next. */
export const hint: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const found = await nextCheck(learner);
  if (found.check === undefined) return report(learner, found.lesson, learner.progress);
  const { lesson, check: asked, lab } = found;
  const shown = Math.min(asked.hints.length, progressOfCheck(entryOf(learner.progress, lesson), asked.id).hints + 1);
  save(
    learner,
    withCheck(learner.progress, { lesson, check: asked.id }, (before) => ({ ...before, hints: shown })),
  );
  printHints(context, line, {
    lesson,
    hints: asked.hints.slice(0, shown),
    more: asked.hints.length - shown,
    lab,
    title: asked.title,
  });
  return exitCodes.ok;
};

/** `learn solve`: does what comes next. */
export const solve: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const found = await nextCheck(learner);
  if (found.check === undefined) return report(learner, found.lesson, learner.progress);
  const { lesson, check: solved, world } = found;
  const { progress, seen } = await solveCheck(learner, { lesson, check: solved, world });
  report(learner, lesson, progress);
  return seen.ok ? exitCodes.ok : exitCodes.verification;
};

/** `learn reset`: back to the start of the lesson. */
export const reset: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const { lesson } = currentLesson(learner);
  const { progress } = await begin(learner, lesson);
  return report(learner, lesson, progress);
};

/** `learn next`: the lesson behind this one; behind the last one there is nothing, and the cluster is as before. */
export const next: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const { course } = learner.open;
  const { current } = learner.progress;
  const name = course.folders[current === undefined ? 0 : course.folders.indexOf(current) + 1];
  if (name !== undefined) return startLesson(learner, lessonNamed(course, name));
  const { lesson } = currentLesson(learner);
  await end(learner, lesson);
  if (!isOn(line, 'json')) context.stdout.write('That was the last lesson. What lessons have made is removed.\n');
  return list(context, line);
};
