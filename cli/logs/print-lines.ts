import type { Colours } from '../../platform/terminal.ts';
import type { LogLine } from './log-line.ts';

/** Names that are longer do not move all others. */
const mostWidth = 32;

/** Lines as text to be written, each with its end. */
export type LinePrinter = (lines: readonly LogLine[]) => string;

/** One JSON object a line, `{"time":…,"timeOf":…,"source":…,"kind":…,"line":…}`. */
export const printJson: LinePrinter = (lines) =>
  lines
    .map(({ source: { id, kind, stream, agent }, text, at, timeOf }) =>
      JSON.stringify({ time: new Date(at).toISOString(), timeOf, source: id, kind, stream, agent, line: text }),
    )
    .map((line) => `${line}\n`)
    .join('');

/** The line alone: there is one source. */
export const printBare: LinePrinter = (lines) => lines.map(({ text }) => `${text}\n`).join('');

/**
 * With the name of the source in front, in a colour of its family.
 * @param names of sources that are known already, for their width
 */
export function printNamed(names: readonly string[], colours: Colours): LinePrinter {
  const palette = [colours.cyan, colours.green, colours.yellow, colours.magenta, colours.blue] as const;
  const given = new Map<string, number>();
  let width = Math.max(0, ...names.map((name) => name.length));
  const colourOf = (family: string) => {
    const index = given.get(family) ?? given.size;
    given.set(family, index);
    return palette[index % palette.length] ?? colours.cyan;
  };
  return (lines) => {
    for (const { source } of lines) width = Math.max(width, Math.min(source.name.length, mostWidth));
    return lines
      .map(({ source: { name, family }, text }) => `${colourOf(family)(`${name.padEnd(width)} |`)} ${text}\n`)
      .join('');
  };
}
