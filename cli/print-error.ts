import { catalogue } from '../errors/catalogue.ts';
import { exitCodes, type ExitCode } from '../errors/exit-codes.ts';
import { isUserError, type Problem } from '../errors/user-error.ts';
import type { Context } from '../platform/context.ts';
import { coloursFor, type Colours } from '../platform/terminal.ts';
import { problemText } from './problem-text.ts';

/**
 * Prints what was thrown, for people on standard error and, with --json, for programs on standard output.
 * @returns the exit code that belongs to it
 */
export function printError(context: Context, error: unknown): ExitCode {
  const problems = problemsOf(context, error);
  const exitCode = problems ? catalogue[problems[0].code].exitCode : exitCodes.bug;
  const colours = coloursFor(context.stderr, context.env, !context.argv.includes('--no-color'));
  context.stderr.write(problems ? forPeople(problems, colours) : bugReport(context, error));
  // Not the parsed flag: the command line itself may be what is wrong.
  if (context.argv.includes('--json')) {
    const detail = problems ? { problems } : { bug: messageOf(error) };
    context.stdout.write(`${JSON.stringify({ error: { exitCode, ...detail } }, undefined, 2)}\n`);
  }
  return exitCode;
}

function problemsOf(context: Context, error: unknown): readonly [Problem, ...Problem[]] | undefined {
  if (isUserError(error)) return error.problems;
  // Whatever broke off when the signal came did so because of it.
  return context.signal.aborted ? [{ code: 'INTERRUPTED', message: 'Interrupted' }] : undefined;
}

/** All problems as text, with their number at the end when there are several. */
function forPeople(problems: readonly [Problem, ...Problem[]], colours: Colours): string {
  if (problems[0].code === 'INTERRUPTED') return `${problems[0].message}\n`;
  const texts = problems.map((problem) => problemText(problem, colours.red('error'), colours));
  return texts.join('\n') + (problems.length > 1 ? `\n${String(problems.length)} problems\n` : '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function bugReport({ version, nodeVersion }: Context, error: unknown): string {
  return [
    'This is a bug in create-mesos-cluster, not a mistake of yours. Please report it with the lines below.',
    `create-mesos-cluster ${version}, Node.js ${nodeVersion}, ${process.platform} ${process.arch}`,
    messageOf(error),
    '',
  ].join('\n');
}
