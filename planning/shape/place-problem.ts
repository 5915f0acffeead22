import type { Problem } from '../../errors/user-error.ts';
import type { Locate, SpecProblem } from './spec-problem.ts';

/** A problem of the spec as its author sees it, at its place. */
export function placeProblem({ severity: _, path, at, ...problem }: SpecProblem, locate: Locate): Problem {
  return { ...problem, place: locate(path, at ?? 'value') };
}
