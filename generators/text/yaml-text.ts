import { yamlScalar } from '../../planning/spec-text/yaml-scalar.ts';

/*
 * Writes YAML with comments. The yaml package does this too, but loading it would cost a third of the time that making
 * a lab may take (npm run bench); what it is trusted with is reading: tests parse all of this back with it.
 */

export type Yaml = string | number | boolean | YamlMap | YamlList | YamlFlow | YamlBlock | YamlAlias;

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  /** Name under which the map can be repeated. */
  readonly anchor?: string;
}
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly Yaml[];
}
/** A short list on one line: `["CMD", "true"]`. */
export interface YamlFlow {
  readonly kind: 'flow';
  readonly items: readonly string[];
}
/** Text of several lines as it is, without a line end behind the last: for scripts. */
export interface YamlBlock {
  readonly kind: 'block';
  /** Lines do not begin with a space. */
  readonly text: string;
}
export interface YamlAlias {
  readonly kind: 'alias';
  readonly anchor: string;
}
export interface YamlEntry {
  readonly key: string;
  readonly value: Yaml;
  /** Stands on lines of its own above the entry; says why, not what. */
  readonly comment?: string | undefined;
  /** An empty line in front. */
  readonly apart?: boolean;
}

export const list = (items: readonly Yaml[]): YamlList => ({ kind: 'list', items });
export const flow = (items: readonly string[]): YamlFlow => ({ kind: 'flow', items });
export const block = (text: string): YamlBlock => ({ kind: 'block', text });
export const alias = (anchor: string): YamlAlias => ({ kind: 'alias', anchor });
export const entry = (key: string, value: Yaml, comment?: string): YamlEntry => ({ key, value, comment });

/** A map; entries that are undefined or false are left out, so that conditions can stand in the list. */
export const map = (entries: readonly (YamlEntry | undefined | false)[], anchor?: string): YamlMap => ({
  kind: 'map',
  entries: entries.filter((candidate) => candidate !== undefined && candidate !== false),
  ...(anchor === undefined ? {} : { anchor }),
});

const commentLines = (comment: string, indent: string): string =>
  comment
    .split('\n')
    .map((line) => `${indent}# ${line}\n`)
    .join('');

/** What stands behind `key:` or `-`, with its line end. */
function valueText(value: Yaml, indent: string): string {
  if (typeof value !== 'object') return ` ${yamlScalar(value)}\n`;
  switch (value.kind) {
    case 'alias':
      return ` *${value.anchor}\n`;
    case 'flow':
      return ` [${value.items.map((item) => yamlScalar(item)).join(', ')}]\n`;
    case 'block':
      return ` |-\n${value.text
        .split('\n')
        .map((line) => `${indent}${line}\n`)
        .join('')}`;
    case 'list':
      if (value.items.length === 0) return ' []\n';
      return `\n${value.items.map((item) => `${indent}-${itemText(item, `${indent}  `)}`).join('')}`;
    case 'map': {
      const anchor = value.anchor === undefined ? '' : ` &${value.anchor}`;
      if (value.entries.length === 0) return `${anchor} {}\n`;
      return `${anchor}\n${mapText(value, indent)}`;
    }
  }
}

/** An item of a list: a map starts on the line of its hyphen. */
function itemText(item: Yaml, indent: string): string {
  if (typeof item !== 'object' || item.kind !== 'map' || item.entries.length === 0) return valueText(item, indent);
  return ` ${mapText(item, indent).slice(indent.length)}`;
}

/** The lines of a map, each indented by `indent`. */
export function mapText(value: YamlMap, indent = ''): string {
  let text = '';
  for (const { key, value: inner, comment, apart } of value.entries) {
    if (apart === true) text += '\n';
    if (comment !== undefined) text += commentLines(comment, indent);
    text += `${indent}${key === '<<' ? key : yamlScalar(key)}:${valueText(inner, `${indent}  `)}`;
  }
  return text;
}
