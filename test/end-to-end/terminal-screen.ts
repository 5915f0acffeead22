/** What moves the cursor, erases, or writes; everything else of ECMA-48 does not occur in what the questions draw. */
const token = /\u001b\[([0-9;?]*)([A-Za-z])|([\s\S])/gu;

/**
 * What stands on a terminal in the end, line by line without the spaces behind it: questions are drawn again with every
 * key, and only the last drawing stays.
 * @param raw everything that was written to the terminal; lines must not wrap or scroll
 * @throws when a code occurs that this does not know
 */
export function screenText(raw: string): string {
  const lines: string[][] = [];
  let row = 0;
  let column = 0;
  for (const [code, parameter = '', command, character] of raw.matchAll(token)) {
    const count = Number(parameter) || 1;
    const line = (lines[row] ??= []);
    if (character === '\n') row++;
    else if (character === '\r') column = 0;
    else if (character !== undefined) line[column++] = character;
    else if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'B') row += count;
    else if (command === 'C') column += count;
    else if (command === 'D') column = Math.max(0, column - count);
    else if (command === 'G') column = count - 1;
    else if (command === 'K' && parameter === '2') lines[row] = [];
    else if (command === 'K' || command === 'J') {
      line.length = Math.min(line.length, column);
      if (command === 'J') lines.length = row + 1;
    } else if (!['m', 'h', 'l'].includes(command ?? '')) throw new Error(`unknown code: ${JSON.stringify(code)}`);
  }
  // Cells and lines that were jumped over are holes.
  const lineText = (line: readonly string[] = []) =>
    Array.from(line, (cell: string | undefined) => cell ?? ' ').join('');
  return Array.from(lines, (line) => lineText(line).trimEnd()).join('\n');
}
