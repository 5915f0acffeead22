import { catalogue, exitCodes, type ExitCode } from '../errors/catalogue.ts';
import { isUserError, type Place, type Problem } from '../errors/user-error.ts';
import type { Context } from '../platform/context.ts';
import { coloursFor, type Colours } from '../platform/terminal.ts';

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

/**
 * One problem as text: its place, code and message, then what was found, what is allowed and the fix.
 * @param kind `error` or `warning`, coloured by the caller
 */
export function problemText(problem: Problem, kind: string, colours: Colours): string {
  const place = problem.place === undefined ? '' : `${colours.bold(placeText(problem.place))}: `;
  const details = [
    ['found:  ', problem.found],
    ['allowed:', problem.allowed],
    ['fix:    ', problem.fix],
  ] as const;
  const lines = details.flatMap(([label, text]) =>
    text === undefined ? [] : [`  ${colours.dim(label)} ${visible(text)}\n`],
  );
  return `${place}${kind} ${problem.code}: ${visible(problem.message)}\n${lines.join('')}`;
}

/** A place as compilers write it, so that editors find it. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'file':
      return `${visible(place.file)}:${String(place.line)}:${String(place.column)}`;
    case 'path':
      return visible(place.path);
    case 'flag':
      return visible(place.flag);
  }
}

/** What the user typed may hold control characters; shown as they are they could move the cursor or change colours. */
function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
