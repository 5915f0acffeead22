import { resolve } from 'node:path';
import { exitCodes } from '../../../errors/exit-codes.ts';
import { UserError } from '../../../errors/user-error.ts';
import { explainingFailures } from '../../../lab/write-failure.ts';
import { reportOf } from '../../../lessons/report/make-report.ts';
import { reportJunit } from '../../../lessons/report/report-junit.ts';
import { reportPage } from '../../../lessons/report/report-page.ts';
import { minutesTaken, standingOf, standingText } from '../../../lessons/report/standing.ts';
import { lineProblem } from '../../../planning/lesson/one-line.ts';
import type { LearnReport } from '../../../planning/lesson/report-shape.ts';
import type { Context } from '../../../platform/context.ts';
import { userAtHost } from '../../../platform/user-at-host.ts';
import { isOn, textOf, type CommandLine } from '../../command-line/command-line.ts';
import type { Command } from '../../command-line/command.ts';
import { readLabSpec } from '../../lab/read-spec.ts';
import { table } from '../../printing/table.ts';
import { mayAsk } from '../../questions/interactive.ts';
import { learnerOf, save, type Learner } from '../learner.ts';
import { allLessons } from '../open-course.ts';

/** `learn report`: what a learner did in this lab, for a teacher; also of a lab that does not run. */
export const report: Command = async (context, line) => {
  const learner = learnerOf(context, line);
  const lessons = allLessons(learner.open.course);
  const { spec } = await readLabSpec(context, learner.directory);
  const name = await nameOf(learner);
  const written = reportOf(lessons, learner.progress, {
    ...{ learner: name, lab: spec.name, version: context.version },
    writtenAt: new Date().toISOString(),
  });
  writeText(context, line, 'junit', () => reportJunit(written));
  writeText(context, line, 'html', () => reportPage(written));
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify(written, undefined, 2)}\n` : reportText(written));
  return exitCodes.ok;
};

/** As --learner says, which is kept, or as it was said before; else a person is asked once. */
async function nameOf(learner: Learner): Promise<string> {
  const { context, line, progress } = learner;
  const typed = textOf(line, 'learner');
  const known = typed ?? progress.learner;
  if (known === undefined && !mayAsk(context, line)) return userAtHost();
  const asked =
    known ?? (await (await import('../../questions/ask-learner.ts')).askLearner(context, line, userAtHost()));
  const name = asked.trim();
  const problem = lineProblem(name);
  if (problem !== undefined) {
    throw new UserError({
      ...{ code: 'USAGE_FLAG_VALUE', message: '--learner does not take this value' },
      place: { kind: 'flag', flag: '--learner' },
      ...{ found: name, allowed: problem, fix: 'npm run learn -- report --learner "Ada Lovelace"' },
    });
  }
  if (name !== progress.learner) save(learner, { ...progress, learner: name });
  return name;
}

/** Writes the file that a flag names, if it was given. @throws UserError MACHINE_NOT_WRITABLE */
export function writeText({ cwd, files }: Context, line: CommandLine, flag: string, text: () => string): void {
  const name = textOf(line, flag);
  if (name === undefined) return;
  explainingFailures(name, `What --${flag} says is not written`, () => {
    files.writeText(resolve(cwd, name), text(), false);
  });
}

function reportText({ learner, lessons }: LearnReport): string {
  const rows = lessons.map((lesson) => {
    const standing = standingOf(lesson);
    const minutes = minutesTaken(lesson);
    return [
      ...[String(Number(lesson.lesson.slice(0, 2))), lesson.title, standingText(standing)],
      ...[standing.attempts === 0 ? '' : String(standing.attempts), minutes === undefined ? '' : `${minutes} min`],
    ];
  });
  const passed = lessons.filter((lesson) => standingOf(lesson).state === 'passed').length;
  const how = 'For your teacher: npm run --silent learn -- report --json > NAME.json';
  return `${learner}: ${passed} of ${lessons.length} lessons passed\n${table(['NO', 'LESSON', 'REACHED', 'ATTEMPTS', 'TOOK'], rows)}${how}\n`;
}
