import type { HttpRequest } from '../../http/http-request.ts';
import { jsonAnswer, type PlainAnswer } from '../../http/http-answer.ts';
import { shownStep, type Deployment } from '../deployments/deployment.ts';
import { parentOf } from '../apps/path-id.ts';
import { validPlan, type Wanted } from '../deployments/plan-change.ts';
import type { Leader } from '../leadership/leader.ts';
import { announceChanges } from './announce-changes.ts';
import { isFlagSet, type ApiContext } from './api-context.ts';

/**
 * Begins what a request wants, if it keeps all rules.
 * @param version of what it makes
 * @throws ApiError 409 when a deployment is in the way, 422 when it cannot be; then nothing has changed
 */
export function startChange(
  context: ApiContext,
  request: HttpRequest,
  leader: Leader,
  wanted: Wanted,
  version: string,
): Deployment {
  try {
    const plan = validPlan(leader.shared.apps, wanted);
    const deployment = leader.deployments.start(plan, version, isFlagSet(request, 'force'));
    announceChanges(context, request, plan.changes);
    return deployment;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const changed = wanted.apps.length > 0 ? wanted.apps : (wanted.groups ?? []);
    for (const groupId of new Set(changed.map(({ id }) => parentOf(id)))) {
      context.events.publish('group_change_failed', { groupId, version, reason });
    }
    throw error;
  }
}

/** What would be done. @throws ApiError 422 */
export function dryRunAnswer({ shared }: Leader, wanted: Wanted): PlainAnswer {
  const { changes, steps } = validPlan(shared.apps, wanted);
  return jsonAnswer(200, { steps: steps.map((step) => shownStep(changes, step)) });
}
