import { javaPattern, PatternError } from '../../../framework/java-pattern.ts';

/** What Java's patterns know and RE2's do not: looking around, references to what a group matched, and some escapes. */
const notInRe2 =
  /\(\?<?[=!]|\\(?:[1-9]|k<|[hHVRXGZ]|u[\da-fA-F]{4}|p\{(?:Lower|Upper|Alpha|Digit|Alnum|XDigit|Space|Blank|Punct|ASCII)\})/;

/** A program of RE2 has more steps than its pattern has signs, and a master takes a hundred (`--offer_constraints_re2_max_program_size`). */
const maxSigns = 100;

/**
 * A pattern of RE2 that must match the whole of a text (https://github.com/google/re2/wiki/Syntax). One that JavaScript
 * cannot say is refused: never is it silently another pattern.
 * @returns why it is refused, or the pattern
 */
export function textPattern(regex: string): RegExp | string {
  if (regex.length > maxSigns) return `Regex '${regex}' is too complex: more than ${maxSigns} signs are not taken here`;
  const failed = (why: string) => `Failed to construct regex from pattern '${regex}': ${why}`;
  const other = notInRe2.exec(regex)?.[0];
  if (other !== undefined) return failed(`invalid perl operator or escape sequence: ${other}`);
  try {
    return javaPattern(regex);
  } catch (error) {
    if (error instanceof PatternError) return failed(error.message);
    throw error;
  }
}
