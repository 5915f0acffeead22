import type { AppDefinition } from '../apps/app-files.ts';
import type { Deployed } from '../apps/deployed.ts';
import { inFile } from '../apps/in-file.ts';
import { deployColour } from './deploy-colour.ts';
import { deployRolling } from './deploy-rolling.ts';
import { refuseWithoutGroup } from './group-problems.ts';
import type { Strategy } from './strategy.ts';
import type { StrategyWorld } from './strategy-world.ts';

/**
 * Deploys apps one after the other; the first that is not well ends it.
 * @param definitions apps
 * @param today milliseconds since 1970
 */
export async function deployByStrategy(
  definitions: readonly AppDefinition[],
  strategy: Strategy,
  world: StrategyWorld,
  today: () => number,
): Promise<readonly Deployed[]> {
  const done: Deployed[] = [];
  if (strategy.kind === 'rolling') {
    for (const app of definitions) done.push(await deployRolling(app, world).catch(inFile(app.file)));
    return done;
  }
  // What is wrong in any of them is said before anything changes.
  for (const app of definitions) refuseWithoutGroup(app, world.cluster.target, strategy);
  for (const app of definitions) done.push(await deployColour(app, strategy, world, today).catch(inFile(app.file)));
  return done;
}
