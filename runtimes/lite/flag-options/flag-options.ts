/** What each flag of a program means to the engine, by the flag's name. */
export type FlagOptions<Flags, Options> = Readonly<Record<string, (flags: Flags) => Partial<Options>>>;

/** What the flags of a table ask for; of several that lead to one option, the last one's word is kept. */
export function optionsBy<Flags, Options>(
  table: FlagOptions<Flags, Options>,
  names: readonly string[],
  flags: Flags,
): Partial<Options> {
  return Object.assign({}, ...names.map((name) => table[name]?.(flags))) as Partial<Options>;
}
