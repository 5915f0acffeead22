/** Words that YAML 1.1 or 1.2 (or a reader of either) takes for a boolean, null or a float, such as E0. */
const reservedWord = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf|infinity|e[-+]?\d+)$/i;

/**
 * Text that is the same string in YAML 1.1 and 1.2, in block and in flow collections: it starts with a letter or a
 * path's slash, has no indicator that matters inside, single inner spaces only, and no colon before a space or the end.
 */
const plainText = /^(?:[A-Za-z]|\.?\/)(?:[\w./@+=~%;$-]|:(?=[\w./@+=~%;$-])| (?=[\w./@+=~%;$(-])|[()])*$/;

/** Addresses and amounts start with a digit and are still no number, date or sexagesimal in any reader. */
const plainAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const plainAmount = /^\d+[g-nq-wG-MQ-W][A-Za-z]*$/;

/**
 * What JSON leaves as it is, but YAML does not: DEL and C1 controls, line separators, BOM, non-characters. And what
 * would make a line read differently from what it says: marks of direction and of no width.
 */

const unprintable = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/**
 * One YAML scalar on one line, safe as a value and as a key: plain where every reader takes it for the same thing,
 * in double quotes everywhere else.
 */
export function yamlScalar(value: string | number | boolean): string {
  if (typeof value === 'number') return yamlNumber(value);
  if (typeof value === 'boolean') return String(value);
  return isPlain(value) ? value : quoted(value);
}

function isPlain(text: string): boolean {
  if (plainAddress.test(text) || plainAmount.test(text)) return true;
  return plainText.test(text) && !reservedWord.test(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function yamlNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (Object.is(value, -0)) return '-0.0';
  // YAML 1.1 knows an exponent only behind a decimal point.
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}
