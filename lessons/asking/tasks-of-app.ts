import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { LessonWorld } from '../lesson-world.ts';
import { callMaster } from './ask-cluster.ts';

/** A task as the leading master shows it. */
export interface TaskFound {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly state: string;
  /** Milliseconds since 1970 of the last thing that was said of it; 0: nothing was. */
  readonly at: number;
}

const ended: ReadonlySet<string> = new Set([
  ...['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE'],
]);

const hasEnded = ({ state }: TaskFound): boolean => ended.has(state);

/** Also those that are unreachable, and those that have ended as far as the master remembers. */
export async function allTasks(
  world: Pick<LessonWorld, 'cluster' | 'plan'>,
  signal: AbortSignal,
): Promise<readonly TaskFound[]> {
  const answer = await callMaster(world, { type: 'GET_TASKS' }, signal);
  return ['tasks', 'unreachable_tasks', 'completed_tasks', 'orphan_tasks']
    .flatMap((list) => listAt(answer, 'get_tasks', list))
    .map(readTask);
}

function readTask(task: unknown): TaskFound {
  const times = listAt(task, 'statuses').map((status) => numberAt(status, 'timestamp') ?? 0);
  return {
    id: textAt(task, 'task_id', 'value') ?? '',
    frameworkId: textAt(task, 'framework_id', 'value') ?? '',
    agentId: textAt(task, 'agent_id', 'value') ?? '',
    state: textAt(task, 'state') ?? '',
    at: Math.max(0, ...times) * 1000,
  };
}

/** Marathon calls tasks after their app: `learn_web.instance-UUID._app.1`, before 1.8 `learn_web.UUID`. */
export const isTaskOf = (taskId: string, app: string): boolean => {
  const name = app.slice(1).replaceAll('/', '_');
  return new RegExp(String.raw`^\.(?:instance-|marathon-)?[0-9a-f]{8}-`).test(
    taskId.startsWith(name) ? taskId.slice(name.length) : '',
  );
};

/** Those of an app that run, and those that have ended since the lesson was started. */
export async function tasksOfApp(
  world: Pick<LessonWorld, 'cluster' | 'plan' | 'baseline'>,
  app: string,
  signal: AbortSignal,
): Promise<readonly TaskFound[]> {
  const since = world.baseline?.at ?? 0;
  const tasks = await allTasks(world, signal);
  return tasks.filter((task) => isTaskOf(task.id, app) && (!hasEnded(task) || task.at >= since));
}

/** An agent as the leading master shows it. */
export interface AgentFound {
  readonly id: string;
  readonly hostname: string;
  readonly port: number;
  readonly active: boolean;
  readonly deactivated: boolean;
  /** `DRAINING` or `DRAINED`. */
  readonly drain?: string;
  /** In Mesos's form: `rack:r1`. */
  readonly attributes: readonly string[];
}

export async function allAgents(
  world: Pick<LessonWorld, 'cluster' | 'plan'>,
  signal: AbortSignal,
): Promise<readonly AgentFound[]> {
  const answer = await callMaster(world, { type: 'GET_AGENTS' }, signal);
  return listAt(answer, 'get_agents', 'agents').map((agent) => {
    const info = valueAt(agent, 'agent_info');
    const drain = textAt(agent, 'drain_info', 'state');
    return {
      id: textAt(info, 'id', 'value') ?? '',
      hostname: textAt(info, 'hostname') ?? '',
      port: numberAt(info, 'port') ?? 5051,
      active: valueAt(agent, 'active') === true,
      deactivated: valueAt(agent, 'deactivated') === true,
      ...(drain === undefined ? {} : { drain }),
      attributes: listAt(info, 'attributes').map(attributeText),
    };
  });
}

function attributeText(attribute: unknown): string {
  const value = textAt(attribute, 'text', 'value') ?? numberAt(attribute, 'scalar', 'value') ?? '';
  return `${textAt(attribute, 'name') ?? ''}:${value}`;
}
