import { confirm } from '@inquirer/prompts';
import type { Context } from '../../platform/context.ts';
import { askFolder, problemOfFolder } from './ask-folder.ts';
import { askAddons, askImageSet, askMachines } from './ask-services.ts';
import { askAgents, askMasters, askPreset } from './ask-size.ts';
import { planOf, prompter, type Asking } from './asking.ts';
import { specUses, type CommandLine, type FlagUse } from '../command-line/command-line.ts';
import { repeatCommand } from '../command-line/repeat-command.ts';
import { interestingTree } from '../lab/report-lab.ts';
import type { PreparedLab } from '../lab/write-or-show.ts';

/** What the questions came to. An answer is a use of the flag that would have made the question needless. */
export interface Answers {
  /** As typed. */
  readonly folder: string;
  readonly uses: readonly FlagUse[];
  /** The last question. */
  readonly confirm: NonNullable<PreparedLab['confirm']>;
}

/**
 * Asks at most eight questions, and only what no flag answered.
 * @throws UserError INTERRUPTED at Ctrl-C; the problems of the flags that were given, before the first question
 */
export async function askQuestions(context: Context, line: CommandLine): Promise<Answers> {
  const asking: Asking = { context, line, prompt: prompter(context, line) };
  let uses = specUses(line);
  await planOf(uses);
  const folder = line.positionals[0] ?? (await askFolder(asking));
  const folderProblem = problemOfFolder(asking, folder);
  if (folderProblem) throw folderProblem;
  for (const question of [askPreset, askMasters, askAgents, askImageSet, askAddons, askMachines]) {
    uses = [...uses, ...(await question(asking, uses))];
  }
  return { folder, uses, confirm: confirmer(asking, folder, uses) };
}

/** Shows what would be written, and asks for it; whatever the answer, says how to do without the questions. */
function confirmer({ context, prompt }: Asking, folder: string, uses: readonly FlagUse[]): Answers['confirm'] {
  return async (comparison) => {
    context.stderr.write(interestingTree(comparison));
    const answer = await prompt((terminal) => confirm({ message: 'Write these files?', default: true }, terminal));
    context.stderr.write(`To skip the questions next time: ${repeatCommand(folder, uses, context)}\n`);
    return answer;
  };
}
