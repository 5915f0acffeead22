import type { Context } from '../../platform/context.ts';
import type { CommandLine } from './command-line.ts';

/**
 * What a verb does: prints on the context's streams, returns the exit code (one of ours, or that of a program that was
 * run for the user), throws UserError for what the user can mend.
 */
export type Command = (context: Context, line: CommandLine) => Promise<number>;
