import { textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { absoluteId, appPath } from '../../protocol/marathon/app-id.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { runningMarathon, unknownApp } from '../apps/running-marathon.ts';
import { scaleAgents } from '../running/scale-agents.ts';
import { finish, printDeployed } from './deploy.ts';

/** `scale APP N`; `scale agents N` is about the lab itself (an app of that name is `/agents`). */
export const scale: Command = async (context, line) => {
  const [name = '', count = ''] = line.positionals;
  if (name === 'agents') return scaleAgents(context, line, count);
  if (!/^\d{1,9}$/.test(count)) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `${count} is not a number of instances`,
      allowed: 'a whole number from 0, such as 3',
      fix: `create-mesos-cluster scale ${name} 3`,
    });
  }
  const id = absoluteId(name);
  const running = await runningMarathon(context, line);
  // PUT would make an app that is not there; without a command Marathon then complains about that.
  const { status: found } = await running.marathon.ask('GET', appPath(id));
  if (found === 404) throw unknownApp(id);
  const path = `${appPath(id)}${isOn(line, 'force') ? '?force=true' : ''}`;
  const { json } = await running.marathon.ask('PUT', path, { instances: Number(count) });
  const deploymentId = textAt(json, 'deploymentId') ?? '';
  printDeployed(context, line, [
    await finish(context, line, running, { deployed: { kind: 'app', id, change: 'scaled', deploymentId }, apps: [id] }),
  ]);
  return exitCodes.ok;
};
