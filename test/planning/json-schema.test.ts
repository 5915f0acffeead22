import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterSpecSchema } from '../../planning/shape/cluster-spec.ts';
import { specJsonSchema } from '../../planning/shape/json-schema.ts';
import { specText } from '../../planning/spec-text/write-spec.ts';

interface Schema {
  readonly type?: string;
  readonly minimum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const schema = specJsonSchema() as Schema;

/** A value with every key that a schema knows, in its order. */
function example(part: Schema): unknown {
  if (part.properties)
    return Object.fromEntries(Object.entries(part.properties).map(([key, inner]) => [key, example(inner)]));
  if (part.enum) return part.enum[0];
  if (part.anyOf) return 'a:b';
  if (part.type === 'array') return [example(part.items ?? {})];
  if (part.type === 'integer' || part.type === 'number') return part.minimum ?? 1;
  if (part.pattern !== undefined && !new RegExp(part.pattern).test('lab')) return '1-2';
  return part.type === 'boolean' ? true : part.type === 'object' ? { a: 1 } : 'lab';
}

describe('the JSON Schema of a spec', () => {
  it('is draft-07, the same each time, and accepted by a validator', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'mesos-cluster.yaml',
      required: ['name'],
    });
    expect(JSON.stringify(specJsonSchema())).toBe(JSON.stringify(schema));
    expect(JSON.stringify(schema)).not.toContain(String(Number.MAX_SAFE_INTEGER));
    expect(new Ajv({ strict: false }).compile(schema)(example(schema))).toBe(true);
  });

  it('refuses what the loader refuses', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const guess = fc.dictionary(
      fc.constantFrom('name', 'preset', 'counts', 'foo'),
      fc.constantFrom<unknown>('ha', 'lab', 3, {}, { masters: 1 }),
    );
    fc.assert(
      fc.property(guess, (value) => {
        expect(validate(value)).toBe(clusterSpecSchema.safeParse(value).success);
      }),
    );
  });

  it('has its keys in the order in which a spec is written', () => {
    const full = clusterSpecSchema.parse(example(schema));
    const written = specText(reversed(full) as typeof full);
    expect(written).toBe(specText(full));
  });
});

/** The same data with the keys of every map the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
