import { flagUsage } from './help.ts';
import { flagGroups, type Flag } from './flag.ts';
import { flags } from './flags.ts';

/** The flags as Markdown tables, one per group, for the README; a test proves that they are current. */
export function flagTable(): string {
  return flagGroups
    .map((group) => {
      const rows = flags.filter((flag) => flag.group === group).map(tableRow);
      return `### ${group}\n\n| flag | what it does | key of the spec |\n| --- | --- | --- |\n${rows.join('')}`;
    })
    .join('\n');
}

function tableRow(flag: Flag): string {
  const description = `${flag.description}${flag.repeats ? ' (may repeat)' : ''}`;
  const key = flag.sets === undefined ? '' : `\`${flag.sets}\``;
  const cells = [`\`${flagUsage(flag)}\``, description, key].map((cell) => cell.replaceAll('|', '\\|'));
  return `| ${cells.join(' | ')} |\n`;
}
