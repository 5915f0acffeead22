import { input } from '@inquirer/prompts';
import { UserError } from '../errors/user-error.ts';
import { messageOf, type Asking } from './asking.ts';
import { textOf } from './command-line.ts';
import { folderProblems } from './folder-problems.ts';

/** Asks for the folder; only one that a lab can be written to is an answer. */
export function askFolder(asking: Asking): Promise<string> {
  return asking.prompt((terminal) =>
    input(
      {
        message: 'Folder of the new lab',
        default: textOf(asking.line, 'name') ?? 'mesos-lab',
        validate: (typed) => messageOf(problemOfFolder(asking, typed)),
      },
      terminal,
    ),
  );
}

/** Why no lab can be written to a folder (relative to the current one), or undefined if one can. */
export function problemOfFolder({ context, line }: Asking, typed: string): UserError | undefined {
  const [first, ...more] = folderProblems(context, line, typed);
  return first && new UserError(first, ...more);
}
