interface Trials {
  /** For `npm test`. */
  readonly usual: number;
  /** For `.ci/run`, which sets THOROUGH. */
  readonly thorough: number;
}

/**
 * How often a test by chance tries.
 * @param variable of the environment that says another number
 */
export function trials(variable: string, { usual, thorough }: Trials): number {
  const { [variable]: given, THOROUGH } = process.env;
  return given === undefined ? (THOROUGH === undefined ? usual : thorough) : Number(given);
}
