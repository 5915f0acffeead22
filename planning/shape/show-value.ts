/** Everything that must not reach a terminal raw: C0 and C1 controls, separators, direction marks, lone surrogates. */
const raw =
  /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200b-\u200f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text with every character that could garble a terminal or a log written as `\u….` */
export function escapeControls(text: string): string {
  return text.replace(raw, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text in double quotes, safe to print, cut after `length` characters. */
export function showText(text: string, length = 60): string {
  const kept = text.length > length ? `${text.slice(0, length)}…` : text;
  return escapeControls(JSON.stringify(kept));
}

/** A value of a spec in words for its author: strings quoted, collections named by their kind. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return showText(value);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map of keys to values';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'something else';
}

/** Words as a list in a sentence: `a, b or c`. */
export function listWords(words: readonly string[], conjunction: 'or' | 'and' = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}

/** A path as the author of a spec would write it: `nodes[1].address`. */
export function pathText(path: readonly (string | number)[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return escapeControls(text.replace(/^\./, '').slice(0, 120)) || 'the spec';
}
