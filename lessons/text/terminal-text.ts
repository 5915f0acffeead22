import { marked, type Token, type Tokens } from 'marked';
import { stripVTControlCharacters } from 'node:util';
import type { Colours } from '../../platform/terminal.ts';

/** How a text is shown. */
export interface TextStyle {
  /** Columns. */
  readonly width: number;
  readonly colours: Colours;
}

/** Lines longer than this are hard to read, however wide a terminal is. */
const mostColumns = 100;
const leastColumns = 40;

/** Markdown for a terminal, ending with a line break; HTML in it is shown as it is written. */
export function terminalText(markdown: string, { width, colours }: TextStyle): string {
  const columns = Math.max(leastColumns, Math.min(mostColumns, width));
  return `${blocks(marked.lexer(withoutControls(markdown)), { width: columns, colours })}\n`;
}

/** A text of somebody else's must not move the cursor. */
const withoutControls = (text: string) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');

function blocks(tokens: readonly Token[], style: TextStyle): string {
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token) => block(token as Tokens.Generic, style))
    .join('\n\n');
}

function block(token: Tokens.Generic, style: TextStyle): string {
  const { width, colours } = style;
  switch (token.type) {
    case 'heading':
      return colours.bold(wrap(inline(token.tokens ?? [], style), width));
    case 'code':
      return indented(String(token['text']).split('\n').map(colours.cyan).join('\n'), '    ');
    case 'blockquote':
      return indented(blocks(token.tokens ?? [], narrower(style, 2)), colours.dim('│ '));
    case 'list':
      return list(token as Tokens.List, style);
    case 'table':
      return table(token as Tokens.Table, style);
    case 'hr':
      return colours.dim('─'.repeat(width));
    default:
      return wrap(token.tokens === undefined ? token.raw.trimEnd() : inline(token.tokens, style), width);
  }
}

const narrower = (style: TextStyle, by: number): TextStyle => ({ ...style, width: style.width - by });

const indented = (text: string, by: string) =>
  text
    .split('\n')
    .map((line) => (line === '' && by.trim() === '' ? '' : `${by}${line}`))
    .join('\n');

function list({ items, ordered, start, loose }: Tokens.List, style: TextStyle): string {
  const first = typeof start === 'number' ? start : 1;
  const marks = items.map((_, index) => (ordered ? `${first + index}. ` : '• '));
  const width = Math.max(...marks.map(({ length }) => length));
  const lines = items.map((item, index) => {
    const body = blocks(item.tokens, narrower(style, width));
    const [line = '', ...rest] = (loose ? body : body.replaceAll('\n\n', '\n')).split('\n');
    const mark = style.colours.dim((marks[index] ?? '').padStart(width));
    return [`${mark}${line}`, ...rest.map((each) => (each === '' ? '' : `${' '.repeat(width)}${each}`))].join('\n');
  });
  return lines.join(loose ? '\n\n' : '\n');
}

/** As wide as its cells are: a table that is too wide is folded by the terminal. */
function table({ header, rows }: Tokens.Table, style: TextStyle): string {
  const lines = [header, ...rows].map((cells) => cells.map(({ tokens }) => inline(tokens, style)));
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => lengthOf(cells[column] ?? ''))));
  const shown = lines.map((cells) =>
    cells
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - lengthOf(cell))}`)
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = shown;
  return [
    style.colours.bold(head),
    style.colours.dim(widths.map((width) => '─'.repeat(width)).join('  ')),
    ...body,
  ].join('\n');
}

const lengthOf = (text: string) => stripVTControlCharacters(text).length;

function inline(tokens: readonly Token[], style: TextStyle): string {
  const { colours } = style;
  return tokens
    .map((token) => {
      const each = token as Tokens.Generic;
      const inside = () =>
        each.tokens === undefined ? decoded(String(each['text'] ?? each.raw)) : inline(each.tokens, style);
      switch (each.type) {
        case 'strong':
          return colours.bold(inside());
        case 'em':
          return colours.yellow(inside());
        case 'codespan':
          return colours.cyan(decoded(String(each['text'])).replaceAll(' ', hardSpace));
        case 'link':
          return linkText(inside(), String(each['href']), colours);
        case 'br':
          return '\n';
        default:
          return inside();
      }
    })
    .join('');
}

const linkText = (text: string, href: string, colours: Colours) =>
  text === href ? colours.cyan(href) : `${text} (${colours.cyan(href)})`;

/** Code is not broken into lines, unless it is longer than a line. */
const hardSpace = '\u00a0';

/** The lexer leaves text as it is written. */
const decoded = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** Breaks lines between words; a line break in the source is a space. */
function wrap(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((paragraph) => wrapWords(paragraph.split(/[ \n]+/), width))
    .join('\n')
    .replaceAll(hardSpace, ' ');
}

function wrapWords(words: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && lengthOf(next) > width) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  return [...lines, line].join('\n');
}
