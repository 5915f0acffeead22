import type { Json } from '../../../protocol/mesos.ts';
import { parseJson } from './parse-json.ts';

/** The JSON is not such a message. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

export function unexpected(value: Json, name: string): ConversionError {
  return new ConversionError(`Not expecting a JSON ${kindOf(value)} for field '${name}'`);
}

/** Base64; blanks in it are ignored (stout/base64.hpp). */
export function readBytes(value: Json, name: string): string {
  if (typeof value !== 'string') throw unexpected(value, name);
  const bad = /[^A-Za-z0-9+/=\s]/.exec(value)?.[0];
  if (bad === undefined) return value;
  throw new ConversionError(`Failed to base64 decode bytes field '${name}': Invalid character '${bad}'`);
}

export function readBoolean(value: Json, name: string): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw unexpected(value, name);
  const read = readText(value, name, 'boolean');
  if (typeof read === 'boolean') return read;
  throw new ConversionError(unparsed(value, name, 'boolean', 'Unexpected JSON type parsed'));
}

type NumberType = 'number' | 'integer' | 'unsigned';

export function readNumber(value: Json, name: string, type: NumberType): number {
  return toWidth(numberIn(value, name, type), type);
}

function numberIn(value: Json, name: string, type: NumberType): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') throw unexpected(value, name);
  if (type === 'number' && /^-?Infinity$/.test(value)) return Number(value);
  const read = readText(value, name, 'number');
  if (typeof read === 'number') return read;
  throw new ConversionError(unparsed(value, name, 'number', 'Unexpected JSON type parsed'));
}

function readText(value: string, name: string, what: string): Json {
  const result = parseJson(value);
  if ('value' in result) return result.value;
  throw new ConversionError(unparsed(value, name, what, result.error));
}

const unparsed = (value: string, name: string, what: string, why: string) =>
  `Failed to parse '${value}' as a JSON ${what} for field '${name}': ${why}`;

/** Integers lose their fraction; one without a sign that is negative wraps, as it does in C++. */
function toWidth(value: number, type: NumberType): number {
  if (type === 'number') return value;
  const whole = Math.trunc(value);
  return type === 'unsigned' && whole < 0 ? 2 ** 64 + whole : whole;
}
