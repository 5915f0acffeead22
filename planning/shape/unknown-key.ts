import * as z from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';
import { nearest } from './nearest.ts';
import { countKeyOf, translated } from './shape-words.ts';
import { listWords, pathText, showText } from './show-value.ts';
import type { SpecPath, SpecProblem } from './spec-problem.ts';

/** A problem in the shape of a spec. */
export interface ShapeProblem {
  readonly problem: SpecProblem;
  /** For a key that does not exist: the one that is likely meant. */
  readonly meant?: SpecPath;
}

/** YAML 1.1 had merge keys. */
const mergeKey = '<<';

/**
 * A key that its map cannot have, and the one that is likely meant: here, in a map inside, or elsewhere.
 *
 * @param path of the map
 */
export function unknownKey(path: SpecPath, key: string, value: unknown): ShapeProblem {
  const allowed = keysAt(path);
  const count = typeof value === 'number' && mayCount(path) ? countKeyOf(key, keysAt(['counts'])) : undefined;
  const near = count === undefined ? (translated(key, allowed) ?? nearest(key, allowed)) : undefined;
  const meant = count !== undefined ? ['counts', count] : near === undefined ? elsewhere(path, key) : [...path, near];
  const isMerge = key === mergeKey;
  return {
    problem: {
      severity: 'error',
      code: 'SPEC_UNKNOWN_KEY',
      path: [...path, key],
      at: 'key',
      message: isMerge
        ? 'Merge keys (<<) are not part of YAML 1.2'
        : `${path.length === 0 ? 'The spec' : pathText(path)} has no key ${showText(key)}`,
      found: showText(key),
      allowed: listWords(allowed),
      fix: isMerge
        ? 'Write the keys out, or use an alias as the whole value: key: *name'
        : meant === undefined
          ? 'Remove it'
          : near === undefined
            ? `It belongs elsewhere: ${pathText(meant)}`
            : `Did you mean ${near}?`,
    },
    ...(meant === undefined ? {} : { meant }),
  };
}

/** Where a number under the name of a role says how many there are; under `ports` it is something else. */
const mayCount = (path: SpecPath) => path.length === 0 || path[0] === 'mesos';

/** A key of this name further inside, else anywhere. */
const elsewhere = (path: SpecPath, key: string): SpecPath | undefined =>
  placesOf(key, schemaAt(path), path)[0] ?? (path.length === 0 ? undefined : placesOf(key)[0]);

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}

/** What a path of the schema is; a path into a map of any keys stays at that map. */
function schemaAt(path: SpecPath): z.core.$ZodType {
  let schema: z.core.$ZodType = clusterSpecSchema;
  for (const key of path) {
    if (schema instanceof z.ZodArray) schema = unwrapped(schema.element);
    else if (schema instanceof z.ZodObject) {
      const shape = schema.shape as z.core.$ZodShape;
      if (Object.hasOwn(shape, key)) schema = unwrapped(shape[key] ?? schema);
    }
  }
  return schema;
}

/** Keys of the map at a path of the schema. */
function keysAt(path: SpecPath): readonly string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Every place below a path of the schema that has a key of this name, but in lists. */
function placesOf(key: string, schema: z.core.$ZodType = clusterSpecSchema, path: SpecPath = []): readonly SpecPath[] {
  const keys = path.length === 0 ? (allKeys ??= keysBelow(schema, [])) : keysBelow(schema, path);
  return keys.filter((place) => place.at(-1) === key);
}

/** Of the whole spec: worked out once, because a file that is no spec has thousands of unknown keys. */
let allKeys: readonly SpecPath[] | undefined;

function keysBelow(schema: z.core.$ZodType, path: SpecPath): readonly SpecPath[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as z.core.$ZodShape).flatMap(([name, inner]) => {
    const here = [...path, name];
    // Roles under images: hardly what a role elsewhere is meant to be.
    return path.length === 0 && name === 'images' ? [here] : [here, ...keysBelow(unwrapped(inner), here)];
  });
}
