import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node, type ScalarTag, type ToStringOptions } from 'yaml';

/*
 * Everything that is written as YAML, the spec and the Compose files, passes here. Readers are of YAML 1.1, of 1.2, or
 * (Compose's) of some of both: text that either version takes for something else, such as on, 0777 or 12:30, gets quotes.
 */
const dialect = { version: '1.2', compat: 'yaml-1.1' } as const;

const layout = { lineWidth: 0, flowCollectionPadding: false, doubleQuotedMinMultiLineLength: Infinity } as const;

/**
 * Line ends and what does not print; and marks of direction and of no width, which would make a line read differently
 * from what it says.
 */
const special = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/;

/** Of these, what the package writes as it is: it stands in double quotes only. */
const unescaped = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** `---`, `<<`, `=`, `~`: some of these mean something to some reader. */
const withoutWord = /^\W*$/;

/** The key `<<`, under which a map takes over what another one has; as a text it would get quotes. */
export const mergeKey = Symbol('<<');
const mergeTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:merge',
  default: 'key',
  identify: (value) => value === mergeKey,
  resolve: () => mergeKey,
  stringify: () => '<<',
};

/** A text, number, boolean or `mergeKey`, on one line. */
export function yamlScalar(value: unknown): Scalar {
  const scalar = new Scalar(value);
  const isQuoted = typeof value === 'string' && (special.test(value) || withoutWord.test(value));
  if (isQuoted) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Data as it is, in its order; keys without a value are left out. */
export function yamlNode(value: unknown): Node {
  if (Array.isArray(value)) return yamlList(value.map(yamlNode));
  if (typeof value !== 'object' || value === null) return yamlScalar(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return yamlMap(entries.map(([key, inner]) => new Pair(yamlScalar(key), yamlNode(inner))));
}

export function yamlMap(entries: readonly Pair[]): YAMLMap {
  const map = new YAMLMap();
  map.items = [...entries];
  return map;
}

/** @param onOneLine `[like, this]` */
export function yamlList(items: readonly Node[], onOneLine = false): YAMLSeq {
  const list = new YAMLSeq();
  list.items = [...items];
  if (onOneLine) list.flow = true;
  return list;
}

/** The text of a document. */
export function yamlText(contents: Node): string {
  const document = new Document(undefined, { ...dialect, customTags: [mergeTag] });
  document.contents = contents;
  // It has none, and to look for them costs a tenth of the writing.
  return safeText(document, { ...layout, directives: false });
}

/** The text of a document that was read, and changed. */
export function safeText(document: Document, options: ToStringOptions = layout): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return document.toString(options).replace(unescaped, escape);
}

/** The text of a scalar, to be put into a line. */
export function inlineText(value: string | number | boolean): string {
  return yamlText(yamlList([yamlScalar(value)], true)).slice('['.length, -']\n'.length);
}
