import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { ApiError } from '../chronos-error.ts';

export type Fields = Readonly<Record<string, Json>>;

/*
 * Values as Jackson's JsonNode gives them: asText, asDouble and so on turn one type into another, and what is left out
 * or cannot be turned is the default. So `"cpus": "0.5"` is a number.
 */

/** asText: numbers and truth values as they are written, nothing of lists and objects. */
export function textOf(value: Json | undefined, byDefault = ''): string {
  if (value === undefined || value === null) return byDefault;
  return typeof value === 'object' ? '' : String(value);
}

/** asDouble */
export function numberOf(value: Json | undefined, byDefault: number): number {
  if (value === undefined || value === null) return byDefault;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'boolean') return Number(number);
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

/** asInt, asLong */
export const wholeOf = (value: Json | undefined, byDefault: number): number => Math.trunc(numberOf(value, byDefault));

/** asBoolean */
export function truthOf(value: Json | undefined, byDefault: boolean): boolean {
  if (value === undefined || value === null) return byDefault;
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' ? value !== 0 : value === 'true';
}

/** What is not turned: a job that counts as asynchronous by mistake would run only once. @throws ApiError 400 */
export function strictTruthOf(value: Json | undefined, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new ApiError(400, `${name}: must be true or false, but is ${JSON.stringify(value)}`);
}

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

export const textsOf = (value: Json | undefined): readonly string[] => listOf(value).map((each) => textOf(each));

/** Objects of a list. @throws ApiError 400 for anything else in it */
export const objectsOf = (value: Json | undefined, name: string): readonly Fields[] =>
  listOf(value).map((each) => {
    if (isJsonObject(each)) return each;
    throw new ApiError(400, `${name}: each entry must be an object, but one is ${JSON.stringify(each)}`);
  });

/** One of few words; case does not count where Chronos says so. @throws ApiError 400 */
export function wordOf<Word extends string>(value: Json | undefined, name: string, words: readonly Word[]): Word {
  const text = textOf(value);
  const word = words.find((each) => each.toUpperCase() === text.toUpperCase());
  if (word !== undefined) return word;
  throw new ApiError(
    400,
    `java.util.NoSuchElementException: No value found for '${text}' (${name}: ${words.join(', ')})`,
  );
}
