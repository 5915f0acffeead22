import { isJsonObject, objectOf, textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { absoluteId, appPath, podPath } from '../../protocol/marathon/app-id.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { withoutAnswerFields } from '../apps/answer-fields.ts';
import type { MarathonClient } from '../apps/marathon-client.ts';
import { runningMarathon, unknownApp } from '../apps/running-marathon.ts';
import { scaleAgents } from '../running/scale-agents.ts';
import { finish, printDeployed } from './deploy.ts';

/** `scale APP N`, also of a pod; `scale agents N` is about the lab itself (an app of that name is `/agents`). */
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
  const { kind, path, definition } = await scaled(running.marathon, id, Number(count));
  const { json, headers } = await running.marathon.ask(
    'PUT',
    `${path}${isOn(line, 'force') ? '?force=true' : ''}`,
    definition,
  );
  // Marathon names the deployment of a pod in a header alone.
  const deploymentId = textAt(json, 'deploymentId') ?? String(headers['marathon-deployment-id'] ?? '');
  printDeployed(context, line, [
    await finish(context, line, running, { deployed: { kind, id, change: 'scaled', deploymentId }, apps: [id] }),
  ]);
  return exitCodes.ok;
};

interface Scaled {
  readonly kind: 'app' | 'pod';
  readonly path: string;
  readonly definition: object;
}

/** What Marathon is to be told. @throws UserError USAGE_UNKNOWN_NAME when it has neither an app nor a pod of this id */
async function scaled({ ask }: MarathonClient, id: string, instances: number): Promise<Scaled> {
  // PUT would make an app that is not there; without a command Marathon then complains about that.
  if ((await ask('GET', appPath(id))).status !== 404)
    return { kind: 'app', path: appPath(id), definition: { instances } };
  const { status, json } = await ask('GET', podPath(id));
  if (status === 404 || !isJsonObject(json)) throw unknownApp(id);
  // Of a pod a PUT is the whole.
  const definition = {
    ...withoutAnswerFields(json),
    scaling: { kind: 'fixed', ...objectOf(json['scaling']), instances },
  };
  return { kind: 'pod', path: podPath(id), definition };
}
