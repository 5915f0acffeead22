import { exitCodes } from '../../errors/exit-codes.ts';
import { currentCheck, progressOfCheck, type LessonProgress, type Progress } from '../../lessons/progress/progress.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { fillIn } from '../../lessons/text/placeholders.ts';
import { readText } from '../../lessons/text/read-text.ts';
import type { Context } from '../../platform/context.ts';
import type { LessonReport } from '../../protocol/learn-json.ts';
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

/**
 * What is reached, and what comes next.
 * @param lab with it a program is told the text, too, and the hints that were shown
 */
export function report({ context, line }: Learner, lesson: Lesson, progress: Progress, lab?: LabThere): number {
  const entry = entryOf(progress, lesson);
  const next = currentCheck(lesson, entry);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify(reportData(lesson, entry, lab), undefined, 2)}\n`);
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

function reportData(lesson: Lesson, entry: LessonProgress, lab: LabThere | undefined): LessonReport {
  const textsOf = (markdown: string, { lab: { target, plan } }: LabThere) =>
    readText(fillIn(markdown, target, plan, filesFolder(lesson)));
  return {
    ...{ lesson: lesson.name, title: lesson.title, reached: howFar(entry) },
    ...(lab === undefined ? {} : { text: textsOf(lesson.text, lab) }),
    checks: lesson.checks.map((check) => {
      const { id, title, hints } = check;
      const { passedAt, ...rest } = progressOfCheck(entry, id);
      const asked = questionOf(check);
      const asks = asked === undefined ? {} : { question: asked.question, choices: asked.choices ?? [] };
      const shown = hints.slice(0, rest.hints);
      const texts = lab === undefined ? {} : { hintTexts: shown.map((hint) => textsOf(hint, lab)) };
      return { id, title, ...asks, passed: passedAt !== undefined, ...rest, hintCount: hints.length, ...texts };
    }),
  };
}

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
