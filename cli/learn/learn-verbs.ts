import { resolve } from 'node:path';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { lessonSchemaFile } from '../../lessons/source/course.ts';
import { lessonsIn } from '../../lessons/source/read-course.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { answer, check, hint, list, next, reset, solve, start, text } from './learn-lessons.ts';
import { courseAt, goodLessons } from './open-course.ts';
import { exportBundle } from './teacher/export.ts';
import { grade } from './teacher/grade.ts';
import { report } from './teacher/report.ts';

/** `learn lint DIR`: all mistakes of all lessons in a folder. */
const lint: Command = (context, line) => {
  const [, folder] = line.positionals;
  if (folder === undefined) throw tooFew('lint', 'a folder with lessons: learn lint lessons');
  const lessons = goodLessons(lessonsIn(courseAt(context, resolve(context.cwd, folder))));
  const names = lessons.map(({ name }) => name);
  const words = `${lessons.length} ${lessons.length === 1 ? 'lesson is' : 'lessons are'} as they should be\n`;
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify({ lessons: names }, undefined, 2)}\n` : words);
  return Promise.resolve(exitCodes.ok);
};

/** `learn schema`: the JSON Schema of lesson.yaml. */
const schema: Command = ({ stdout }) => {
  stdout.write(`${JSON.stringify(JSON.parse(lessonSchemaFile()), undefined, 2)}\n`);
  return Promise.resolve(exitCodes.ok);
};

/** With how many words behind each of them, at most. */
const verbs: Readonly<Record<string, { readonly most: number; readonly run: Command }>> = {
  start: { most: 1, run: start },
  check: { most: 0, run: check },
  answer: { most: Infinity, run: answer },
  hint: { most: 0, run: hint },
  solve: { most: 0, run: solve },
  reset: { most: 0, run: reset },
  next: { most: 0, run: next },
  text: { most: 0, run: text },
  report: { most: 0, run: report },
  grade: { most: Infinity, run: grade },
  export: { most: 1, run: exportBundle },
  lint: { most: 1, run: lint },
  schema: { most: 0, run: schema },
};

/** What a learner says. */
const learnerWords = ['start', 'check', 'answer', 'hint', 'solve', 'reset', 'next', 'text'];

/** Flags that only some words take; '' is the list of lessons. */
const wordsOfFlags: Readonly<Record<string, readonly string[]>> = {
  lessons: ['', ...learnerWords, 'report', 'grade', 'export'],
  timeout: learnerWords,
  learner: ['report'],
  junit: ['report'],
  html: ['report', 'grade'],
  csv: ['grade'],
  images: ['export'],
  'without-answers': ['export'],
};

/** @throws UserError USAGE_UNKNOWN_FLAG for all flags that a word does not take */
function checkFlags({ positionals: [word = ''], uses }: CommandLine): void {
  const [first, ...more] = uses.flatMap(({ flag: { name } }): readonly Problem[] => {
    const words = wordsOfFlags[name];
    if (words === undefined || words.includes(word)) return [];
    return [
      {
        ...{ code: 'USAGE_UNKNOWN_FLAG', message: `${`learn ${word}`.trim()} does not take --${name}` },
        place: { kind: 'flag', flag: `--${name}` },
        ...{ allowed: `with ${words.map((each) => `learn ${each}`.trim()).join(', ')}`, fix: 'Leave it out' },
      },
    ];
  });
  if (first !== undefined) throw new UserError(first, ...more);
}

/**
 * What the first word behind `learn` does.
 * @throws UserError USAGE_ARGUMENTS for a word that it does not know, USAGE_UNKNOWN_FLAG for flags that are for others
 */
export function learnVerb(line: CommandLine): Command {
  const [word, ...rest] = line.positionals;
  if (word === undefined || Object.hasOwn(verbs, word)) checkFlags(line);
  if (word === undefined) return list;
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (verb === undefined) {
    const near = /^\d+$/.test(word) ? `start ${word}` : nearest(word, Object.keys(verbs));
    throw new UserError({
      ...{
        code: 'USAGE_ARGUMENTS',
        message: `learn does not know ${word}`,
        found: word,
        allowed: Object.keys(verbs).join(', '),
      },
      fix: near === undefined ? '`learn` lists the lessons' : `create-mesos-cluster learn ${near}`,
    });
  }
  if (rest.length <= verb.most) return verb.run;
  throw new UserError({
    ...{
      code: 'USAGE_ARGUMENTS',
      message: `learn ${word} takes ${verb.most === 0 ? 'nothing' : 'one word'}`,
      found: rest.join(' '),
    },
    fix: `create-mesos-cluster learn ${word}`,
  });
}

const tooFew = (word: string, fix: string) =>
  new UserError({ code: 'USAGE_ARGUMENTS', message: `learn ${word} needs a word`, fix });
