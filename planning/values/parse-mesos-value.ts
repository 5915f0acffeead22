/** A value in a resource or an attribute, as Mesos's `values::parse` tells them apart (src/common/values.cpp). */
export type MesosValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'ranges'; readonly ranges: readonly { readonly first: number; readonly last: number }[] }
  | { readonly kind: 'set'; readonly items: readonly string[] }
  | { readonly kind: 'text'; readonly text: string };

/** What is wrong with a part of a text, in words. */
export interface ParseFault {
  /** The part at fault. */
  readonly found: string;
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const range = /^(\d+)-(\d+)$/;

/** Parses a value; a fault is returned, not thrown. Mesos ignores spaces, so they are ignored here. */
export function parseMesosValue(text: string): MesosValue | ParseFault {
  const value = text.replaceAll(' ', '');
  if (value.startsWith('[')) return parseRanges(value);
  if (value.startsWith('{')) return parseSet(value);
  if (/[[\]{}()]/.test(value)) {
    return {
      found: value,
      message: 'A bracket stands inside a text',
      allowed: 'a number, a list of ranges [1-2,5-9], a set {a,b}, or text without brackets',
      fix: 'Remove the bracket, or start the value with it and close it at the end',
    };
  }
  return number.test(value) && Number.isFinite(Number(value))
    ? { kind: 'scalar', value: Number(value) }
    : { kind: 'text', text: value };
}

export function isFault(value: MesosValue | ParseFault): value is ParseFault {
  return 'message' in value;
}

function parseRanges(value: string): MesosValue | ParseFault {
  const fault = (message: string, found = value): ParseFault => ({
    found,
    message,
    allowed: 'ranges of whole numbers, the smaller first: [21000-24000,30000-34000]',
    fix: 'Write the ranges as [first-last,first-last]',
  });
  if (!value.endsWith(']')) return fault('A list of ranges is not closed');
  const ranges: { first: number; last: number }[] = [];
  for (const part of value.slice(1, -1).split(',')) {
    const [, first, last] = range.exec(part) ?? [];
    if (first === undefined || last === undefined) return fault('This is not a range', part === '' ? value : part);
    if (Number(first) > Number(last)) return fault('The first number of a range is larger than the last', part);
    if (!Number.isSafeInteger(Number(last))) return fault('A number of a range is too large', part);
    ranges.push({ first: Number(first), last: Number(last) });
  }
  return { kind: 'ranges', ranges };
}

function parseSet(value: string): MesosValue | ParseFault {
  const items = value.slice(1, -1).split(',');
  if (value.endsWith('}') && items.every((item) => item !== '' && !/[[\]{}()]/.test(item)))
    return { kind: 'set', items };
  return {
    found: value,
    message: 'This is not a set',
    allowed: 'words between braces: {a,b,c}',
    fix: 'Write the set as {a,b}, without empty items',
  };
}
