import type { Range } from './mesos.ts';

/** A value as Mesos's `values::parse` tells them apart (src/common/values.cpp), in the JSON form of the v1 API. */
export type MesosValue = AmountValue | { readonly type: 'TEXT'; readonly text: { readonly value: string } };

/** What a resource can be. */
export type AmountValue =
  | { readonly type: 'SCALAR'; readonly scalar: { readonly value: number } }
  | { readonly type: 'RANGES'; readonly ranges: { readonly range: readonly Range[] } }
  | { readonly type: 'SET'; readonly set: { readonly item: readonly string[] } };

/** Why a part of a text does not parse. */
export type FaultKind =
  | 'no-name'
  | 'no-value'
  | 'many-colons'
  | 'role'
  | 'text'
  | 'bracket'
  | 'open-ranges'
  | 'no-range'
  | 'reversed-range'
  | 'large-range'
  | 'open-set'
  | 'json';

/** What is wrong with a part of a text; the words for a user are in planning/values. */
export interface ParseFault {
  readonly kind: FaultKind;
  /** The part at fault. */
  readonly found: string;
  /** In Mesos's words, or much like them. */
  readonly error: string;
}

/** A part of a text, and what it says or why it says nothing. */
export interface ParsedPart<Item> {
  readonly part: string;
  readonly result: Item | ParseFault;
}

export const isFault = (result: object): result is ParseFault => 'error' in result;

/** Reads each part of a text; parts of blanks are none, as for Mesos. */
export function parseParts<Item>(
  text: string,
  parsePart: (part: string) => Item | ParseFault,
): readonly ParsedPart<Item>[] {
  const parts = text.split(';').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => ({ part, result: parsePart(part) }));
}

/**
 * What a text says, if all of it can be read.
 * @throws Error in Mesos's words
 */
export function itemsOf<Item extends object>(parts: readonly ParsedPart<Item>[]): readonly Item[] {
  return parts.map(({ result }) => {
    if (isFault(result)) throw new Error(result.error);
    return result;
  });
}

/** What can be read of a text. */
export const readableItems = <Item extends object>(parts: readonly ParsedPart<Item>[]): readonly Item[] =>
  parts.flatMap(({ result }) => (isFault(result) ? [] : [result]));

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const bracket = /[[\]{}()]/;

/** Parses `2`, `[31000-32000,33000-33010]`, `{a,b}` or text. Mesos ignores spaces, so they are ignored here. */
export function parseValue(text: string): MesosValue | ParseFault {
  const value = text.replaceAll(' ', '');
  const fault = (kind: FaultKind): ParseFault => ({ kind, found: value, error: `Failed to parse value '${text}'` });
  if (value === '') return fault('no-value');
  if (value.startsWith('[')) return value.endsWith(']') ? parseRanges(value) : fault('open-ranges');
  if (value.startsWith('{')) {
    const items = value.slice(1, -1);
    if (!value.endsWith('}') || bracket.test(items)) return fault('open-set');
    return { type: 'SET', set: { item: items.split(',') } };
  }
  if (bracket.test(value)) return fault('bracket');
  return number.test(value) && Number.isFinite(Number(value))
    ? { type: 'SCALAR', scalar: { value: Number(value) } }
    : { type: 'TEXT', text: { value } };
}

function parseRanges(value: string): MesosValue | ParseFault {
  const range: Range[] = [];
  for (const part of value.slice(1, -1).split(',')) {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(part) ?? [];
    const [begin, end] = [Number(first), Number(last)];
    const kind =
      first === undefined
        ? 'no-range'
        : begin > end
          ? 'reversed-range'
          : Number.isSafeInteger(end)
            ? undefined
            : 'large-range';
    if (kind !== undefined) {
      const found = part === '' ? value : part;
      return { kind, found, error: `Expecting one or more 'ranges': '${part}' is none` };
    }
    range.push({ begin, end });
  }
  return { type: 'RANGES', ranges: { range } };
}
