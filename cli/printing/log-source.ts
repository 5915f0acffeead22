import type { Output } from '../../platform/terminal.ts';

/** Prints lines of logs: with their source's name in front when there are several. */
export function logPrinter(ids: readonly string[], stdout: Output): (id: string, line: string) => void {
  const width = Math.max(...ids.map((id) => id.length));
  return (id, line) => {
    stdout.write(ids.length > 1 ? `${id.padEnd(width)} | ${line}\n` : `${line}\n`);
  };
}
