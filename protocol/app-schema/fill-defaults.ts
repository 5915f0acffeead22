import { isJsonObject } from '../json.ts';
import type { Json } from '../mesos.ts';
import { literalOf } from './check-value.ts';
import type { Fields, Schema } from './schema.ts';

/**
 * A document with the defaults of its schema filled in, at every depth. Unknown fields and `null` are left out.
 * @param partial only inside what is given: for updates, whose missing top-level fields mean "as before"
 */
export function fillDefaults(fields: Fields, value: Readonly<Record<string, Json>>, partial = false) {
  const filled: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given !== undefined && given !== null) filled[name] = fillInside(field.schema, given);
    else if (!partial && field.byDefault !== undefined) {
      filled[name] = fillInside(field.schema, field.byDefault as Json);
    }
  }
  return filled;
}

function fillInside(schema: Schema, value: Json): Json {
  if (schema.kind === 'object' && isJsonObject(value)) return fillDefaults(schema.fields, value);
  if (schema.kind === 'array' && Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => fillInside(schema.items, item));
  }
  if (schema.kind === 'map' && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillInside(schema.values, each)]));
  }
  if (schema.kind === 'union') {
    const match = schema.of.find((each) => (each.kind === 'object') === isJsonObject(value));
    return match === undefined ? value : fillInside(match, value);
  }
  if (schema.kind === 'string' && schema.oneOf !== undefined && typeof value === 'string') {
    return literalOf(schema.oneOf, value) ?? value;
  }
  return value;
}
