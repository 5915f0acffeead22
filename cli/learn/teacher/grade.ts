import { resolve } from 'node:path';
import { exitCodes } from '../../../errors/exit-codes.ts';
import { UserError, type Problem } from '../../../errors/user-error.ts';
import { gradeRoom, type Room } from '../../../lessons/report/grade.ts';
import { readReport, type ReadReport } from '../../../lessons/report/read-report.ts';
import { roomCsv } from '../../../lessons/report/room-csv.ts';
import { roomPage } from '../../../lessons/report/room-page.ts';
import { markLegend, standingMark } from '../../../lessons/report/standing.ts';
import type { Context } from '../../../platform/context.ts';
import { isOn, textOf } from '../../command-line/command-line.ts';
import type { Command } from '../../command-line/command.ts';
import { problemText } from '../../printing/problem-text.ts';
import { coloursFor } from '../../../platform/terminal.ts';
import { table } from '../../printing/table.ts';
import { allLessons, openCourse } from '../open-course.ts';
import { noProgress } from '../../../lessons/progress/progress.ts';
import { writeText } from './report.ts';

/**
 * `learn grade FILES…`: the table of a room. What cannot be graded is named and left out, with exit code 6; the rest is
 * graded all the same. @throws UserError LEARN_REPORT when nothing can be graded
 */
export const grade: Command = (context, line) => {
  const [, ...names] = line.positionals;
  if (names.length === 0) {
    throw new UserError({
      ...{ code: 'USAGE_ARGUMENTS', message: 'learn grade needs reports' },
      ...{
        allowed: 'files of `learn report --json`, or folders with them',
        fix: 'create-mesos-cluster learn grade reports/',
      },
    });
  }
  const outline =
    textOf(line, 'lessons') === undefined ? undefined : allLessons(openCourse(context, line, noProgress).course);
  const courseOutline = outline?.map(({ name, title, checks }) => ({ lesson: name, title, checks }));
  const room = gradeRoom(
    names.flatMap((name) => readFiles(context, name)),
    courseOutline,
  );
  const [first, ...more] = room.problems;
  if (room.rows.length === 0 && first !== undefined) throw new UserError(first, ...more);
  writeText(context, line, 'csv', () => roomCsv(room));
  writeText(context, line, 'html', () => roomPage(room));
  context.stdout.write(
    isOn(line, 'json') ? `${JSON.stringify({ format: 1, ...room }, undefined, 2)}\n` : roomText(room),
  );
  const colours = coloursFor(context.stderr, context.env, !isOn(line, 'no-color'));
  for (const problem of room.problems) context.stderr.write(problemText(problem, colours.red('not graded'), colours));
  return Promise.resolve(first === undefined ? exitCodes.ok : exitCodes.verification);
};

/** One report; or those of a folder, which are its files NAME.json. */
function readFiles({ files, cwd }: Context, name: string): readonly ReadReport[] {
  const path = resolve(cwd, name);
  const names = files.list(path);
  if (names === undefined) return [readFile(files, path, name)];
  const inside = names.filter((each) => /\.json$/i.test(each));
  if (inside.length === 0) return [noReport(name, 'There is no report in this folder', 'files NAME.json')];
  return inside.map((each) => readFile(files, `${path}/${each}`, `${name.replace(/\/+$/, '')}/${each}`));
}

function readFile(files: Context['files'], path: string, file: string): ReadReport {
  if (files.kindOf(path) === undefined)
    return noReport(file, 'There is no such file', 'a file of `learn report --json`');
  try {
    return readReport({ file, bytes: files.readBytes(path) });
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return noReport(file, `The file cannot be read: ${found}`, 'a file of `learn report --json`');
  }
}

const noReport = (path: string, message: string, allowed: string): ReadReport => {
  const problem: Problem = { code: 'LEARN_REPORT', message, place: { kind: 'path', path }, allowed };
  return { kind: 'problem', problem: { ...problem, fix: 'Check the name' } };
};

function roomText({ lessons, rows }: Room): string {
  const numbers = lessons.map(({ lesson }) => String(Number(lesson.slice(0, 2))));
  const lines = rows.map(({ learner, standings, passed, reached, hints, solved }) => [
    ...[learner, ...standings.map(standingMark)],
    ...[passed, reached, hints, solved].map(String),
  ]);
  const last = ['passed by', ...lessons.map(({ passedBy }) => String(passedBy))];
  const titles = lessons.map(({ title }, index) => `  ${numbers[index] ?? ''}. ${title}\n`).join('');
  const head = ['LEARNER', ...numbers, 'PASSED', 'REACHED', 'HINTS', 'SOLVED'];
  return `${table(head, [...lines, last])}\n${titles}${markLegend}\n`;
}
