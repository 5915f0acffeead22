import { UserError, type Problem } from '../../errors/user-error.ts';
import { allProblems } from '../spec-text/all-problems.ts';
import { checkMostAgents } from '../plan-rules/check-most-agents.ts';
import { checkPlan } from '../plan-rules/check-plan-ports.ts';
import { checkSpec } from '../rules/check-spec.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { planCluster } from './plan-cluster.ts';
import type { Plan } from './plan.ts';
import { placeProblem, type Locate } from '../shape/spec-problem.ts';

/**
 * Checks a spec and plans it.
 *
 * @param locate says where each part of the spec stands, for the messages
 * @param known problems that were found before: with any, nothing is planned
 * @throws UserError with every problem at once; nothing was planned then
 */
export async function checkedPlan(
  spec: ClusterSpec,
  locate: Locate,
  known: readonly Problem[] = [],
): Promise<{ readonly plan: Plan; readonly warnings: readonly Problem[] }> {
  const found = await checkSpec(spec);
  if (known.length === 0 && !found.some(isError)) {
    const plan = planCluster(spec);
    const all = [...found, ...checkPlan(plan, spec), ...(await checkMostAgents(spec))];
    if (!all.some(isError)) return { plan, warnings: all.map((problem) => placeProblem(problem, locate)) };
  }
  const [first, ...more] = [...known, ...(await allProblems(spec, locate))];
  if (first === undefined) throw new Error('a spec without errors must have a plan');
  throw new UserError(first, ...more);
}

const isError = ({ severity }: { readonly severity: string }) => severity === 'error';
