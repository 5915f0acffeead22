const hasControlCharacter = /[\u0000-\u001f\u007f]/;
const special = /["\\#\u0000-\u001f\u007f]/g;

const escapeForDoubleQuotes = (character: string): string =>
  character === '"' || character === '\\' || character === '#'
    ? `\\${character}`
    : `\\u{${character.charCodeAt(0).toString(16)}}`;

/**
 * Writes a value as a Ruby literal that evaluates to exactly this value, whatever is in it.
 * Strings are single-quoted, where only `\` and `'` mean anything. Strings with control characters are double-quoted
 * with escapes, so that a literal never spans lines (nor does Ruby turn a CR LF in it into LF).
 * @param value a string, a finite number, a boolean, or null or undefined (`nil`)
 * @throws {TypeError} for anything else: it has no literal here
 */
export function quoteRuby(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  if (typeof value !== 'string') throw new TypeError(`no Ruby literal for a value of type ${typeof value}`);
  return hasControlCharacter.test(value)
    ? `"${value.replace(special, escapeForDoubleQuotes)}"`
    : `'${value.replace(/[\\']/g, '\\$&')}'`;
}
