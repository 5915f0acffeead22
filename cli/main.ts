import { exitCodes } from '../errors/exit-codes.ts';
import type { Context } from '../platform/context.ts';
import { silent } from '../platform/terminal.ts';
import { isOn, type CommandLine } from './command-line/command-line.ts';
import { helpFor } from './command-line/help.ts';
import { keptByNpm } from './command-line/kept-by-npm.ts';
import { loadCommand } from './command-line/load-command.ts';
import { parseCommandLine } from './command-line/parse-command-line.ts';
import type { Verb } from './command-line/verbs.ts';

/**
 * The whole command: parses, does what the verb says, and prints every error.
 * @returns the exit code; never rejects
 */
export async function run(context: Context): Promise<number> {
  try {
    // Its arguments are those of other programs.
    if (context.argv[0] === '__component')
      return await (await import('../runtimes/lite/component.ts')).component(context);
    return await dispatch(context);
  } catch (error) {
    return (await import('./printing/print-error.ts')).printError(context, error);
  }
}

async function dispatch(context: Context): Promise<number> {
  const parsed = parseCommandLine(context.argv);
  const { line, problems } = parsed;
  // Help and version first: a person who asks for help has likely got something else wrong.
  if (isOn(line, 'help')) {
    context.stdout.write(helpFor(line.verb));
    return exitCodes.ok;
  }
  if (isOn(line, 'version') && problems.length === 0) {
    context.stdout.write(`${context.version}\n`);
    return exitCodes.ok;
  }
  const kept = keptByNpm(line, context.env);
  if (kept.length > 0) (await import('./printing/print-kept-by-npm.ts')).printKeptByNpm(context, line, kept);
  if (problems.length > 0) {
    const { everyProblem } = await import('./command-line/every-problem.ts');
    throw await everyProblem(context, parsed);
  }
  if (line.uses.some(({ flag }) => flag.formerly?.[line.verb] !== undefined)) {
    (await import('./printing/print-former-flags.ts')).printFormerFlags(context, line);
  }
  const command = await loadCommand(line.verb);
  return command(isSilent(line) ? { ...context, stdout: silent(context.stdout) } : context, line);
}

/** Verbs that print nothing on standard output but that it is done. */
const confirming: ReadonlySet<Verb> = new Set([
  ...(['down', 'stop', 'kill', 'pause', 'partition', 'heal', 'start'] as const),
  ...(['deploy', 'scale'] as const),
]);

const isSilent = (line: CommandLine) => confirming.has(line.verb) && isOn(line, 'quiet') && !isOn(line, 'json');
