import { specJsonSchema } from '../../planning/shape/json-schema.ts';
import { imageParts } from '../../planning/catalogue/roles.ts';
import { writtenBy } from './written-by.ts';

/** What the reference reads of a JSON Schema. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
}

/** spec.schema.json, as published. */
export function specSchema(): string {
  return `${JSON.stringify(specJsonSchema(), undefined, 2)}\n`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
};

export const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** A type, as a person says it. */
export function typeText(schema: Schema): string {
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(', or ');
  if (schema.type === 'array') {
    const items = schema.items?.properties ? 'maps' : typeText(schema.items ?? {});
    return items === '' ? 'list' : `list of ${items}`;
  }
  if (typeof schema.additionalProperties === 'object') {
    const values = typeText(schema.additionalProperties);
    return values === '' ? 'map' : `map of names to ${values}`;
  }
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return `${types.map((type) => typeNames[type] ?? type).join(', ')}${rangeText(schema)}`;
}

/** zod gives every whole number the bounds of JavaScript's; they say nothing. */
const isBound = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function rangeText({ minimum, maximum }: Schema): string {
  if (isBound(minimum) && isBound(maximum)) return `, ${String(minimum)} to ${String(maximum)}`;
  return isBound(minimum) ? `, at least ${String(minimum)}` : '';
}

function meaningText(schema: Schema, required: boolean): string {
  const example = schema.examples?.length ? ` Example: ${schema.examples.map(code).join(', ')}` : '';
  return `${required ? '**Required.** ' : ''}${schema.description ?? ''}${example}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function table(schema: Schema, prefix: string): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const columns = [
      code(`${prefix}${key}`),
      isSection(value) ? `see [below](#${anchor(key, prefix)})` : typeText(value),
      value.default === undefined ? '' : code(value.default),
      meaningText(value, schema.required?.includes(key) === true),
    ];
    return `| ${columns.map(cell).join(' | ')} |\n`;
  });
  return `| key | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

const inner = (schema: Schema): Schema => (schema.type === 'array' ? (schema.items ?? {}) : schema);
const isSection = (schema: Schema): boolean => inner(schema).properties !== undefined;

/** As GitHub makes it from a heading in back quotes. */
const anchor = (key: string, prefix: string): string => `${prefix}${key}`.replace(/[^A-Za-z0-9-]/g, '').toLowerCase();

/** The section of a map or a list of maps, and those of the maps in it. */
function sections(path: string, outer: Schema): readonly string[] {
  const schema = inner(outer);
  const title = outer.type === 'array' ? `${path}[]` : path;
  // All parts have the same keys, or fewer: one table says them.
  const alike = path === 'images.overrides';
  const shown: Schema = alike ? (schema.properties?.['mesos-master'] ?? {}) : schema;
  const parts = alike ? `One map for each of ${imageParts.map(code).join(', ')}.\n\n` : '';
  const prefix = alike ? `${path}.PART.` : `${title}.`;
  const description = outer.description === undefined ? '' : `${outer.description}\n\n`;
  return [`## \`${title}\`\n\n${description}${parts}${table(shown, prefix)}`, ...(alike ? [] : below(schema, prefix))];
}

function below(schema: Schema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, value]) => isSection(value))
    .flatMap(([key, value]) => sections(`${prefix}${key}`, value));
}

/** docs/spec.md: every key of mesos-cluster.yaml. */
export function specReference(): string {
  const schema = specJsonSchema() as Schema;
  return `${writtenBy('planning/shape/cluster-spec.ts')}
# mesos-cluster.yaml

What a lab is; the only file of it to edit. YAML 1.2, strict: a key that is not here is an error. The first line
names the JSON Schema, with which editors complete and check it.

${table(schema, '')}
${below(schema, '').join('\n')}`;
}
