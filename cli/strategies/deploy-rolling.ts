import { listAt, textAt } from '../../protocol/json.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import type { Deployed } from '../apps/deployed.ts';
import { goBackAfter, isNotWell } from './go-back.ts';
import { refuseBesideColour } from './group-members.ts';
import { appNamed, everyApp } from './running-app.ts';
import { awaitWell, type StrategyWorld } from './strategy-world.ts';
import { Unwell } from './unwell.ts';

/**
 * `deploy --strategy rolling`: Marathon replaces the instances as the upgradeStrategy of the app says, and goes back when
 * the new ones are not well.
 * @throws UserError DEPLOY_WENT_BACK
 */
export async function deployRolling(app: AppDefinition, world: StrategyWorld): Promise<Deployed> {
  const { id, definition } = app;
  const { marathon, reporter, isForced } = world;
  if (listAt(definition, 'healthChecks').length === 0)
    reporter.warn(`${id} has no health check: an instance counts as well as soon as it runs, before it may answer`);
  const before = await appNamed(marathon, id);
  if (before === undefined) refuseBesideColour(app, await everyApp(marathon));
  const { status, json } = await marathon.ask('PUT', `${appPath(id)}${isForced ? '?force=true' : ''}`, definition);
  const [version, deploymentId = ''] = [textAt(json, 'version'), textAt(json, 'deploymentId')];
  const unwell = new Unwell({ mayFail: true, ...(version === undefined ? {} : { since: version }) });
  try {
    const state = await awaitWell(world, id, `Rolling out ${id}`, unwell);
    return {
      kind: 'app',
      id,
      change: status === 201 ? 'created' : 'updated',
      strategy: 'rolling',
      deploymentId,
      state,
    };
  } catch (error) {
    if (before === undefined) throw error;
    if (isNotWell(error, world) && (await appNamed(marathon, id))?.version === before.version) throw error;
    throw await goBackAfter(error, world, {
      back: () => restore(world, id, before.version),
      then: `${id} is as it was before`,
      otherwise: `Marathon goes on with the deployment of ${id}; create-mesos-cluster rollback ${id} --force goes back`,
      again: `create-mesos-cluster rollback ${id} --force tries it again`,
    });
  }
}

/** Gives Marathon a version that it knows again, over a deployment that is in progress. @returns what runs */
async function restore(world: StrategyWorld, id: string, version: string): Promise<string> {
  await world.marathon.ask('PUT', `${appPath(id)}?force=true`, { version });
  return awaitWell(world, id, `Bringing ${id} back to ${version}`);
}
