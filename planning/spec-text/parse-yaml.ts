import { Composer, LineCounter, Lexer, Parser, type Document, type ParsedNode } from 'yaml';
import type { CST } from 'yaml';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { syntaxProblem } from './syntax-problems.ts';
import { specKind, type YamlKind } from './yaml-kind.ts';

/** A spec is at most six levels deep; the `yaml` library recurses over levels, so more than this never reaches it. */
const maxDepth = 32;
/** Indentation (with `- ` and `? `) that no readable spec has; it bounds the depth of blocks before they are built. */
const maxIndent = 200;
/** Bounds the memory: 10,000 nodes take about 600,000 tokens, and a token up to 500 bytes. */
const maxTokens = 2_000_000;
/** After these many syntax errors the rest are mostly echoes. */
const maxSyntaxErrors = 20;

/** A composed document, and the lines of its text. */
export interface YamlText {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** A limit of this reader, met at an offset of the text. */
class LimitReached extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const tooDeep = (offset: number) => new LimitReached(offset, `it is nested more than ${maxDepth} levels deep`);

/**
 * Reads one YAML 1.2 document (JSON is YAML too): core schema, no merge keys, text as keys. Time and memory are bounded
 * for any input. Throws UserError SPEC_SYNTAX (LESSON_SYNTAX) with every syntax error's place; duplicate keys, aliases and tags are
 * left to yaml-value.ts.
 */
export function parseYaml(text: string, file: string, kind: YamlKind = specKind): YamlText {
  const lines = lineCounter(text);
  const { noun } = kind;
  const problem = (offset: number, parts: Omit<Problem, 'code' | 'place'>): Problem => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return {
      code: kind.codes.syntax,
      place: { kind: 'file', file, line: Math.max(1, line), column: Math.max(1, col) },
      ...parts,
    };
  };
  try {
    const { document, second } = compose(text);
    const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
    const problems = firstOfEachLine(errors, lines)
      .slice(0, maxSyntaxErrors)
      .map(({ code, pos, message }) => problem(pos[0], syntaxProblem(code, { text, offset: pos[0], noun }, message)));
    if (second !== undefined)
      problems.push(problem(second, syntaxProblem('MULTIPLE_DOCS', { text, offset: second, noun })));
    if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
      problems.push(problem(0, syntaxProblem('BAD_DIRECTIVE', { text, offset: 0, noun })));
    }
    const [first, ...more] = problems;
    if (first) throw new UserError(first, ...more);
    return { document, lines };
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(problem(0, limitParts(tooDeep(0), noun)));
    if (error instanceof LimitReached) throw new UserError(problem(error.offset, limitParts(error, noun)));
    throw error;
  }
}

const limitParts = ({ message }: LimitReached, noun: string) => ({
  message: `The ${noun} cannot be read: ${message}`,
  found: 'more than that',
  allowed: `at most ${maxDepth} levels and ${maxTokens.toLocaleString('en-US')} words and signs`,
  fix: `Check that this is the right file: no ${noun} is like that`,
});

/** What follows on the same line is mostly an echo. */
function firstOfEachLine<Found extends { readonly pos: readonly [number, number] }>(
  errors: readonly Found[],
  lines: LineCounter,
): readonly Found[] {
  const lineOf = (error: Found | undefined) => error && lines.linePos(error.pos[0]).line;
  return errors.filter((error, index) => lineOf(error) !== lineOf(errors[index - 1]));
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/** Composes the first document; `second` is where another one starts. */
function compose(text: string): { readonly document: Document.Parsed; readonly second?: number } {
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    schema: 'core',
    strict: true,
    merge: false,
    resolveKnownTags: false,
    // The library compares every key with every other one; yaml-value.ts does it in linear time.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
  });
  let started = false;
  let strays = 0;
  for (const token of boundedTokens(text)) {
    if (token.type === 'document') {
      if (started) return { document: composed(composer, text), second: token.offset };
      started = true;
      limitDepth(token);
    }
    // Each would be kept with a stack trace: a file of a million stray brackets is told by its first ones.
    if (token.type === 'error' && ++strays > maxSyntaxErrors) break;
    // It gives a document only when the next one starts, which ends this loop.
    for (const _ of composer.next(token));
  }
  return { document: composed(composer, text) };
}

function composed(composer: Composer, text: string): Document.Parsed {
  const [document] = composer.end(true, text.length);
  if (!document) throw new Error('the composer gave no document');
  return document;
}

/** The lexer's own marks (start of document, flow end, a scalar follows) stand for no text. */
const marks = new Set(['\u0002', '\u0018', '\u001f']);
const indicators = new Set(['-', '?', ':']);

/** The parser's tokens; stops before the library would need too much memory or stack. */
function* boundedTokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  const depth = new DepthGauge();
  let offset = 0;
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (depth.isTooDeep(lexeme)) throw tooDeep(offset);
    if (++count > maxTokens) throw new LimitReached(offset, 'it is far longer than any');
    yield* parser.next(lexeme);
    if (!marks.has(lexeme)) offset += lexeme.length;
  }
  yield* parser.end();
}

/** Bounds the depth by what the lexer sees: open brackets, and the indentation of each line with its indicators. */
class DepthGauge {
  #brackets = 0;
  #indent = 0;
  #atLineStart = true;

  isTooDeep(lexeme: string): boolean {
    if (lexeme === '[' || lexeme === '{') this.#brackets++;
    else if (lexeme === ']' || lexeme === '}') this.#brackets = Math.max(0, this.#brackets - 1);
    else if (lexeme === '\u0018') this.#brackets = 0;
    if (lexeme.endsWith('\n')) this.#indent = 0;
    else if (this.#atLineStart && lexeme.startsWith(' ')) this.#indent = lexeme.length;
    const isIndicator = this.#brackets === 0 && indicators.has(lexeme);
    if (isIndicator) this.#indent += 2;
    this.#atLineStart = lexeme.endsWith('\n');
    return this.#brackets > maxDepth || (isIndicator && this.#indent > maxIndent);
  }
}

/** Measures a document without recursion: blocks, unlike brackets, are bounded only loosely while they are read. */
function limitDepth(document: CST.Document): void {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  if (document.value) open.push({ token: document.value, depth: 1 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (!('items' in token)) continue;
    if (depth > maxDepth) throw tooDeep(token.offset);
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
}
