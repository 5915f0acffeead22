import type { Context } from '../../platform/context.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';

/**
 * Whether questions may be asked: a person is at a terminal, no machine reads the answer, and they were not declined.
 * Questions go to standard error, but who redirects the result is a script, too.
 */
export function mayAsk({ stdin, stdout, stderr, env }: Context, line: CommandLine): boolean {
  const declined =
    ['yes', 'no-interactive', 'json'].some((name) => isOn(line, name)) || textOf(line, 'spec') !== undefined;
  if (declined || isContinuousIntegration(env)) return false;
  return stdin.isTerminal && stdout.isTerminal && stderr.isTerminal;
}

/** `CI` is set by every known service; some people set it to `false` to say that they are not one. */
function isContinuousIntegration(env: Context['env']): boolean {
  return !['', '0', 'false'].includes((env['CI'] ?? '').toLowerCase());
}
