import type { Problem } from '../../errors/user-error.ts';
import { checkPlan } from '../plan-checks/check-plan-ports.ts';
import { checkSpec } from '../checks/check-spec.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { followUps, hasMeaningfulPlan } from './follow-ups.ts';
import { planCluster } from '../plan/plan-cluster.ts';
import { placeProblem } from '../shape/place-problem.ts';
import type { Locate, SpecPath } from '../shape/spec-problem.ts';

/**
 * Every mistake of a spec, without the warnings and without what only follows from something that could not be read.
 * Ports are checked unless the mistakes leave it open which there are.
 *
 * @param unread paths that are not in the spec because they were malformed
 */
export async function allProblems(
  spec: ClusterSpec,
  locate: Locate,
  unread: readonly SpecPath[] = [],
): Promise<readonly Problem[]> {
  const mistakes = (await checkSpec(spec)).filter(({ severity }) => severity === 'error');
  const found = hasMeaningfulPlan(mistakes, unread) ? [...mistakes, ...checkPlan(planCluster(spec), spec)] : mistakes;
  const isFollowUp = followUps(unread, spec);
  return found.filter((problem) => !isFollowUp(problem)).map((problem) => placeProblem(problem, locate));
}
