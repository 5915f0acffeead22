import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem } from './rule.ts';

/** What is wrong with a number that has to be whole and within bounds, if it is there. */
export function wholeNumber(
  value: number | undefined,
  path: SpecPath,
  { least, most, fix }: { readonly least: number; readonly most: number; readonly fix: string },
): readonly SpecProblem[] {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
  return [
    problem('SPEC_VALUE', path, `${path.join('.')} is not a number that can be had`, {
      found: String(value),
      allowed: `a whole number from ${least} to ${most}`,
      fix,
    }),
  ];
}
