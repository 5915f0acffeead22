import { appPath } from '../../protocol/marathon/app-id.ts';
import { textAt } from '../../protocol/json.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import type { Deployed } from '../apps/deployed.ts';
import { watchCanary } from './canary.ts';
import { colourOf, isOf, wantedInstances } from './deployment-group.ts';
import { goBack, goBackAfter } from './go-back.ts';
import { inProgress, membersOf, unfinished } from './group-members.ts';
import { everyApp, type RunningApp } from './running-app.ts';
import { instancesOfShare, type Strategy } from './strategy.ts';
import { awaitWell, type StrategyWorld } from './strategy-world.ts';
import { swap } from './swap.ts';
import { Unwell } from './unwell.ts';

/**
 * `deploy --strategy blue-green` and `canary`: the new version comes as an app of its own beside the one that runs, and
 * the load balancer gives it what it takes from that. Where there is none yet it only comes. One that was broken off goes on.
 * @param today milliseconds since 1970
 * @throws UserError DEPLOY_WENT_BACK when the new version was not well
 */
export async function deployColour(
  app: AppDefinition,
  strategy: Strategy,
  world: StrategyWorld,
  today: () => number,
): Promise<Deployed> {
  const [older, younger] = membersOf(app, await everyApp(world.marathon));
  if (older !== undefined && younger !== undefined) {
    if (!isOf(app, younger)) throw unfinished(app, older, younger);
    return bringIn(world, { strategy, old: older, young: younger.id });
  }
  if (older !== undefined && isOf(app, older)) {
    const state = await awaitWell(world, older.id, `Waiting for ${older.id}, which is this version`);
    return { kind: 'app', id: older.id, change: 'unchanged', strategy: strategy.kind, state };
  }
  if (older?.isDeploying === true && !world.isForced) throw inProgress(app, older);
  const target = wantedInstances(app, older);
  const watched =
    strategy.kind === 'canary' && older !== undefined ? instancesOfShare(strategy.share, target, older.instances) : 0;
  const first = strategy.kind === 'canary' ? watched : Math.min(1, target);
  const instances = older === undefined ? target : first;
  const startedAt = new Date(today()).toISOString().replace('Z', '');
  const definition = colourOf(app, { old: older, instances, watched, startedAt });
  const young = textAt(definition, 'id') ?? '';
  const { json } = await world.marathon.ask('PUT', appPath(young), definition);
  const deploymentId = textAt(json, 'deploymentId') ?? '';
  if (older !== undefined) return { ...(await bringIn(world, { strategy, old: older, young })), deploymentId };
  const state = await awaitWell(world, young, `Starting ${young}`, new Unwell({ mayFail: true }));
  return { kind: 'app', id: young, change: 'created', strategy: strategy.kind, deploymentId, state };
}

interface BringIn {
  readonly strategy: Strategy;
  readonly old: RunningApp;
  readonly young: string;
}

async function bringIn(world: StrategyWorld, { strategy, old, young }: BringIn): Promise<Deployed> {
  const unwell = new Unwell({ mayFail: false });
  try {
    if (strategy.kind === 'canary') await watchCanary(world, { old, young, watchMs: strategy.watchMs, unwell });
    const state = await swap(world, { old: old.id, young, unwell });
    return { kind: 'app', id: young, change: 'updated', strategy: strategy.kind, replaced: old.id, state };
  } catch (error) {
    const undo = `create-mesos-cluster rollback ${young.replace(/-(?:blue|green)$/, '')}`;
    throw await goBackAfter(error, world, {
      back: () => goBack(world, old.id, young),
      then: `${old.id} has all requests again, and ${young} is removed`,
      otherwise: `${old.id} and ${young} stay as they are: the same command goes on, ${undo} goes back`,
      again: `${undo} tries it again`,
    });
  }
}
