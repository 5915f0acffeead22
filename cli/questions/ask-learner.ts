import { input } from '@inquirer/prompts';
import { lineProblem } from '../../planning/lesson/one-line.ts';
import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { prompter } from './asking.ts';

/** Asks for the name that a report shall have. @param usual what Enter says */
export const askLearner = (context: Context, line: CommandLine, usual: string): Promise<string> =>
  prompter(
    context,
    line,
  )((terminal) =>
    input(
      { message: 'Your name, for your teacher', default: usual, validate: (typed) => lineProblem(typed) ?? true },
      terminal,
    ),
  );
