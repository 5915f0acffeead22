import { input } from '@inquirer/prompts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { homeFolder } from '../../platform/files/home-folder.ts';
import { messageOf, type Asking } from './asking.ts';
import { textOf } from '../command-line/command-line.ts';
import { folderProblems } from '../lab/folder-problems.ts';

/** Asks for the folder; only one that a lab can be written to is an answer. */
export async function askFolder(asking: Asking): Promise<string> {
  const { env } = asking.context;
  const answer = await asking.prompt((terminal) =>
    input(
      {
        message: 'Folder of the new lab',
        default: textOf(asking.line, 'name') ?? 'mesos-lab',
        validate: (typed) => messageOf(problemOfFolder(asking, underHome(typed, env))),
      },
      terminal,
    ),
  );
  return underHome(answer, env);
}

/** `~` and `~/labs` as a shell would take them: here is none. */
export function underHome(typed: string, env: Context['env']): string {
  return typed.replace(/^~(?=\/|$)/, () => homeFolder(env) ?? '~');
}

/** Why no lab can be written to a folder (relative to the current one), or undefined if one can. */
export function problemOfFolder({ context, line }: Asking, typed: string): UserError | undefined {
  const [first, ...more] = folderProblems(context, line, typed);
  return first && new UserError(first, ...more);
}
