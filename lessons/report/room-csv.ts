import type { Room } from './grade.ts';
import { standingMark } from './standing.ts';

/** The table of a room for a spreadsheet, as RFC 4180 has it. */
export function roomCsv({ lessons, rows }: Room): string {
  const head = ['learner', ...lessons.map(({ lesson }) => lesson), 'passed', 'reached', 'hints', 'solved', 'file'];
  const lines = rows.map(({ learner, standings, passed, reached, hints, solved, file }) => [
    ...[learner, ...standings.map(standingMark)],
    ...[passed, reached, hints, solved].map(String),
    file,
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** A text that begins like a formula would be one: an apostrophe before it, as spreadsheets want. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
