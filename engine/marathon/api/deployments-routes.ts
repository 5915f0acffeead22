import { jsonPartsAnswer, listOf } from '../../http/json-parts.ts';
import { route, type Route } from '../../http/router.ts';
import { servicePortsFor, versioned } from '../apps/app-changes.ts';
import { deploymentInfo, type Deployment } from '../deployments/deployment.ts';
import { validPlan, type Wanted } from '../deployments/plan-change.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { ApiError } from '../marathon-error.ts';
import { deploymentAnswer, isFlagSet, saved, type ApiContext } from './api-context.ts';

/** /v2/deployments (DeploymentsResource.scala of Marathon). */
export const deploymentsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/deployments', () => {
    const { deployments, health } = context.leader();
    const info = (each: Deployment) => deploymentInfo(each, (appId) => health.readiness.results(appId));
    return jsonPartsAnswer(200, listOf(deployments.list(), info));
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
    const plan = validPlan(leader.shared.apps, reversed(leader.shared, deployment, version));
    return deploymentAnswer(leader, leader.deployments.start(plan, version, true));
  }),
];

/**
 * The change back to how things were before a deployment (DeploymentPlanReverter.scala of Marathon). It is a change like
 * any other: what goes back to its old configuration has a new version of it, so all of its instances are replaced.
 */
function reversed(shared: SharedParts, { changes, groups = [] }: Deployment, version: string): Wanted {
  const ports = servicePortsFor(shared);
  return {
    apps: changes.map(({ id, before }) =>
      before === undefined ? { id } : { id, after: versioned(shared, before, version, { ports, isForced: true }) },
    ),
    groups: groups.map(({ id, before }) => (before === undefined ? { id } : { id, after: before })),
  };
}
