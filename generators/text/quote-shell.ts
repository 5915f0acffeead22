/**
 * Writes a value as one word for a POSIX shell, whatever is in it: single-quoted, where only `'` means anything.
 * A line feed stays a line feed inside the quotes. A word that begins with `-` is still an option to most programs:
 * put `--` before it.
 * @param value a string, a finite number, or a boolean (`true`, `false`)
 * @throws {TypeError} for anything else, and for a string with NUL, which no shell word can hold
 */
export function quoteShell(value: unknown): string {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return `'${value}'`;
  if (typeof value !== 'string') throw new TypeError(`no shell word for a value of type ${typeof value}`);
  if (value.includes('\0')) throw new TypeError('a shell word cannot hold NUL');
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
