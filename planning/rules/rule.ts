import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';

/** One rule, or a few that belong together: finds every breach in a spec. Never throws, whatever the values are. */
export type Rule = (spec: ClusterSpec, resolved: ResolvedSpec) => readonly SpecProblem[];

type Details = Pick<SpecProblem, 'at' | 'found' | 'allowed' | 'fix'>;

/** What no lab is made with. */
export function problem(code: ErrorCode, path: SpecPath, message: string, details: Details): SpecProblem {
  return { severity: 'error', code, path, message, ...details };
}

/** Something that works, but hardly as its author thinks. */
export function warning(code: ErrorCode, path: SpecPath, message: string, details: Details): SpecProblem {
  return { severity: 'warning', code, path, message, ...details };
}
