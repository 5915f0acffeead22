import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Place, Problem } from '../../errors/user-error.ts';

/** Keys and indices from the root of the spec: `['nodes', 1, 'address']`. */
export type SpecPath = readonly (string | number)[];

/** What is wrong in what the spec means, at a path; where that path stands in a file or on the command line comes later. */
export interface SpecProblem {
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  readonly path: SpecPath;
  /** Whether the key or its value is at fault; the value unless said otherwise. */
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly found?: string;
  readonly allowed?: string;
  readonly fix?: string;
}

/** Finds the place of a path: line and column in mesos-cluster.yaml, or the flag that set it. */
export type Locate = (path: SpecPath, at: 'key' | 'value') => Place;

/** A problem of the spec as its author sees it, at its place. */
export function placeProblem({ severity: _, path, at, ...problem }: SpecProblem, locate: Locate): Problem {
  return { ...problem, place: locate(path, at ?? 'value') };
}
