import { marked, type Token, type Tokens } from 'marked';
import type { TextBlock, TextSpan } from '../../protocol/lesson-text.ts';

/** What is nested deeper is shown as it is written: no text of a person is. */
const mostDepth = 12;

/** Reads Markdown; HTML and pictures in it are text, as they are written. */
export function readText(markdown: string): readonly TextBlock[] {
  const text = withoutControls(markdown);
  try {
    return blocks(marked.lexer(text), 0);
  } catch (error) {
    // Quotes in quotes by the thousand are too deep for marked.
    if (!(error instanceof RangeError)) throw error;
    return [{ kind: 'paragraph', spans: [{ kind: 'text', text }] }];
  }
}

/** A text of somebody else's must not move the cursor. */
const withoutControls = (text: string) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');

function blocks(tokens: readonly Token[], depth: number): readonly TextBlock[] {
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token) => block(token as Tokens.Generic, depth));
}

const asWritten = ({ raw }: Pick<Token, 'raw'>): readonly TextSpan[] => [{ kind: 'text', text: raw.trimEnd() }];

function block(token: Tokens.Generic, depth: number): TextBlock {
  if (depth > mostDepth) return { kind: 'paragraph', spans: asWritten(token) };
  const inner = token.tokens ?? [];
  switch (token.type) {
    case 'heading':
      return { kind: 'heading', depth: Number(token['depth']), spans: spans(inner, depth) };
    case 'code':
      return { kind: 'code', text: String(token['text']) };
    case 'blockquote':
      return { kind: 'quote', blocks: blocks(inner, depth + 1) };
    case 'list':
      return list(token as Tokens.List, depth);
    case 'table':
      return table(token as Tokens.Table, depth);
    case 'hr':
      return { kind: 'rule' };
    default:
      return { kind: 'paragraph', spans: token.tokens === undefined ? asWritten(token) : spans(inner, depth) };
  }
}

function list({ items, ordered, start, loose }: Tokens.List, depth: number): TextBlock {
  return {
    kind: 'list',
    ...(ordered ? { start: typeof start === 'number' ? start : 1 } : {}),
    isLoose: loose,
    items: items.map(({ tokens }) => blocks(tokens, depth + 1)),
  };
}

function table({ header, rows }: Tokens.Table, depth: number): TextBlock {
  const cells = (row: readonly Tokens.TableCell[]) => row.map(({ tokens }) => spans(tokens, depth));
  return { kind: 'table', head: cells(header), rows: rows.map(cells) };
}

const spans = (tokens: readonly Token[], depth: number): readonly TextSpan[] =>
  tokens.flatMap((token) => spansOf(token as Tokens.Generic, depth));

function spansOf(token: Tokens.Generic, depth: number): readonly TextSpan[] {
  const text = decoded(String(token['text'] ?? token.raw));
  const inside = (): readonly TextSpan[] =>
    token.tokens === undefined || depth > mostDepth ? [{ kind: 'text', text }] : spans(token.tokens, depth + 1);
  switch (token.type) {
    case 'strong':
      return [{ kind: 'strong', spans: inside() }];
    case 'em':
      return [{ kind: 'emphasis', spans: inside() }];
    case 'codespan':
      return [{ kind: 'code', text }];
    case 'link':
      return [{ kind: 'link', href: String(token['href']), spans: inside() }];
    case 'br':
      return [{ kind: 'break' }];
    default:
      return inside();
  }
}

/** The lexer leaves text as it is written. */
const decoded = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
