import { resolve } from 'node:path';
import { isUserError, type Problem } from '../../errors/user-error.ts';
import { checkFolder } from '../../lab/check-folder.ts';
import type { Context } from '../../platform/context.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import { folderNameProblem } from './lab-name.ts';
import { specFileName } from './read-spec.ts';

/**
 * Why no lab can be written to a folder; empty if one can.
 *
 * @param folder relative to the current one
 */
export function folderProblems(context: Context, line: CommandLine, folder: string): readonly Problem[] {
  const isNamed = textOf(line, 'name') !== undefined || textOf(line, 'spec') !== undefined;
  const nameProblem = isNamed ? undefined : folderNameProblem(resolve(context.cwd, folder), folder);
  return [...(nameProblem ? [nameProblem] : []), ...obstacles(context, line, folder)];
}

/** What is in the way of a lab, whatever it is called. */
export function obstacles(context: Context, line: CommandLine, folder: string): readonly Problem[] {
  try {
    checkFolder(context.files, {
      directory: resolve(context.cwd, folder),
      files: [],
      spec: { path: specFileName, content: '' },
      replaceSpec: true,
      copies: [],
      toolVersion: context.version,
      force: isOn(line, 'force'),
      purpose: 'create',
    });
    return [];
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
}
