import * as z from 'zod';
import { nearest } from './nearest.ts';
import { countKeyOf, translated } from './shape-words.ts';
import { listWords, pathText, showText } from './show-value.ts';
import type { SpecPath, SpecProblem } from './spec-problem.ts';
import type { YamlShape } from './yaml-shape.ts';

/** A problem in the shape of a spec, or of a lesson. */
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
export function unknownKey(path: SpecPath, key: string, value: unknown, shape: YamlShape): ShapeProblem {
  const { noun, codes } = shape.kind;
  const allowed = keysAt(path, shape);
  const counts = noun === 'spec' && typeof value === 'number' && mayCount(path);
  const count = counts ? countKeyOf(key, keysAt(['counts'], shape)) : undefined;
  const near = count === undefined ? (translated(key, allowed) ?? nearest(key, allowed)) : undefined;
  const meant =
    count !== undefined ? ['counts', count] : near === undefined ? elsewhere(path, key, shape) : [...path, near];
  const isMerge = key === mergeKey;
  return {
    problem: {
      severity: 'error',
      code: codes.unknownKey,
      path: [...path, key],
      at: 'key',
      message: isMerge
        ? 'Merge keys (<<) are not part of YAML 1.2'
        : `${path.length === 0 ? `The ${noun}` : pathText(path)} has no key ${showText(key)}`,
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
const elsewhere = (path: SpecPath, key: string, shape: YamlShape): SpecPath | undefined =>
  placesOf(key, shape, path)[0] ?? (path.length === 0 ? undefined : placesOf(key, shape, [])[0]);

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}

/** What a path of the schema is; a path into a map of any keys stays at that map. */
function schemaAt(path: SpecPath, shape: YamlShape): z.core.$ZodType {
  let { schema } = shape;
  for (const key of path) {
    if (schema instanceof z.ZodArray) schema = unwrapped(schema.element);
    else if (schema instanceof z.ZodObject) {
      const keys = schema.shape as z.core.$ZodShape;
      if (Object.hasOwn(keys, key)) schema = unwrapped(keys[key] ?? schema);
    }
  }
  return schema;
}

/** Keys of the map at a path of the schema. */
function keysAt(path: SpecPath, shape: YamlShape): readonly string[] {
  const schema = schemaAt(path, shape);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Every place below a path of the schema that has a key of this name. */
function placesOf(key: string, shape: YamlShape, path: SpecPath): readonly SpecPath[] {
  const keys = path.length === 0 ? keysOf(shape) : keysBelow(schemaAt(path, shape), path, shape);
  return keys.filter((place) => place.at(-1) === key);
}

/** Of the whole file: worked out once, because a file that is no spec has thousands of unknown keys. */
const known = new WeakMap<YamlShape, readonly SpecPath[]>();

function keysOf(shape: YamlShape): readonly SpecPath[] {
  const before = known.get(shape);
  if (before !== undefined) return before;
  const made = keysBelow(shape.schema, [], shape);
  known.set(shape, made);
  return made;
}

function keysBelow(schema: z.core.$ZodType, path: SpecPath, shape: YamlShape): readonly SpecPath[] {
  if (shape.looksInLists && schema instanceof z.ZodArray) {
    return keysBelow(unwrapped(schema.element), [...path, 0], shape);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as z.core.$ZodShape).flatMap(([name, inner]) => {
    const here = [...path, name];
    // Roles under images: hardly what a role elsewhere is meant to be.
    return path.length === 0 && name === 'images' ? [here] : [here, ...keysBelow(unwrapped(inner), here, shape)];
  });
}
