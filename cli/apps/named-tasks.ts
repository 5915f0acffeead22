import type { ClusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { TaskChoice } from '../logs/agent-watch.ts';
import { absoluteId, appPath } from '../../protocol/marathon/app-id.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { troubleOf } from './app-trouble.ts';
import { lookAtPod } from './look-at-pod.ts';
import type { MarathonClient } from './marathon-client.ts';
import { knownTasks, tasksWithOutput } from './task-sandbox.ts';

interface OutputsWorld {
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
  readonly marathon: MarathonClient;
  readonly signal: AbortSignal;
  /** Told, of an app of which nothing runs, why: what its last task wrote need not say it, and may be nothing. */
  readonly note: (text: string) => void;
}

/** Which tasks a name means. */
export interface NamedTasks {
  /** That are there now. */
  readonly ids: readonly string[];
  readonly choice: TaskChoice;
}

/**
 * The tasks of an app or a pod, also those that it has later; when none runs, the one that ended last, of whatever reason;
 * or the task of that name. An app that is gone still has the tasks that Mesos remembers.
 * @returns undefined when there is no such app and no such task
 * @throws UserError NOT_READY when no task of the app or pod has run yet, with the reason
 */
export async function namedTasks(name: string, world: OutputsWorld): Promise<NamedTasks | undefined> {
  const { target, client, marathon, signal, note } = world;
  const id = absoluteId(name);
  const embeds = 'embed=app.tasks&embed=app.counts&embed=app.lastTaskFailure';
  const app =
    valueAt((await marathon.ask('GET', `${appPath(id)}?${embeds}`)).json, 'app') ?? (await lookAtPod(marathon, id));
  const sandboxes = { masters: target.masters, client, signal };
  const running = listAt(app, 'tasks').flatMap((task) => textAt(task, 'id') ?? []);
  const failed = textAt(app, 'lastTaskFailure', 'taskId');
  const former = running.length > 0 ? [] : [await newestTasksOf(id, sandboxes), failed === undefined ? [] : [failed]];
  const isDown = app !== undefined && (numberAt(app, 'tasksRunning') ?? 0) === 0;
  const queue = app ? (await marathon.ask('GET', '/v2/queue')).json : undefined;
  for (const ids of [running, ...former, ...(app ? [] : [[name]])]) {
    const there = ids.length === 0 ? [] : await tasksWithOutput(sandboxes, ids);
    if (there.length === 0) continue;
    const trouble = isDown ? troubleOf(app, queue, target) : undefined;
    if (trouble !== undefined) note(`No task of ${id} runs: ${trouble}`);
    return { ids: there, choice: choiceOf(id, name, there) };
  }
  if (app === undefined) return undefined;
  throw noOutput(id, app, { queue, target, wasThere: former.some((tasks) => tasks.length > 0) });
}

function choiceOf(id: string, name: string, there: readonly string[]): TaskChoice {
  const [first, prefix] = [new Set(there), taskPrefix(id)];
  const later = (taskId: string) => taskId === name || taskId.startsWith(prefix);
  return {
    // One that has started in between runs; one that has ended before is none of those that were chosen.
    atFirst: (sandboxes) => sandboxes.filter(({ id: task, isOver }) => first.has(task) || (!isOver && later(task))),
    later,
  };
}

/** Those that run, as of a pod, or else the one that ended last. */
async function newestTasksOf(id: string, world: Parameters<typeof knownTasks>[0]): Promise<readonly string[]> {
  const prefix = taskPrefix(id);
  const tasks = (await knownTasks(world)).filter((task) => textAt(task, 'id')?.startsWith(prefix) === true);
  const running = tasks.filter((task) => textAt(task, 'state') === 'TASK_RUNNING');
  const endedAt = (task: unknown) => numberAt(listAt(task, 'statuses').at(-1), 'timestamp') ?? 0;
  const newest = running.length > 0 ? running : tasks.toSorted((a, b) => endedAt(b) - endedAt(a)).slice(0, 1);
  return newest.flatMap((task) => textAt(task, 'id') ?? []);
}

/** Ids of Marathon's tasks begin with the path of their app (Task.Id of Marathon): `shop_web.`. */
const taskPrefix = (id: string) => `${id.slice(1).replaceAll('/', '_')}.`;

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
