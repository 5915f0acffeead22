import { UserError, type Problem } from '../errors/user-error.ts';
import { checkPlan } from './checks/check-plan-ports.ts';
import { checkSpec } from './check-spec.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { planCluster } from './plan-cluster.ts';
import type { Plan } from './plan.ts';
import { placeProblem } from './place-problem.ts';
import type { Locate } from './spec-problem.ts';

/**
 * Checks a spec and plans it.
 *
 * @param locate says where each part of the spec stands, for the messages
 * @throws UserError with every problem at once; nothing was planned then
 */
export async function preparePlan(
  spec: ClusterSpec,
  locate: Locate,
): Promise<{ readonly plan: Plan; readonly warnings: readonly Problem[] }> {
  const found = [...(await checkSpec(spec))];
  const failed = () => found.filter(({ severity }) => severity === 'error');
  // Ports of a meaningless spec would only repeat what is said already.
  const plan = failed().length === 0 ? planCluster(spec) : undefined;
  if (plan !== undefined) found.push(...checkPlan(plan));
  const [first, ...more] = failed().map((problem) => placeProblem(problem, locate));
  if (first !== undefined || plan === undefined) {
    if (first === undefined) throw new Error('a spec without errors must have a plan');
    throw new UserError(first, ...more);
  }
  return { plan, warnings: found.map((problem) => placeProblem(problem, locate)) };
}
