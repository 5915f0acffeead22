import { UserError } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { simulationText } from '../../planning/plan/plan-simulated-agents.ts';

/**
 * Files are for Docker, and a container cannot be ten thousand agents.
 * @throws UserError SPEC_COMBINATION for a plan with simulated agents
 */
export function refuseSimulation({ simulatedAgents }: Pick<Plan, 'simulatedAgents'>): void {
  if (simulatedAgents === undefined) return;
  throw new UserError({
    code: 'SPEC_COMBINATION',
    message: 'Simulated agents are in no generated file: only the embedded runtime has them',
    found: simulationText(simulatedAgents),
    allowed: 'simulatedAgents in the mesos-cluster.yaml of a lab that is there, for up --runtime embedded',
    fix: 'Leave simulatedAgents out of what is generated, then create-mesos-cluster up --simulated-agents N; or write the key afterwards: up reads it, and nothing has to be generated',
  });
}

/** @throws UserError USAGE_ARGUMENTS for a runtime that does not have the plan's simulated agents */
export function refuseSimulationOn(runtime: string, { simulatedAgents }: Pick<Plan, 'simulatedAgents'>): void {
  if (simulatedAgents === undefined || runtime === 'embedded') return;
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `the runtime ${runtime} has no simulated agents`,
    found: simulationText(simulatedAgents),
    allowed: '--runtime embedded',
    fix: 'up --runtime embedded; of a lab that runs, after down; or without simulated agents: --simulated-agents 0, or simulatedAgents removed from mesos-cluster.yaml',
  });
}
