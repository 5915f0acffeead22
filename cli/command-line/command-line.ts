import type { Flag } from './flag.ts';
import type { Verb } from './verbs.ts';

/** One use of a flag. Answers to questions are uses too, so that flags and answers cannot mean different things. */
export interface FlagUse {
  readonly flag: Flag;
  /** The value as typed; `true` or `false` for a switch. */
  readonly text: string;
}

/** A command line that parses; whether its values fit together is not known yet. */
export interface CommandLine {
  readonly verb: Verb;
  /** What is neither a flag nor the verb. */
  readonly positionals: readonly string[];
  readonly uses: readonly FlagUse[];
}

/** Whether a switch is on. */
export function isOn(line: CommandLine, name: string): boolean {
  return line.uses.findLast(({ flag }) => flag.name === name)?.text === 'true';
}

/** The value of a flag, if it was given. */
export function textOf(line: CommandLine, name: string): string | undefined {
  return line.uses.findLast(({ flag }) => flag.name === name)?.text;
}

/** The flags that say something about the cluster. */
export function specUses({ verb, uses }: CommandLine): readonly FlagUse[] {
  return uses.filter(({ flag }) => flag.read !== undefined && flag.steers?.[verb] === undefined);
}
