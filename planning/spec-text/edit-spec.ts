import { isAlias, isCollection, isMap, isNode, isScalar, parseDocument, Scalar, type Document, type Node } from 'yaml';
import { placementOfRuntime } from '../shape/old-names.ts';
import type { SpecPath } from '../shape/spec-problem.ts';
import { schemaComment } from './write-spec.ts';
import { inlineText, safeText, yamlNode } from './write-yaml.ts';

const readingOptions = {
  version: '1.2',
  compat: 'yaml-1.1',
  merge: false,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
} as const;

/** A value to set; undefined removes the key. */
export interface SpecChange {
  readonly path: SpecPath;
  readonly value: unknown;
}

/**
 * Sets values in the text of a spec that load-spec.ts accepts. A value that replaces another one changes nothing but
 * itself; for anything else the YAML is written again with its comments, order and blank lines.
 */
export function editSpecText(text: string, changes: readonly SpecChange[]): string {
  return changes.reduce((edited, change) => editOnce(edited, change), text);
}

/**
 * Writes the names of today over those of before (planning/shape/old-names.ts), with everything around them as it is.
 * @param text of a spec that load-spec.ts accepts
 */
export function withNamesOfToday(text: string): string {
  const document = parseDocument(text, readingOptions);
  const { contents } = document;
  const pair = isMap(contents) ? contents.items.find(({ key }) => isScalar(key) && key.value === 'runtime') : undefined;
  if (pair === undefined || !isScalar(pair.key)) return text;
  const old = document.get('runtime');
  const isKnown = old === 'docker' || old === 'hosts';
  if (document.has('placement') || !isKnown || !isNode(pair.value)) {
    return editSpecText(text, [{ path: ['runtime'], value: undefined }]);
  }
  const withValue = replaced(text, pair.value, quotedAs(text, pair.value, placementOfRuntime[old]));
  return replaced(withValue, pair.key, quotedAs(text, pair.key, 'placement'));
}

/** A plain word in the quotes that were around what it replaces. */
function quotedAs(text: string, { range }: Node, word: string): string {
  const quote = /["']/.exec(text.charAt(range?.[0] ?? 0))?.[0] ?? '';
  return quote + word + quote;
}

/** Adds the comment that tells editors where the schema is, unless there is one. */
export function withSchemaComment(text: string): string {
  const plain = text.replace(/^\ufeff/, '');
  if (/^#\s*yaml-language-server:/m.test(plain)) return plain;
  return `${schemaComment}${plain.includes('\r\n') ? '\r\n' : '\n'}${plain}`;
}

function editOnce(text: string, { path, value }: SpecChange): string {
  const document = parseDocument(text, readingOptions);
  const old = document.getIn(path, true);
  const isSimple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (isSimple && isScalar(old) && isOnItsLine(old, text)) return replaced(text, old, inlineText(value));
  if (value === undefined) document.deleteIn(path);
  else setIn(document, path, value);
  return safeText(document);
}

/** A block text (`|`) goes over several lines, and what is not there has no place; both are left to the library. */
function isOnItsLine(node: Scalar, text: string): boolean {
  const [start, end] = node.range ?? [0, 0];
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  return (
    end > start &&
    !isBlock &&
    node.anchor === undefined &&
    node.tag === undefined &&
    !text.slice(start, end).includes('\n')
  );
}

function replaced(text: string, node: Node, written: string): string {
  const [start, end] = node.range ?? [0, 0];
  return text.slice(0, start) + written + text.slice(end);
}

/**
 * Makes the maps on the way, also where a key has no value or one of another kind; what an alias stands for is written
 * out first, so that the other places that share it stay as they are.
 */
function setIn(document: Document, path: SpecPath, value: unknown): void {
  if (!isMap(document.contents)) document.contents = document.createNode({});
  for (let length = 1; length < path.length; length++) {
    const part = path.slice(0, length);
    const node = document.getIn(part, true);
    const shared = isAlias(node) ? node.resolve(document) : undefined;
    if (isCollection(shared)) {
      const copy = shared.clone();
      if (isCollection(copy)) delete copy.anchor;
      document.setIn(part, copy);
    } else if (!isCollection(node)) {
      document.setIn(part, document.createNode(typeof path[length] === 'number' ? [] : {}));
    }
  }
  document.setIn(path, yamlNode(value));
}
