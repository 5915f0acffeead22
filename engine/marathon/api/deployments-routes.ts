import type { App } from '../../../protocol/marathon.ts';
import type { Group } from '../apps/groups.ts';
import { jsonAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { deploymentInfo, type Deployment } from '../deployments/deployment.ts';
import { validPlan, type Wanted } from '../deployments/plan-change.ts';
import { ApiError } from '../marathon-error.ts';
import { deploymentAnswer, isFlagSet, saved, type ApiContext } from './api-context.ts';

/** /v2/deployments (DeploymentsResource.scala of Marathon). */
export const deploymentsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/deployments', () => {
    const { deployments, health } = context.leader();
    const info = (each: Deployment) => deploymentInfo(each, (appId) => health.readiness.results(appId));
    return jsonAnswer(200, deployments.list().map(info));
  }),
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
    const plan = validPlan(leader.shared.apps, reversed(deployment));
    return deploymentAnswer(leader, leader.deployments.start(plan, version, true));
  }),
];

/**
 * The change back to how things were before a deployment (DeploymentPlanReverter.scala of Marathon). Apps with their old
 * version: instances that still run it are the ones to keep.
 */
function reversed({ changes, groups = [] }: Deployment): Wanted {
  const asBefore = <Thing>({ id, before }: { readonly id: string; readonly before?: Thing }) => ({
    id,
    ...(before === undefined ? {} : { after: before }),
  });
  return { apps: changes.map(asBefore<App>), groups: groups.map(asBefore<Group>) };
}
