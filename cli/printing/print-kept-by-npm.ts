import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { pastNpm } from '../command-line/kept-by-npm.ts';
import { printWarnings } from '../lab/report-lab.ts';

/** Says that what was typed has not come here. @param kept flags, one at least */
export function printKeptByNpm(context: Context, line: CommandLine, kept: readonly string[]): void {
  printWarnings(context, line, [
    {
      code: 'USAGE_ARGUMENTS',
      message: `npm took ${kept.join(' and ')} for its own, and this runs without`,
      fix: `Put -- before what is not npm's: ${pastNpm(context.env, kept)}`,
    },
  ]);
}
