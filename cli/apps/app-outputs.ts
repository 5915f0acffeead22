import type { ClusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { GrowingText } from '../../platform/follow-text.ts';
import { absoluteId, appPath } from '../../protocol/app-id.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { troubleOf } from './app-trouble.ts';
import type { MarathonClient } from './marathon-client.ts';
import { knownTasks, taskOutputs } from './task-sandbox.ts';

interface OutputsWorld {
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
  readonly marathon: MarathonClient;
  readonly signal: AbortSignal;
}

/**
 * What the tasks of an app write; when none runs, what the one wrote that ended last, of whatever reason; or the task of
 * that name. An app that is gone still has the tasks that Mesos remembers.
 * @returns empty when there is no such app and no such task
 * @throws UserError NOT_READY when no task of the app has run yet, with the reason
 */
export async function appOutputs(name: string, world: OutputsWorld): Promise<readonly GrowingText[]> {
  const { target, client, marathon, signal } = world;
  const id = absoluteId(name);
  const embeds = 'embed=app.tasks&embed=app.counts&embed=app.lastTaskFailure';
  const app = valueAt((await marathon.ask('GET', `${appPath(id)}?${embeds}`)).json, 'app');
  const sandboxes = { masters: target.masters, client, signal };
  const running = listAt(app, 'tasks').flatMap((task) => textAt(task, 'id') ?? []);
  const former = running.length > 0 ? [] : [await lastTaskOf(id, sandboxes), textAt(app, 'lastTaskFailure', 'taskId')];
  for (const ids of [running, ...former.map((task) => (task === undefined ? [] : [task])), ...(app ? [] : [[name]])]) {
    const texts = ids.length === 0 ? [] : await taskOutputs(sandboxes, ids);
    if (texts.length > 0) return texts;
  }
  if (app === undefined) return [];
  const queue = (await marathon.ask('GET', '/v2/queue')).json;
  throw noOutput(id, app, { queue, target, wasThere: former.some((task) => task !== undefined) });
}

/** Ids of Marathon's tasks begin with the path of their app (Task.Id of Marathon): `shop_web.`. */
async function lastTaskOf(id: string, world: Parameters<typeof knownTasks>[0]): Promise<string | undefined> {
  const prefix = `${id.slice(1).replaceAll('/', '_')}.`;
  const ended = (await knownTasks(world)).flatMap((task) => {
    const [taskId = '', last] = [textAt(task, 'id'), listAt(task, 'statuses').at(-1)];
    return taskId.startsWith(prefix) ? [{ taskId, at: numberAt(last, 'timestamp') ?? 0 }] : [];
  });
  return ended.sort((one, other) => other.at - one.at)[0]?.taskId;
}

interface Silence {
  readonly queue: unknown;
  readonly target: ClusterTarget;
  readonly wasThere: boolean;
}

function noOutput(id: string, app: unknown, { queue, target, wasThere }: Silence): UserError {
  const [running, instances] = [numberAt(app, 'tasksRunning') ?? 0, numberAt(app, 'instances') ?? 0];
  return new UserError({
    code: 'NOT_READY',
    message: wasThere ? `the agents keep nothing of the tasks of ${id}` : `no task of ${id} has run yet`,
    found: troubleOf(app, queue, target) ?? `${running} of ${instances} running`,
    fix:
      instances === 0
        ? `create-mesos-cluster scale ${id} 1 starts one`
        : 'create-mesos-cluster status shows what it waits for; logs shows what it says once it runs',
  });
}
