import type { ExitCode } from '../errors/exit-codes.ts';
import type { Context } from '../platform/context.ts';
import type { CommandLine } from './command-line.ts';

/** What a verb does: prints on the context's streams, returns the exit code, throws UserError for the user's mistakes. */
export type Command = (context: Context, line: CommandLine) => Promise<ExitCode>;
