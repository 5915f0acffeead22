import { jsonAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { deploymentInfo, type AppChange, type Deployment } from '../deployments/deployment.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError } from '../marathon-error.ts';
import { deploymentAnswer, isFlagSet, saved, type ApiContext } from './api-context.ts';

/** /v2/deployments (DeploymentsResource.scala of Marathon). */
export const deploymentsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/deployments', () => jsonAnswer(200, context.leader().deployments.list().map(deploymentInfo))),
  route('DELETE', '/v2/deployments/:id', async (request, parameters) => {
    const leader = context.leader();
    const id = parameters['id'] ?? '';
    const deployment = leader.deployments.get(id);
    if (deployment === undefined) throw new ApiError(404, { message: `DeploymentPlan ${id} does not exist` });
    if (isFlagSet(request, 'force')) {
      leader.deployments.cancel(id);
      await saved(leader);
      return { status: 202 };
    }
    const version = leader.shared.timestamps.nextVersion();
    return deploymentAnswer(leader, leader.deployments.start(reversed(leader, deployment), version, true));
  }),
];

/** The change back to how things were before a deployment (DeploymentPlanReverter.scala of Marathon). */
function reversed({ shared }: Leader, { changes }: Deployment): readonly AppChange[] {
  return changes.map(({ id, before }) => {
    const present = shared.apps.get(id);
    // With its old version: instances that still run it are the ones to keep.
    return {
      id,
      ...(present === undefined ? {} : { before: present }),
      ...(before === undefined ? {} : { after: before }),
    };
  });
}
