import type { Range } from './mesos.ts';

/** A value as Mesos's `values::parse` tells them apart (src/common/values.cpp), in the JSON form of the v1 API. */
export type ParsedValue =
  | { readonly type: 'SCALAR'; readonly scalar: { readonly value: number } }
  | { readonly type: 'RANGES'; readonly ranges: { readonly range: readonly Range[] } }
  | { readonly type: 'SET'; readonly set: { readonly item: readonly string[] } }
  | { readonly type: 'TEXT'; readonly text: { readonly value: string } };

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Parses `2`, `[31000-32000,33000-33010]`, `{a,b}` or text.
 * @throws Error when brackets do not match or a range is none
 */
export function parseValue(text: string): ParsedValue {
  const value = text.replaceAll(' ', '');
  if (value.startsWith('[') && value.endsWith(']')) {
    return { type: 'RANGES', ranges: { range: value.slice(1, -1).split(',').map(parseRange) } };
  }
  if (value.startsWith('{') && value.endsWith('}')) {
    return { type: 'SET', set: { item: value.slice(1, -1).split(',') } };
  }
  if (value === '' || /[[\]{}()]/.test(value)) throw new Error(`Failed to parse value '${text}'`);
  return number.test(value) ? { type: 'SCALAR', scalar: { value: Number(value) } } : { type: 'TEXT', text: { value } };
}

function parseRange(text: string): Range {
  const [, begin, end] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (begin === undefined || end === undefined || Number(begin) > Number(end)) {
    throw new Error(`Expecting one or more 'ranges': '${text}' is none`);
  }
  return { begin: Number(begin), end: Number(end) };
}
