import type { Context } from '../../platform/context.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import type { Deployed } from '../apps/deployed.ts';
import type { RunningMarathon } from '../apps/running-marathon.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { deployByStrategy } from './deploy-by-strategy.ts';
import { refuseSeveralBalancers } from './group-problems.ts';
import { strategyWorld } from './strategy-of-lab.ts';
import type { Strategy } from './strategy.ts';

/**
 * Deploys apps by a strategy in a lab that runs.
 * @throws UserError DEPLOY_WENT_BACK when one of them was not well
 */
export async function deployInLab(
  context: Context,
  line: CommandLine,
  running: RunningMarathon,
  { definitions, strategy }: { readonly definitions: readonly AppDefinition[]; readonly strategy: Strategy },
): Promise<readonly Deployed[]> {
  const parts = running.cluster.plan.nodes.flatMap(({ components }) => components);
  refuseSeveralBalancers(strategy, parts.filter(({ role }) => role === 'marathon-lb').length);
  return deployByStrategy(definitions, strategy, strategyWorld(context, line, running), Date.now);
}
