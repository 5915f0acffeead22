import { stripVTControlCharacters } from 'node:util';
import type { Colours } from '../../platform/terminal.ts';
import type { TextBlock, TextSpan } from '../../protocol/lesson-text.ts';
import { readText } from './read-text.ts';

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
  return `${blocks(readText(markdown), { width: columns, colours })}\n`;
}

const blocks = (all: readonly TextBlock[], style: TextStyle): string =>
  all.map((each) => block(each, style)).join('\n\n');

function block(shown: TextBlock, style: TextStyle): string {
  const { width, colours } = style;
  switch (shown.kind) {
    case 'paragraph':
      return wrap(inline(shown.spans, style), width);
    case 'heading':
      return colours.bold(wrap(inline(shown.spans, style), width));
    case 'code':
      return indented(shown.text.split('\n').map(colours.cyan).join('\n'), '    ');
    case 'quote':
      return indented(blocks(shown.blocks, narrower(style, 2)), colours.dim('│ '));
    case 'list':
      return list(shown, style);
    case 'table':
      return table(shown, style);
    case 'rule':
      return colours.dim('─'.repeat(width));
  }
}

const narrower = (style: TextStyle, by: number): TextStyle => ({ ...style, width: style.width - by });

const indented = (text: string, by: string) =>
  text
    .split('\n')
    .map((line) => (line === '' && by.trim() === '' ? '' : `${by}${line}`))
    .join('\n');

function list({ items, start, isLoose }: Extract<TextBlock, { readonly kind: 'list' }>, style: TextStyle): string {
  const marks = items.map((_, index) => (start === undefined ? '• ' : `${start + index}. `));
  const width = Math.max(...marks.map(({ length }) => length));
  const lines = items.map((item, index) => {
    const body = blocks(item, narrower(style, width));
    const [line = '', ...rest] = (isLoose ? body : body.replaceAll('\n\n', '\n')).split('\n');
    const mark = style.colours.dim((marks[index] ?? '').padStart(width));
    return [`${mark}${line}`, ...rest.map((each) => (each === '' ? '' : `${' '.repeat(width)}${each}`))].join('\n');
  });
  return lines.join(isLoose ? '\n\n' : '\n');
}

/** As wide as its cells are: a table that is too wide is folded by the terminal. */
function table({ head, rows }: Extract<TextBlock, { readonly kind: 'table' }>, style: TextStyle): string {
  const lines = [head, ...rows].map((cells) => cells.map((spans) => inline(spans, style)));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => lengthOf(cells[column] ?? ''))));
  const shown = lines.map((cells) =>
    cells
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - lengthOf(cell))}`)
      .join('  ')
      .trimEnd(),
  );
  const [first = '', ...body] = shown;
  return [
    style.colours.bold(first),
    style.colours.dim(widths.map((width) => '─'.repeat(width)).join('  ')),
    ...body,
  ].join('\n');
}

const lengthOf = (text: string) => stripVTControlCharacters(text).length;

function inline(spans: readonly TextSpan[], style: TextStyle): string {
  const { colours } = style;
  return spans
    .map((span) => {
      switch (span.kind) {
        case 'text':
          return span.text;
        case 'code':
          return colours.cyan(span.text.replaceAll(' ', hardSpace));
        case 'strong':
          return colours.bold(inline(span.spans, style));
        case 'emphasis':
          return colours.yellow(inline(span.spans, style));
        case 'link':
          return linkText(inline(span.spans, style), span.href, colours);
        case 'break':
          return '\n';
      }
    })
    .join('');
}

const linkText = (text: string, href: string, colours: Colours) =>
  text === href ? colours.cyan(href) : `${text} (${colours.cyan(href)})`;

/** Code is not broken into lines, unless it is longer than a line. */
const hardSpace = '\u00a0';

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
