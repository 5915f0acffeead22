import type { Problem } from '../../errors/user-error.ts';
import { checkMostAgents } from '../plan-rules/check-most-agents.ts';
import { checkPlan } from '../plan-rules/check-plan-ports.ts';
import { checkSpec } from '../rules/check-spec.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { followUps, hasMeaningfulPlan } from './follow-ups.ts';
import { planCluster } from '../plan/plan-cluster.ts';
import { placeProblem, type Locate, type SpecPath } from '../shape/spec-problem.ts';

/**
 * Every problem of a spec, without the warnings and without what only follows from something that could not be read.
 * Ports are checked unless the problems leave it open which there are.
 *
 * @param unread paths that are not in the spec because they were malformed
 */
export async function allProblems(
  spec: ClusterSpec,
  locate: Locate,
  unread: readonly SpecPath[] = [],
): Promise<readonly Problem[]> {
  const problems = (await checkSpec(spec)).filter(({ severity }) => severity === 'error');
  const found = hasMeaningfulPlan(problems, unread) ? [...problems, ...checkPlan(planCluster(spec), spec)] : problems;
  if (found.length + unread.length === 0) found.push(...(await checkMostAgents(spec)));
  const isFollowUp = followUps(unread, spec);
  return found.filter((problem) => !isFollowUp(problem)).map((problem) => placeProblem(problem, locate));
}
