import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { printWarnings } from '../lab/report-lab.ts';

/** Warns of flags that have another name now; they mean what they meant. */
export function printFormerFlags(context: Context, line: CommandLine): void {
  const warnings = line.uses.flatMap(({ flag, text }) => {
    const now = flag.formerly?.[line.verb]?.(text);
    if (now === undefined) return [];
    const place = { kind: 'flag', flag: `--${flag.name}` } as const;
    const message = `--${flag.name} ${text} is called ${now} now`;
    return [{ code: 'USAGE_FLAG_VALUE', message, place, fix: `Write ${now}` } as const];
  });
  printWarnings(context, line, warnings);
}
