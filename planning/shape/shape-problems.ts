import type * as z from 'zod';
import { nearest } from './nearest.ts';
import { translated } from './shape-words.ts';
import { escapeControls, listWords, pathText, showText, showValue } from './show-value.ts';
import type { SpecPath, SpecProblem } from './spec-problem.ts';
import type { YamlShape } from './yaml-shape.ts';
import { unknownKey, type ShapeProblem } from './unknown-key.ts';

type Issue = z.core.$ZodIssue;

/**
 * Translates everything zod finds about the shape of a value into problems in our own words.
 *
 * @param shape what was expected
 * @param sourceOf how the scalar at a path is written in the file
 */
export function shapeProblems(
  issues: readonly Issue[],
  value: unknown,
  shape: YamlShape,
  sourceOf: SourceOf,
): readonly ShapeProblem[] {
  return issues.flatMap((issue) => issueProblems(issue, [], { root: value, shape, sourceOf }));
}

type SourceOf = (path: SpecPath) => string | undefined;

interface Reading {
  readonly root: unknown;
  readonly shape: YamlShape;
  readonly sourceOf: SourceOf;
}

function issueProblems(issue: Issue, parent: SpecPath, reading: Reading): readonly ShapeProblem[] {
  const { root, shape, sourceOf } = reading;
  const { type: code } = shape.kind.codes;
  const path = [...parent, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const found = valueAt(root, path);
  const wrong = (allowed: string) => [{ problem: { ...wrongType(path, found, allowed, sourceOf(path)), code } }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, valueAt(found, [key]), shape));
    case 'invalid_value':
      return [{ problem: { ...wrongWord(path, found, issue.values.map(String)), code } }];
    case 'invalid_union': {
      const inside = alternativeInside(issue);
      return inside
        ? inside.flatMap((inner) => issueProblems(inner, path, reading))
        : wrong(listWords(alternatives(issue)));
    }
    case 'invalid_type':
      // The only numbers outside unions (pass-through flags, attributes) are counts, ids and ports.
      return wrong(typeWords(issue.expected === 'number' ? 'int' : issue.expected));
    case 'too_big':
      return wrong(`a whole number${limitWords('at most', issue.maximum)}`);
    case 'too_small':
      return wrong(`a whole number${limitWords('at least', issue.minimum)}`);
    default:
      return wrong('another value');
  }
}

/** Every whole number has the limits of JavaScript. */
const limitWords = (words: string, limit: number | bigint) =>
  Math.abs(Number(limit)) < Number.MAX_SAFE_INTEGER ? `, ${words} ${limit}` : '';

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** A map that one alternative accepts as a map is wrong inside; anything else is wrong as a whole. */
const alternativeInside = ({ errors }: UnionIssue) =>
  errors.find((issues) => issues.length > 0 && issues.every((inner) => inner.path.length > 0));

const alternatives = ({ errors }: UnionIssue): readonly string[] => [
  ...new Set(errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [typeWords(inner.expected)] : []))),
];

const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['object', 'a map of keys to values'],
  ['record', 'a map of names to values'],
  ['array', 'a list'],
]);

const typeWords = (expected: string) => typeNames.get(expected) ?? expected;

type Wrong = Omit<SpecProblem, 'code'>;

function wrongType(path: SpecPath, found: unknown, allowed: string, source: string | undefined): Wrong {
  const name = pathText(path);
  const missing = found === undefined;
  return {
    severity: 'error',
    path,
    message: missing ? `${name} is missing` : found === null ? `${name} has no value` : `${name} is not ${allowed}`,
    // As it is written: 1e3 was read as 1000.
    found: typeof found === 'number' && source !== undefined ? showText(source).slice(1, -1) : showValue(found),
    allowed,
    fix: missing ? `Add \`${String(path.at(-1) ?? 'name')}:\` with ${allowed}` : typeFix(found, allowed, source),
  };
}

function typeFix(found: unknown, allowed: string, source: string | undefined): string {
  if (found === null) {
    return allowed.startsWith('a map')
      ? 'Write {} for an empty map, or remove the key'
      : `Write ${allowed} behind the colon, or remove the key`;
  }
  const isPlain = typeof found === 'number' || typeof found === 'boolean';
  if (isPlain && allowed.startsWith('text')) {
    return `Put it in quotes: "${escapeControls(source?.slice(0, 40) ?? String(found))}"`;
  }
  if (typeof found !== 'string') return `Write ${allowed}`;
  if (allowed === 'true or false') {
    return /^(?:yes|on|y|true)$/i.test(found)
      ? 'Write true'
      : /^(?:no|off|n|false)$/i.test(found)
        ? 'Write false'
        : `Write ${allowed}`;
  }
  if (allowed.includes('number') && /^-?\d+$/.test(found)) return `Write it without quotes: ${found}`;
  if (allowed.startsWith('a map')) return 'Write `key: value` lines, each with a colon and a space';
  if (allowed === 'a list') return `Write it as a list: [${escapeControls(found.slice(0, 40))}]`;
  return `Write ${allowed}`;
}

function wrongWord(path: SpecPath, found: unknown, words: readonly string[]): Wrong {
  const near = typeof found === 'string' ? (translated(found, words) ?? nearest(found, words)) : undefined;
  return {
    severity: 'error',
    path,
    message: `${pathText(path)} is not one of the words it can be`,
    found: showValue(found),
    allowed: listWords(words),
    fix: near === undefined ? `Write ${listWords(words)}` : `Did you mean ${near}?`,
  };
}

function valueAt(root: unknown, path: SpecPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    root,
  );
}
