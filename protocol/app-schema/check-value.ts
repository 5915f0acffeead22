import { isJsonObject, type JsonObject } from '../json.ts';
import type { Json } from '../mesos.ts';
import type { Field, Fields, Schema } from './schema.ts';

/** What is wrong at one place of a document; `path` as Marathon writes it: `/healthChecks(0)/portIndex`. */
export interface Violation {
  readonly path: string;
  readonly error: string;
  /** Of the wrong JSON type, or missing; else the type is right and the value is out of its bounds. */
  readonly isTypeError: boolean;
}

const wrongType = (path: string, error: string): readonly Violation[] => [
  { path: path === '' ? '/' : path, error, isTypeError: true },
];
const outOfBounds = (path: string, error: string): readonly Violation[] => [{ path, error, isTypeError: false }];

/**
 * Compares a document with its schema. `null` counts as missing, unknown fields are no violation: so does Marathon.
 * Type errors have Play's names (`error.expected.jsstring`), as Marathon's.
 */
export function checkValue(schema: Schema, value: Json, path = ''): readonly Violation[] {
  switch (schema.kind) {
    case 'any':
      return [];
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrongType(path, 'error.expected.jsboolean');
    case 'string':
      return typeof value === 'string' ? checkString(schema, value, path) : wrongType(path, 'error.expected.jsstring');
    case 'timestamp':
      if (typeof value !== 'string') return wrongType(path, 'error.expected.jsstring');
      return Number.isNaN(Date.parse(value)) ? wrongType(path, 'error.expected.date.isoformat') : [];
    case 'number':
      return checkNumber(schema, value, path);
    case 'array':
      return Array.isArray(value)
        ? checkArray(schema, value as readonly Json[], path)
        : wrongType(path, 'error.expected.jsarray');
    case 'map':
      if (!isJsonObject(value)) return wrongType(path, 'error.expected.jsobject');
      return Object.entries(value).flatMap(([key, each]) => checkValue(schema.values, each, `${path}/${key}`));
    case 'object':
      return isJsonObject(value) ? checkFields(schema.fields, value, path) : wrongType(path, 'error.expected.jsobject');
    case 'union':
      return checkUnion(schema.of, value, path);
  }
}

/** The fields of an object; `partial` for updates, where nothing is required. */
export function checkFields(fields: Fields, value: JsonObject, path = '', partial = false): readonly Violation[] {
  return Object.entries(fields).flatMap(([name, field]: [string, Field]) => {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given !== undefined && given !== null) return checkValue(field.schema, given, `${path}/${name}`);
    return field.required === true && !partial ? wrongType(`${path}/${name}`, 'error.path.missing') : [];
  });
}

/** The literal of an enumeration that a text means. */
export const literalOf = (literals: readonly string[], text: string): string | undefined =>
  literals.find((each) => each.toLowerCase() === text.toLowerCase());

function checkString(schema: Extract<Schema, { kind: 'string' }>, value: string, path: string): readonly Violation[] {
  // Marathon reads the names of an enumeration in any case (EnumVisitor.scala of its RAML generator).
  if (schema.oneOf !== undefined && literalOf(schema.oneOf, value) === undefined) {
    return wrongType(path, `error.unknown.enum.literal: must be one of ${schema.oneOf.join(', ')}`);
  }
  if (value.length < (schema.minLength ?? 0)) {
    return outOfBounds(path, schema.minLength === 1 ? 'must not be empty' : `is shorter than ${schema.minLength ?? 0}`);
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    return outOfBounds(path, `is longer than ${schema.maxLength}`);
  }
  return schema.pattern === undefined || schema.pattern.test(value)
    ? []
    : outOfBounds(path, `must fully match regular expression '${schema.pattern.source}'`);
}

function checkNumber(schema: Extract<Schema, { kind: 'number' }>, value: Json, path: string): readonly Violation[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType(path, 'error.expected.jsnumber');
  if (schema.integer === 'int32' && (!Number.isInteger(value) || Math.abs(value) > 2_147_483_647)) {
    return wrongType(path, 'error.expected.int');
  }
  if (schema.integer === 'int64' && !Number.isSafeInteger(value)) return wrongType(path, 'error.expected.long');
  if (schema.minimum !== undefined && value < schema.minimum) {
    return outOfBounds(path, `is less than ${schema.minimum}`);
  }
  return schema.maximum !== undefined && value > schema.maximum
    ? outOfBounds(path, `is greater than ${schema.maximum}`)
    : [];
}

function checkArray(
  schema: Extract<Schema, { kind: 'array' }>,
  value: readonly Json[],
  path: string,
): readonly Violation[] {
  const inside = value.flatMap((item, index) => checkValue(schema.items, item, `${path}(${index})`));
  if (inside.length > 0) return inside;
  if (value.length < (schema.minItems ?? 0))
    return outOfBounds(path, `has fewer than ${schema.minItems ?? 0} elements`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    return outOfBounds(path, `has more than ${schema.maxItems} elements`);
  }
  if (schema.unique !== true) return [];
  const distinct = new Set(value.map((item) => JSON.stringify(item)));
  return distinct.size < value.length ? outOfBounds(path, 'Elements must be unique.') : [];
}

/** The complaint of the alternative that came closest: one whose type is right, else the first. */
function checkUnion(of: readonly Schema[], value: Json, path: string): readonly Violation[] {
  const complaints = of.map((each) => checkValue(each, value, path));
  return (
    complaints.find((each) => each.length === 0) ??
    complaints.find((each) => each.every((violation) => !violation.isTypeError)) ??
    complaints[0] ??
    []
  );
}
