import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { textAt } from '../../protocol/json.ts';
import { absoluteId, appPath } from '../../protocol/marathon/app-id.ts';
import { groupOf } from '../../protocol/marathon/deployment-group.ts';
import type { Deployed } from '../apps/deployed.ts';
import { runningMarathon, unknownApp } from '../apps/running-marathon.ts';
import { textOf } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { byAge, nameOf } from '../strategies/deployment-group.ts';
import { formerVersion } from '../strategies/former-version.ts';
import { goBack } from '../strategies/go-back.ts';
import { withoutBalancer } from '../strategies/group-problems.ts';
import { everyApp, type RunningApp } from '../strategies/running-app.ts';
import { strategyWorld } from '../strategies/strategy-of-lab.ts';
import { awaitWell, type StrategyWorld } from '../strategies/strategy-world.ts';
import { Unwell } from '../strategies/unwell.ts';
import { printDeployed } from './deploy.ts';

/** `rollback APP`: a version that Marathon knows runs again; of a deploy with two colours that is not over, the older one. */
export const rollback: Command = async (context, line) => {
  const [name = ''] = line.positionals;
  const id = absoluteId(name);
  const world = strategyWorld(context, line, await runningMarathon(context, line));
  const all = await everyApp(world.marathon);
  const app = all.find((each) => each.id === id) ?? all.find((each) => nameOf(each) === id);
  if (app === undefined) throw unknownApp(id);
  const group = groupOf(app.labels);
  const [old, young] = group === undefined ? [] : byAge(all.filter(({ labels }) => groupOf(labels) === group));
  const wanted = textOf(line, 'to');
  const done =
    old !== undefined && young !== undefined
      ? await undo(world, old, young, wanted)
      : await toVersion(world, app, wanted);
  printDeployed(context, line, [done]);
  return exitCodes.ok;
};

async function undo(
  world: StrategyWorld,
  old: RunningApp,
  young: RunningApp,
  wanted: string | undefined,
): Promise<Deployed> {
  if (wanted !== undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `a deploy is not over, and rollback undoes it: ${young.id} goes, and ${old.id} stays`,
      place: { kind: 'flag', flag: '--to' },
      found: wanted,
      fix: 'leave --to out',
    });
  }
  if (world.cluster.target.loadBalancer === undefined) throw withoutBalancer('undoing a deploy of two colours', 'wait');
  const state = await goBack(world, old.id, young.id);
  return { kind: 'app', id: old.id, change: 'restored', replaced: young.id, state };
}

async function toVersion(world: StrategyWorld, app: RunningApp, wanted: string | undefined): Promise<Deployed> {
  const { id } = app;
  const name = nameOf(app);
  if (name !== undefined) {
    throw new UserError({
      code: 'USAGE_UNKNOWN_NAME',
      message: `the version of ${name} before ${id} is gone: a deploy with two colours removes it when it is over`,
      found: `${id}, of no other colour`,
      fix: 'deploy the file of the version that you want, with --strategy blue-green',
    });
  }
  const version = await formerVersion(world.marathon, app, wanted);
  const query = world.isForced ? '?force=true' : '';
  const { json } = await world.marathon.ask('PUT', `${appPath(id)}${query}`, { version });
  const since = textAt(json, 'version');
  const unwell = new Unwell({ mayFail: true, ...(since === undefined ? {} : { since }) });
  const state = await awaitWell(world, id, `Bringing ${id} back to ${version}`, unwell);
  const deploymentId = textAt(json, 'deploymentId') ?? '';
  return { kind: 'app', id, change: 'restored', version, deploymentId, state };
}
