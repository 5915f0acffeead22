import { catalogue } from '../../errors/catalogue.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { isUserError, type Place, type Problem } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor, type Colours } from '../../platform/terminal.ts';
import { problemText } from './problem-text.ts';

/**
 * Prints what was thrown, for people on standard error and, with --json, for programs on standard output.
 * @returns the exit code that belongs to it
 */
export function printError(context: Context, error: unknown): ExitCode {
  const problems = problemsOf(context, error);
  const exitCode = problems ? catalogue[problems[0].code].exitCode : exitCodes.bug;
  const colours = coloursFor(context.stderr, context.env, !context.argv.includes('--no-color'));
  context.stderr.write(problems ? forPeople(problems, context.argv, colours) : bugReport(context, error));
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

/** More of them help nobody. */
const mostShown = 50;

/** All problems as text in the order of their places, with their number at the end when there are several. */
function forPeople(problems: readonly [Problem, ...Problem[]], argv: readonly string[], colours: Colours): string {
  if (problems[0].code === 'INTERRUPTED') return `${problems[0].message}\n`;
  const sorted = problems.toSorted((a, b) => positionOf(a.place, argv) - positionOf(b.place, argv));
  const texts = sorted.slice(0, mostShown).map((problem) => problemText(problem, colours.red('error'), colours));
  const more = problems.length - mostShown;
  const rest = more > 0 ? `\nand ${withCommas(more)} more\n` : '';
  return texts.join('\n') + rest + (problems.length > 1 ? `\n${withCommas(problems.length)} problems\n` : '');
}

/** On the command line from left to right, then in the file from top to bottom. */
function positionOf(place: Place | undefined, argv: readonly string[]): number {
  if (place?.kind === 'file') return argv.length + 2 + place.line * 100_000 + place.column;
  const typed = place?.kind === 'flag' ? place.flag : place?.path;
  if (typed === undefined) return -1;
  const index = argv.findIndex((word) => word === typed || word.startsWith(`${typed}=`));
  return index < 0 ? argv.length + 1 : index;
}

/** 4950 as 4,950; `toLocaleString` would load Intl. */
const withCommas = (number: number) => String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');

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
