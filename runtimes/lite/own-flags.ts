import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ProgramError } from './program.ts';

/** Makes errors of the flags of a program of our own, of which there is no original. */
export const flagError =
  (program: string) =>
  (message: string): ProgramError =>
    new ProgramError(`${program}: ${message}`, 2);

type FlagError = ReturnType<typeof flagError>;

/** @throws ProgramError for what is no such flag */
export function readOwnFlags<const Options extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  options: Options,
  usageError: FlagError,
) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: false }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * What to listen on: `127.0.0.1:5000`, `[::1]:5000`.
 * @param example for the error
 * @throws ProgramError
 */
export function listenAddress(
  { flag, text = '', example }: { readonly flag: string; readonly text: string | undefined; readonly example: string },
  usageError: FlagError,
): { readonly host: string; readonly port: number } {
  const [, host, digits] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || !isPort(digits))
    throw usageError(`${flag} is '${text}': expected ADDRESS:PORT, such as ${example}`);
  return { host, port: Number(digits) };
}

export const isPort = (digits: string | undefined): boolean => digits !== undefined && Number(digits) <= 65_535;
