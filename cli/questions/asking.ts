import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor, type PromptStreams } from '../../platform/terminal.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn, type CommandLine, type FlagUse } from '../command-line/command-line.ts';
import { flags } from '../command-line/flags.ts';
import { withoutColours } from './prompt-streams.ts';
import { locateByKey, locateSettings, settingsOf, withSettings } from '../command-line/spec-from-flags.ts';

/** Where questions are asked, and how they end early. */
export interface Asking {
  readonly context: Context;
  readonly line: CommandLine;
  readonly prompt: <Answer>(
    ask: (terminal: PromptStreams & { signal: AbortSignal }) => Promise<Answer>,
  ) => Promise<Answer>;
}

/** A question: what it adds to the flags that are known so far, nothing when it need not be asked. */
export type Question = (asking: Asking, uses: readonly FlagUse[]) => Promise<readonly FlagUse[]>;

/** Turns the library's errors at Ctrl-C into ours. */
export function prompter(context: Context, line: CommandLine): Asking['prompt'] {
  const coloured = coloursFor(context.stderr, context.env, !isOn(line, 'no-color')).bold('') !== '';
  return async (ask) => {
    const streams = context.openPrompts();
    try {
      return await ask({ ...(coloured ? streams : withoutColours(streams)), signal: context.signal });
    } catch (error) {
      const ended = error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name);
      throw ended ? new UserError({ code: 'INTERRUPTED', message: 'Interrupted: nothing was written' }) : error;
    }
  };
}

/** Choices whose descriptions are broken between words, which the prompts library would do within them. */
export function described<Choice extends { readonly description: string }>(
  choices: readonly Choice[],
  { output }: PromptStreams,
): readonly Choice[] {
  const columns = 'columns' in output && typeof output.columns === 'number' ? output.columns : 80;
  const line = new RegExp(`(.{1,${String(Math.max(20, columns - 1))}})(?: |$)`, 'g');
  return choices.map((choice) => ({ ...choice, description: choice.description.replace(line, '$1\n').trimEnd() }));
}

/** The plan of what is known so far; what is not asked yet has its default. */
export async function planOf(uses: readonly FlagUse[]): Promise<Plan> {
  const settings = settingsOf(uses);
  const spec = withSettings({ name: 'mesos-lab' }, settings);
  return (await preparePlan(spec, locateSettings(settings, locateByKey))).plan;
}

/** An answer as a use of its flag. */
export function use(name: string, text: string): FlagUse {
  const flag = flags.find((candidate) => candidate.name === name);
  if (flag === undefined) throw new Error(`there is no flag --${name}`);
  return { flag, text };
}

/** Whether one of these flags was given. */
export const isGiven = (uses: readonly FlagUse[], ...names: readonly string[]) =>
  uses.some(({ flag }) => names.includes(flag.name));

/** Uses nothing when the answer is what would be without it: then the command that repeats the answers stays short. */
export const unlessDefault = (name: string, answer: string, usual: string) =>
  answer === usual ? [] : [use(name, answer)];

/** As the prompts want the outcome of a check: `true`, or what is wrong. */
export function messageOf(error: UserError | undefined): true | string {
  if (error === undefined) return true;
  return error.problems.map(({ message, fix }) => (fix === undefined ? message : `${message} (${fix})`)).join('; ');
}
