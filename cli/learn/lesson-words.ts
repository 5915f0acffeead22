import { fillIn } from '../../lessons/text/placeholders.ts';
import { terminalText } from '../../lessons/text/terminal-text.ts';
import { choiceLetter, type Question } from '../../lessons/looks/look-at-answer.ts';
import { currentCheck, progressOfCheck, type LessonProgress, type Progress } from '../../lessons/progress/progress.ts';
import type { Lesson, LessonCheck } from '../../planning/lesson/lesson.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor, type Colours } from '../../platform/terminal.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { table } from '../printing/table.ts';

const usualColumns = 80;

/** How texts of lessons are shown on standard output. */
export interface LessonPaper {
  readonly colours: Colours;
  readonly width: number;
}

export function paperOf({ stdout, env }: Pick<Context, 'stdout' | 'env'>, line: CommandLine): LessonPaper {
  return { colours: coloursFor(stdout, env, !isOn(line, 'no-color')), width: stdout.columns ?? usualColumns };
}

/** Markdown of a lesson, for the terminal and for this lab. */
export const markdownText = (
  markdown: string,
  { plan, target }: Pick<RunningLab, 'plan' | 'target'>,
  files: string,
  paper: LessonPaper,
): string => terminalText(fillIn(markdown, target, plan, files), paper);

const titleOf = ({ name, title, minutes }: Lesson) => `${Number(name.slice(0, 2))}. ${title} (${minutes} min)`;

export const headingText = (lesson: Lesson, { colours }: LessonPaper): string => `${colours.bold(titleOf(lesson))}\n\n`;

/** How far a lesson is: `2 of 4`, `done`; empty: it was not started. */
export function howFar(entry: LessonProgress | undefined): string {
  if (entry === undefined) return '';
  const reached = Object.values(entry.checks).filter(({ passedAt }) => passedAt !== undefined).length;
  if (reached >= entry.checkCount) return 'done';
  return entry.passedAt === undefined
    ? `${reached} of ${entry.checkCount}`
    : `done; again ${reached} of ${entry.checkCount}`;
}

/** The lessons of a course with progress. */
export function listText(lessons: readonly Lesson[], { current, started }: Progress): string {
  const rows = lessons.map((lesson) => [
    lesson.name === current ? '>' : '',
    String(Number(lesson.name.slice(0, 2))),
    lesson.title,
    `${lesson.minutes} min`,
    howFar(started[lesson.name]),
  ]);
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
  const done = lessons.filter(({ name }) => started[name]?.passedAt !== undefined).length;
  const hours = minutes < 90 ? `${minutes} minutes` : `${(minutes / 60).toFixed(1)} hours`;
  return `${table(['', 'NO', 'LESSON', 'TIME', 'REACHED'], rows)}\n${done} of ${lessons.length} lessons done; all of them take about ${hours}.\n`;
}

/** The checks of a lesson: what is reached, what comes next, and what was seen of it. */
export function checksText(lesson: Lesson, entry: LessonProgress, { colours }: LessonPaper): string {
  const next = currentCheck(lesson, entry);
  return lesson.checks
    .map((check) => {
      const { passedAt, seen } = progressOfCheck(entry, check.id);
      if (passedAt !== undefined) return ` ${colours.green('✓')} ${check.title}\n`;
      if (check !== next) return ` ${colours.dim('·')} ${colours.dim(check.title)}\n`;
      const line = seen === undefined || check.looks[0]?.kind === 'answer' ? '' : `     ${colours.dim(seen)}\n`;
      return ` ${colours.cyan('▸')} ${check.title}\n${line}`;
    })
    .join('');
}

/** The question of a check, if it asks one. */
export function questionOf({ looks: [first] }: LessonCheck): Question | undefined {
  return first?.kind === 'answer' ? first.value : undefined;
}

export function questionText({ question, choices = [] }: Question, { colours }: LessonPaper): string {
  const letters = choices.map((choice, index) => `   ${colours.bold(choiceLetter(index))}  ${choice}\n`).join('');
  return `\n ${question}\n${letters}   npm run learn -- answer ${choices.length === 0 ? 'WORD' : choiceLetter(0)}\n`;
}
