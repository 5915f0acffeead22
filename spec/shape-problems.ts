import * as z from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';
import { nearest } from './nearest.ts';
import { escapeControls, listWords, showText, showValue } from './show-value.ts';
import type { SpecPath, SpecProblem } from './spec-problem.ts';

type Issue = z.core.$ZodIssue;

/** Translates everything zod finds about the shape of a value into problems in our own words. */
export function shapeProblems(issues: readonly Issue[], value: unknown): readonly SpecProblem[] {
  return issues.flatMap((issue) => issueProblems(issue, [], value));
}

function issueProblems(issue: Issue, parent: SpecPath, root: unknown): readonly SpecProblem[] {
  const path = [...parent, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const found = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_value':
      return [wrongWord(path, found, issue.values.map(String))];
    case 'invalid_union':
      return unionProblems(issue, path, root, found);
    case 'invalid_type':
      // The only numbers outside unions (pass-through flags, attributes) are counts, ids and ports.
      return [wrongType(path, found, typeWords(issue.expected === 'number' ? 'int' : issue.expected))];
    case 'too_big':
    case 'too_small':
      return [wrongType(path, found, typeWords('int'))];
    default:
      return [wrongType(path, found, 'another value')];
  }
}

/** A map that one alternative accepts as a map is wrong inside; anything else is wrong as a whole. */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: SpecPath,
  root: unknown,
  found: unknown,
): readonly SpecProblem[] {
  const inside = issue.errors.find((issues) => issues.length > 0 && issues.every((inner) => inner.path.length > 0));
  if (inside) return inside.flatMap((inner) => issueProblems(inner, path, root));
  const types = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [typeWords(inner.expected)] : []));
  return [wrongType(path, found, listWords([...new Set(types)]))];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map of keys to values',
  record: 'a map of names to values',
  array: 'a list',
};

const typeWords = (expected: string) => typeNames[expected] ?? expected;

/** The path as its author would write it: `nodes[1].address`. */
export function pathText(path: SpecPath): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return escapeControls(text.replace(/^\./, '').slice(0, 120)) || 'the spec';
}

function wrongType(path: SpecPath, found: unknown, allowed: string): SpecProblem {
  const name = pathText(path);
  const missing = found === undefined;
  return {
    severity: 'error',
    code: 'SPEC_TYPE',
    path,
    message: missing ? `${name} is missing` : found === null ? `${name} has no value` : `${name} is not ${allowed}`,
    found: showValue(found),
    allowed,
    fix: missing ? `Add \`${String(path.at(-1) ?? 'name')}:\` with ${allowed}` : typeFix(found, allowed),
  };
}

function typeFix(found: unknown, allowed: string): string {
  if (found === null) {
    return allowed.startsWith('a map')
      ? 'Write {} for an empty map, or remove the key'
      : `Write ${allowed} behind the colon, or remove the key`;
  }
  const isPlain = typeof found === 'number' || typeof found === 'boolean';
  if (isPlain && allowed.startsWith('text')) return `Put it in quotes: "${String(found)}"`;
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

function wrongWord(path: SpecPath, found: unknown, words: readonly string[]): SpecProblem {
  const near = typeof found === 'string' ? nearest(foreignWords[found.toLowerCase()] ?? found, words) : undefined;
  return {
    severity: 'error',
    code: 'SPEC_TYPE',
    path,
    message: `${pathText(path)} is not one of the words it can be`,
    found: showValue(found),
    allowed: listWords(words),
    fix: near === undefined ? `Write ${listWords(words)}` : `Did you mean ${near}?`,
  };
}

/** Words that other tools, and older Mesos, use for the same thing. */
const foreignWords: Readonly<Record<string, string>> = {
  ip: 'address',
  host: 'address',
  hostname: 'name',
  role: 'roles',
  id: 'zookeeperId',
  myid: 'zookeeperId',
  memory: 'memoryMb',
  slaves: 'agents',
  slave: 'agent',
  'mesos-slave': 'mesos-agent',
  zk: 'zookeeper',
  lb: 'marathon-lb',
  cluster: 'name',
};

function unknownKey(path: SpecPath, key: string): SpecProblem {
  const allowed = keysAt(path);
  const near = nearest(key, allowed) ?? allowed.find((known) => known === foreignWords[key.toLowerCase()]);
  const elsewhere = near === undefined ? placesOf(key)[0] : undefined;
  return {
    severity: 'error',
    code: 'SPEC_UNKNOWN_KEY',
    path: [...path, key],
    at: 'key',
    message: `${path.length === 0 ? 'The spec' : pathText(path)} has no key ${showText(key)}`,
    found: showText(key),
    allowed: listWords(allowed),
    fix:
      near !== undefined
        ? `Did you mean ${near}?`
        : elsewhere !== undefined
          ? `It belongs elsewhere: ${elsewhere}`
          : 'Remove it',
  };
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}

/** Keys of the map at a path of the schema. */
function keysAt(path: SpecPath): readonly string[] {
  let schema: z.core.$ZodType = clusterSpecSchema;
  for (const key of path) {
    if (schema instanceof z.ZodArray) schema = unwrapped(schema.element);
    else if (schema instanceof z.ZodObject) schema = unwrapped((schema.shape as z.core.$ZodShape)[key] ?? schema);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Every place of the schema that has a key of this name, but in lists. */
function placesOf(key: string, schema: z.core.$ZodType = clusterSpecSchema, path: SpecPath = []): readonly string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as z.core.$ZodShape).flatMap(([name, inner]) => {
    const here = [...path, name];
    if (name === key) return [pathText(here)];
    return path[0] === 'images' ? [] : placesOf(key, unwrapped(inner), here);
  });
}

function valueAt(root: unknown, path: SpecPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    root,
  );
}
