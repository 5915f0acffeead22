import { input } from '@inquirer/prompts';
import { resolve } from 'node:path';
import { isUserError, UserError } from '../errors/user-error.ts';
import { checkFolder } from '../lab/check-folder.ts';
import { messageOf, type Asking } from './asking.ts';
import { isOn, textOf } from './command-line.ts';
import { folderNameProblem } from './lab-name.ts';

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
  const directory = resolve(context.cwd, typed);
  const nameProblem = textOf(line, 'name') === undefined ? folderNameProblem(directory, typed) : undefined;
  if (nameProblem) return new UserError(nameProblem);
  try {
    checkFolder(context.files, {
      directory,
      files: [],
      spec: { path: 'mesos-cluster.yaml', content: '' },
      replaceSpec: true,
      copies: [],
      toolVersion: context.version,
      force: isOn(line, 'force'),
      purpose: 'create',
    });
    return undefined;
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}
