import { actionShapes } from '../../planning/lesson/action-shapes.ts';
import { lessonJsonSchema } from '../../planning/lesson/lesson-json-schema.ts';
import { lookShapes } from '../../planning/lesson/look-shapes.ts';
import { onOwnLabs } from '../../planning/lesson/lesson-rules.ts';
import { code, table, typeText, type Schema } from './spec-reference.ts';

/** lesson.schema.json, as published. */
export function lessonSchemaText(): string {
  return `${JSON.stringify(lessonJsonSchema(), undefined, 2)}\n`;
}

/** Tables of docs/lessons.md, by the names of their markers. */
export function lessonSections(): Readonly<Record<string, string>> {
  const schema = withoutReferences(lessonJsonSchema());
  const keys = schema.properties ?? {};
  const step = keys['setup']?.items?.properties ?? {};
  const stepsOf = (names: readonly string[]) => names.map((name) => stepText(name, step[name] ?? {})).join('\n');
  return {
    'lesson-keys': table(withoutSections(schema), ''),
    'lesson-needs': table(keys['needs'] ?? {}, 'needs.'),
    'lesson-checks': table(withoutSections(keys['checks']?.items ?? {}), 'checks[].'),
    'lesson-looks': stepsOf(Object.keys(lookShapes)),
    'lesson-actions': stepsOf(Object.keys(actionShapes)),
  };
}

/** The schema with each definition where it is referred to. */
function withoutReferences(root: object): Schema {
  const { definitions = {} } = root as { readonly definitions?: Readonly<Record<string, unknown>> };
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, allOf, ...rest } = value as {
      readonly $ref?: string;
      readonly allOf?: readonly { readonly $ref?: string }[];
    };
    const name = ($ref ?? allOf?.[0]?.$ref)?.replace('#/definitions/', '');
    const target = name === undefined ? {} : (resolved(definitions[name]) as object);
    return { ...target, ...Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, resolved(each)])) };
  };
  return resolved(root) as Schema;
}

/** Maps and lists of maps are told of elsewhere in that document. */
const withoutSections = (schema: Schema): Schema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, { properties: _, items, ...each }]) => [
      name,
      { ...each, ...(items === undefined ? {} : { items: items.properties === undefined ? items : { type: 'maps' } }) },
    ]),
  ),
});

function stepText(name: string, schema: Schema): string {
  const own =
    onOwnLabs.has(name) && !/other people/.test(schema.description ?? '') ? ' Not on clusters of other people.' : '';
  const keys = schema.properties === undefined ? `${valueText(schema)}\n` : table(schema, '');
  return `#### ${code(name)}\n\n${schema.description ?? ''}${own}\n\n${keys}`;
}

function valueText(schema: Schema): string {
  const examples = (schema.examples ?? []).map((each) => code(each)).join(', ');
  return `Its value: ${typeText(schema)}.${examples === '' ? '' : ` Examples: ${examples}`}`;
}
