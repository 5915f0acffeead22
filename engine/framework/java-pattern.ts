/*
 * Regular expressions of Marathon and Chronos are Java's (java.util.regex.Pattern). What means something else in JavaScript is
 * translated where that can be said, and refused where not: never is it silently another pattern.
 */

/** Why a pattern is refused. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const spaces = String.raw` \t\n\x0B\f\r`;
const horizontal = String.raw` \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000`;
const vertical = String.raw`\n\x0B\f\r\x85\u2028\u2029`;

/** Inside of a class; those of POSIX know ASCII only. */
const named: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  XDigit: '0-9a-fA-F',
  Space: spaces,
  Blank: String.raw` \t`,
  Punct: String.raw`!-\/:-@\[-\`\{-~`.replaceAll('\\`', '`'),
  ASCII: String.raw`\x00-\x7F`,
};

/** Escapes that mean the same in both. */
const shared = /^(?:[dDwWbBtnrf]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[1-9]|k<\w+>)/;
const categories = /^p\{(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\}/i;

interface Escape {
  readonly text: string;
  readonly length: number;
}

/** @param rest what follows the backslash */
function translateEscape(rest: string, isInClass: boolean): Escape {
  const classes: Readonly<Record<string, string>> = { s: spaces, h: horizontal, v: vertical };
  const [letter = ''] = rest;
  const inner = classes[letter];
  if (inner !== undefined) return { text: isInClass ? inner : `[${inner}]`, length: 1 };
  const outer = classes[letter.toLowerCase()];
  if (outer !== undefined && !isInClass) return { text: `[^${outer}]`, length: 1 };
  const posix = /^([pP])\{(\w+)\}/.exec(rest);
  const ascii = posix !== null && Object.hasOwn(named, posix[2] ?? '') ? named[posix[2] ?? ''] : undefined;
  if (posix !== null && ascii !== undefined && !(isInClass && posix[1] === 'P')) {
    const not = posix[1] === 'P' ? '^' : '';
    return { text: isInClass ? ascii : `[${not}${ascii}]`, length: posix[0].length };
  }
  const same = (shared.exec(rest) ?? categories.exec(rest))?.[0];
  if (same !== undefined && !(isInClass && /^[bBk1-9]/.test(same))) return { text: `\\${same}`, length: same.length };
  if (!isInClass && letter === 'A') return { text: '^', length: 1 };
  if (!isInClass && letter === 'z') return { text: '$', length: 1 };
  if (/^[A-Za-z0-9]/.test(rest) || rest === '') throw new PatternError(`'\\${letter}' is not supported`);
  const point = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return { text: literal(point), length: point.length };
}

/** A text that means itself, also where the `u` flag is strict. */
const literal = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, (sign) => `\\x${hex(sign)}`);
const hex = (sign: string) => (sign.codePointAt(0) ?? 0).toString(16).padStart(2, '0');

/** A character class, from its bracket on. */
function translateClass(pattern: string, start: number): Escape {
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  let text = pattern.slice(start, at);
  if (pattern[at] === ']') throw new PatternError("a class may not begin with ']'");
  while (at < pattern.length) {
    const sign = pattern[at] ?? '';
    if (sign === ']') return { text: `${text}]`, length: at + 1 - start };
    if (sign === '[') throw new PatternError('a class in a class is not supported');
    if (pattern.startsWith('&&', at)) throw new PatternError("'&&' in a class is not supported");
    if (pattern.startsWith(String.raw`\Q`, at)) throw new PatternError(String.raw`'\Q' in a class is not supported`);
    if (sign === '\\') {
      const escape = translateEscape(pattern.slice(at + 1), true);
      text += escape.text;
      at += 1 + escape.length;
      continue;
    }
    text += sign;
    at += 1;
  }
  throw new PatternError("a class has no ']'");
}

/** What stands at a place outside of classes. */
function translatePart(pattern: string, at: number): Escape {
  const rest = pattern.slice(at);
  if (rest.startsWith(String.raw`\Q`)) {
    const end = rest.indexOf(String.raw`\E`);
    const quoted = rest.slice(2, end < 0 ? undefined : end);
    // In a group, for what is repeated after it is its last character in Java.
    return { text: literal(quoted), length: end < 0 ? rest.length : end + 2 };
  }
  const [sign = ''] = rest;
  if (sign === '\\') {
    const escape = translateEscape(rest.slice(1), false);
    return { text: escape.text, length: 1 + escape.length };
  }
  if (sign === '[') return translateClass(pattern, at);
  if (/^(?:[*+?]|\{\d+,?\d*\})\+/.test(rest)) throw new PatternError('possessive quantifiers are not supported');
  const group = /^\(\?(?!:|=|!|<=|<!|<[A-Za-z]\w*>)[^)]?/.exec(rest)?.[0];
  if (group !== undefined) throw new PatternError(`'${group}' is not supported here`);
  if (sign === ']' || sign === '}') {
    const quantifier = /\{\d+,?\d*$/.test(pattern.slice(0, at));
    return { text: sign === '}' && quantifier ? sign : `\\${sign}`, length: 1 };
  }
  const point = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return { text: point, length: point.length };
}

/**
 * A Java pattern that must match the whole of a text.
 * @throws PatternError for what is none, and for what cannot be said in JavaScript
 */
export function javaPattern(pattern: string): RegExp {
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  let text = '';
  for (let at = flags?.[0].length ?? 0; at < pattern.length;) {
    const part = translatePart(pattern, at);
    text += part.text;
    at += part.length;
  }
  try {
    return new RegExp(`^(?:${text})$`, [...new Set(`u${flags?.[1] ?? ''}`)].join(''));
  } catch {
    throw new PatternError('it does not parse');
  }
}
