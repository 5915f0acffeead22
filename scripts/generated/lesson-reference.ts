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
  const schema = lessonJsonSchema() as Schema;
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
