import { lineAndColumn, type Places, type Trouble } from './json-places.ts';
import type { FieldError, Refused } from './refusal.ts';

/** Something to say of a line. */
export interface Mark {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Where the caret goes. */
  readonly at: number;
  readonly message: string;
  /** As Marathon writes it; missing where it is about the text itself. */
  readonly path?: string;
  /** The path itself is not in the text: this is what it would be in. */
  readonly isAround: boolean;
}

/** @param sayTrouble what should be there, in words */
export function markOf(
  text: string,
  { at, expected }: Trouble,
  sayTrouble: (expected: Trouble['expected']) => string,
): Mark {
  return { ...lineAndColumn(text, at), at, message: sayTrouble(expected), isAround: false };
}

/** Where in the text each field is that Marathon complains of, in the order of the text. */
export function marksOf(text: string, places: Places, fields: readonly FieldError[]): readonly Mark[] {
  return fields
    .flatMap(({ path, message }) => {
      const found = find(places, path);
      return found === undefined ? [] : [{ ...lineAndColumn(text, found.at), ...found, message, path }];
    })
    .sort((one, other) => one.at - other.at);
}

/** What is about no field. */
export const fieldsWithoutPath = (fields: readonly FieldError[]): readonly FieldError[] =>
  fields.filter(({ path }) => path === '');

/** `/apps(0)/cpus`, `(1)/id`, `/env("NAME")`: as names, and numbers of items. */
const namesIn = (path: string): readonly string[] =>
  path
    .replace(/\("?([^()"]*)"?\)/g, '/$1')
    .split('/')
    .filter((name) => name !== '');

function find(places: Places, path: string): { readonly at: number; readonly isAround: boolean } | undefined {
  if (path === '') return undefined;
  const names = namesIn(path);
  for (let length = names.length; length >= 0; length -= 1) {
    const at = places.get(names.slice(0, length).join('/'));
    if (at !== undefined) return { at, isAround: length < names.length };
  }
  return undefined;
}

/**
 * Where a server that could not read JSON says it stopped: `line: 3, column: 5` (Jackson), `position 30` (V8).
 * @returns undefined if it does not say
 */
export function markOfServer(text: string, { status, said, fields }: Refused): Mark | undefined {
  if (status !== 400 || fields.length > 0) return undefined;
  const [, position] = /position (\d+)/.exec(said) ?? [];
  const [, line, column] = /line:? (\d+),? column:? (\d+)/.exec(said) ?? [];
  const at = line === undefined ? Number(position) : lengthBefore(text, Number(line)) + Math.max(0, Number(column) - 1);
  if (!Number.isSafeInteger(at) || at > text.length) return undefined;
  return { ...lineAndColumn(text, at), at, message: said, isAround: false };
}

const lengthBefore = (text: string, line: number): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, 0);
