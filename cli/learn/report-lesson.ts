import { exitCodes } from '../../errors/exit-codes.ts';
import { currentCheck, progressOfCheck, type LessonProgress, type Progress } from '../../lessons/progress/progress.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import type { Context } from '../../platform/context.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { filesFolder, type Learner } from './learner.ts';
import type { LabThere } from '../running/lab-there.ts';
import { checksText, headingText, howFar, markdownText, paperOf, questionOf, questionText } from './lesson-words.ts';

/** The text of a lesson, but where the answer is for a program. */
export function showText({ context, line }: Learner, lesson: Lesson, { lab }: LabThere): void {
  if (isOn(line, 'json')) return;
  const paper = paperOf(context, line);
  context.stdout.write(`${headingText(lesson, paper)}${markdownText(lesson.text, lab, filesFolder(lesson), paper)}\n`);
}

/** What is reached, and what comes next. */
export function report({ context, line }: Learner, lesson: Lesson, progress: Progress): number {
  const entry = entryOf(progress, lesson);
  const next = currentCheck(lesson, entry);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify(reportData(lesson, entry), undefined, 2)}\n`);
  else {
    const paper = paperOf(context, line);
    const question = next === undefined ? undefined : questionOf(next);
    const done = `Done: ${lesson.title}. On with the next one: npm run learn -- next\n`;
    const asked = question === undefined ? '' : questionText(question, paper);
    context.stdout.write(`${checksText(lesson, entry, paper)}${next === undefined ? done : asked}`);
  }
  return exitCodes.ok;
}

export function entryOf({ started }: Progress, { name }: Lesson): LessonProgress {
  const entry = started[name];
  if (entry === undefined) throw new Error(`${name} was not started`);
  return entry;
}

const reportData = (lesson: Lesson, entry: LessonProgress) => ({
  ...{ lesson: lesson.name, title: lesson.title, reached: howFar(entry) },
  checks: lesson.checks.map(({ id, title, looks, hints }) => {
    const { passedAt, ...rest } = progressOfCheck(entry, id);
    const [first] = looks;
    const asks = first?.kind === 'answer' ? { question: first.value.question, choices: first.value.choices ?? [] } : {};
    return { id, title, ...asks, passed: passedAt !== undefined, ...rest, hintCount: hints.length };
  }),
});

interface Hints {
  readonly lesson: Lesson;
  readonly title: string;
  readonly hints: readonly string[];
  readonly more: number;
  readonly lab: LabThere;
}

export function printHints(context: Context, line: CommandLine, { lesson, title, hints, more, lab }: Hints): void {
  const paper = paperOf(context, line);
  const files = filesFolder(lesson);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ check: title, hints, more }, undefined, 2)}\n`);
  else {
    const texts = hints.map((each) => markdownText(each, lab.lab, files, paper)).join('');
    const rest = more > 0 ? `(${more} more)\n` : 'That was the last one: npm run learn -- solve does it for you.\n';
    context.stdout.write(`${paper.colours.bold(title)}\n${texts === '' ? 'There is no hint.\n' : texts}${rest}`);
  }
}
