import * as z from 'zod';
import { withoutSafeIntegers } from '../shape/json-schema.ts';
import { lessonSchema } from './lesson-shape.ts';

/** The JSON Schema of lesson.yaml (lesson.schema.json), in draft-07 as that of a spec. */
export function lessonJsonSchema(): object {
  return z.toJSONSchema(lessonSchema, { target: 'draft-7', io: 'input', override: withoutSafeIntegers });
}
