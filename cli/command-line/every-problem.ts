import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { allProblems } from '../../planning/spec-text/all-problems.ts';
import { specUses, textOf, type CommandLine } from './command-line.ts';
import { folderProblems, obstacles } from '../lab/folder-problems.ts';
import type { ParsedCommandLine } from './parse-command-line.ts';
import { specToShow } from '../lab/plan-source.ts';
import { readSpecFile } from '../lab/read-spec.ts';
import { locateByKey, locateSettings, settingsOf, withSettings } from './spec-from-flags.ts';

/*
 * Who has one problem is told of all others as well, as far as they can be known. Loaded only when there is one.
 */

/** The problems of a command line, with those of the flags that do parse, of the spec they go over, and of the folder. */
export async function everyProblem(
  context: Context,
  { line, problems, unread }: ParsedCommandLine,
): Promise<UserError> {
  const isBaseUnknown = problems.some(
    ({ code, place }) =>
      code === 'USAGE_UNKNOWN_VERB' || (place?.kind === 'flag' && /^--(?:spec|lab)$/.test(place.flag)),
  );
  const more = isBaseUnknown ? [] : await furtherProblems(context, line, unread);
  const [first, ...rest] = [...problems, ...more];
  if (first === undefined) throw new Error('there is no problem');
  return new UserError(first, ...rest);
}

async function furtherProblems(
  context: Context,
  line: CommandLine,
  unread: ParsedCommandLine['unread'],
): Promise<readonly Problem[]> {
  // Standard input can be waited for in vain.
  if (textOf(line, 'spec') === '-') return [];
  if (line.verb === 'create') {
    const folder = line.positionals[0];
    const inTheWay = folder === undefined || folder === '' ? [] : folderProblems(context, line, folder);
    return [...inTheWay, ...(await problemsOf(() => problemsOfNewLab(context, line, unread)))];
  }
  if (line.verb !== 'plan' && line.verb !== 'explain') return [];
  const found = await problemsOf(async () => {
    const { spec, locate } = await specToShow(context, line);
    return allProblems(spec, locate, unread);
  });
  return found.filter(({ code }) => code !== 'USAGE_NOT_A_LAB');
}

async function problemsOfNewLab(
  context: Context,
  line: CommandLine,
  unread: ParsedCommandLine['unread'],
): Promise<readonly Problem[]> {
  const settings = settingsOf(specUses(line));
  const file = textOf(line, 'spec');
  const written = file === undefined ? undefined : await readSpecFile(context, file, settings);
  const spec = withSettings(written?.spec ?? { name: 'lab' }, settings);
  return allProblems(spec, locateSettings(settings, written?.locate ?? locateByKey), unread);
}

async function problemsOf(find: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await find();
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
}

/** What was thrown before a lab was written; problems of a spec with what is in the way of its folder. */
export function withObstacles(context: Context, line: CommandLine, error: unknown): unknown {
  const folder = line.positionals[0] ?? textOf(line, 'name');
  if (!isUserError(error) || folder === undefined || !error.problems[0].code.startsWith('SPEC_')) return error;
  return new UserError(...error.problems, ...obstacles(context, line, folder));
}
