import * as z from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';

type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema of mesos-cluster.yaml (spec.schema.json), in draft-07, which the YAML language server of editors
 * takes best. Deterministic: in the order of the zod schema.
 */
export function specJsonSchema(): object {
  const schema = z.toJSONSchema(clusterSpecSchema, { target: 'draft-7', io: 'input', override: withoutSafeIntegers });
  return schema;
}

/** zod gives every integer the bounds of JavaScript's; they say nothing to the author of a spec. */
export function withoutSafeIntegers({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
}
