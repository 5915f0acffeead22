import { UserError } from '../../errors/user-error.ts';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import type { Context } from '../../platform/context.ts';
import type { ClusterRuntime, RefusableVerb } from '../../runtimes/cluster-runtime.ts';
import { realRuntimes, type Runtimes } from '../../runtimes/real-runtimes.ts';
import { readLabSpec } from '../lab/read-spec.ts';

const known = new WeakMap<Context, Runtimes>();

/** The runtimes of a command: the same ones however often it asks. */
export function runtimesOf(context: Context): Runtimes {
  const before = known.get(context);
  if (before !== undefined) return before;
  const planOf = async (directory: string) => {
    const { spec, locate } = await readLabSpec(context, directory);
    return (await preparePlan(spec, locate)).plan;
  };
  const made = realRuntimes(context, { planOf, composeFiles });
  known.set(context, made);
  return made;
}

/** The runtime of a lab on machines, by its plan; undefined for a lab on one host, which has a choice. */
export function runtimeOnMachines({ hosts, vagrant }: Runtimes, plan: Plan): ClusterRuntime | undefined {
  if (plan.placement === 'one-host') return undefined;
  return plan.vagrant === undefined ? hosts : vagrant;
}

/** @throws UserError when a runtime does not do what a verb is for */
export async function refuseIfNot(
  runtime: ClusterRuntime | undefined,
  verb: RefusableVerb,
  directory: string,
  { signal }: Pick<Context, 'signal'>,
): Promise<void> {
  const problem = await runtime?.refusal({ directory }, verb, signal);
  if (problem !== undefined) throw new UserError(problem);
}
