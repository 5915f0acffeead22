import { resolve } from 'node:path';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { generateFiles } from '../../generators/generate-files.ts';
import type { LabRequest } from '../../lab/lab-request.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import type { Context } from '../../platform/context.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { specText } from '../../planning/spec-text/write-spec.ts';
import { isOn, specUses, textOf, type CommandLine, type FlagUse } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { mayAsk } from '../questions/interactive.ts';
import { folderNameProblem, nameOfFolder } from '../lab/lab-name.ts';
import { readSpecFile, specFileName, type WrittenSpec } from '../lab/read-spec.ts';
import { refuseSimulation } from '../lab/refuse-simulation.ts';
import {
  locateByKey,
  locateSettings,
  settingsOf,
  withSettings,
  type SpecSetting,
} from '../command-line/spec-from-flags.ts';
import { toolCopies } from '../lab/tool-copy.ts';
import { writeOrShow, type PreparedLab } from '../lab/write-or-show.ts';

/** What is known of the lab once every flag is read and every question answered. */
interface Wanted {
  /** As typed. */
  readonly folder: string;
  readonly uses: readonly FlagUse[];
  readonly confirm?: PreparedLab['confirm'];
}

/** `create`: writes a new lab, after asking for what no flag says. */
export const create: Command = async (context, line) => {
  await writeOrShow(context, line, await prepared(context, line));
  return exitCodes.ok;
};

async function prepared(context: Context, line: CommandLine): Promise<PreparedLab> {
  try {
    return await prepare(context, line);
  } catch (error) {
    const { withObstacles } = await import('../command-line/every-problem.ts');
    throw withObstacles(context, line, error);
  }
}

async function prepare(context: Context, line: CommandLine): Promise<PreparedLab> {
  const file = textOf(line, 'spec');
  const written = file === undefined ? undefined : await readSpecFile(context, file, settingsOf(specUses(line)));
  const wanted = mayAsk(context, line) ? await ask(context, line) : withoutAsking(line, written);
  const directory = resolve(context.cwd, wanted.folder);
  const { name, problems } = nameOf(directory, wanted, written);
  const settings = [...name, ...settingsOf(wanted.uses)];
  const spec = withSettings(written?.spec ?? { name: '' }, settings);
  const locate = locateSettings(settings, written?.locate ?? locateByKey);
  const { plan, warnings } = await preparePlan(spec, locate, problems);
  refuseSimulation(plan);
  recoverLab(context.files, directory);
  const content = written === undefined ? specText(spec) : await editedText(written, settings);
  const request: LabRequest = {
    directory,
    files: await generateFiles(plan),
    spec: { path: specFileName, content },
    replaceSpec: true,
    copies: toolCopies(context),
    toolVersion: context.version,
    force: isOn(line, 'force'),
    purpose: 'create',
  };
  return { plan, warnings, request, ...(wanted.confirm === undefined ? {} : { confirm: wanted.confirm }) };
}

async function ask(context: Context, line: CommandLine): Promise<Wanted> {
  const { askQuestions } = await import('../questions/questions.ts');
  return askQuestions(context, line);
}

/** @throws UserError USAGE_ARGUMENTS when nothing says where the lab shall be */
function withoutAsking(line: CommandLine, written: WrittenSpec | undefined): Wanted {
  const named = line.positionals[0] ?? textOf(line, 'name') ?? written?.spec.name;
  if (named === undefined && !isOn(line, 'yes')) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'No folder is named for the lab, and there is no terminal to ask on',
      allowed: 'DIRECTORY, --name NAME, or --yes for ./mesos-lab',
      fix: 'create-mesos-cluster my-lab',
    });
  }
  return { folder: named ?? 'mesos-lab', uses: specUses(line) };
}

/** Without --name and --spec the lab is called like its folder, if that can be the name of a lab. */
function nameOf(
  directory: string,
  { folder, uses }: Wanted,
  written: WrittenSpec | undefined,
): { readonly name: readonly SpecSetting[]; readonly problems: readonly Problem[] } {
  if (written !== undefined || uses.some(({ flag }) => flag.name === 'name')) return { name: [], problems: [] };
  const problem = folderNameProblem(directory, folder);
  const value = problem ? 'lab' : nameOfFolder(directory);
  return {
    name: [{ path: ['name'], value, place: { kind: 'path', path: folder } }],
    problems: problem ? [problem] : [],
  };
}

/** The text of the file that --spec names, with the flags in it: its comments stay. */
async function editedText({ text }: WrittenSpec, settings: readonly SpecSetting[]): Promise<string> {
  const { editSpecText, withNamesOfToday, withSchemaComment } = await import('../../planning/spec-text/edit-spec.ts');
  const current = withNamesOfToday(text);
  return withSchemaComment(settings.length === 0 ? current : editSpecText(current, settings));
}
