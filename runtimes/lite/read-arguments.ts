import { ProgramError } from './program.ts';

/** How many values a flag takes. */
export type Arity = 'none' | 'one' | 'several';

interface Taken {
  /** As it calls itself in its errors. */
  readonly program: string;
  readonly arities: Readonly<Record<string, Arity>>;
  /** Short names of flags. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** As Python's argparse says it, which exits with 2. */
export const argumentError = (program: string) => (message: string) =>
  new ProgramError(`${program}: error: ${message}`, 2);

/**
 * Reads a command line as Python's argparse does: `--flag VALUE`, `--flag=VALUE`, and several values behind one flag.
 * @returns the values by the names of the flags
 * @throws ProgramError in the words of argparse
 */
export function readArguments(
  words: readonly string[],
  { program, arities, aliases = {} }: Taken,
): ReadonlyMap<string, readonly string[]> {
  const usageError = argumentError(program);
  const given = new Map<string, readonly string[]>();
  const unrecognized: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const written = equals < 0 ? word : word.slice(0, equals);
    const flag = aliases[written] ?? written;
    const arity = Object.hasOwn(arities, flag) ? arities[flag] : undefined;
    if (arity === undefined) {
      unrecognized.push(word);
      continue;
    }
    const values: string[] = equals < 0 ? [] : [word.slice(equals + 1)];
    const most = equals >= 0 || arity === 'none' ? 0 : arity === 'one' ? 1 : Infinity;
    while (values.length < most && words[index + 1]?.startsWith('-') === false) values.push(words[++index] ?? '');
    if (arity !== 'none' && values.length === 0) throw usageError(`argument ${flag}: expected one argument`);
    given.set(flag, [...(given.get(flag) ?? []), ...values]);
  }
  if (unrecognized.length > 0) throw usageError(`unrecognized arguments: ${unrecognized.join(' ')}`);
  return given;
}
