import { executorsIn } from '../../checks/executors-in.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';

/** Where a task, or an executor, has its output files. */
export interface Sandbox {
  /** Of the task, or of the executor. */
  readonly id: string;
  /** As `/files` of its agent knows it. */
  readonly directory: string;
  /** Nothing is written to it any more. */
  readonly isOver: boolean;
  /** When it ended, in milliseconds since 1970, if it has and the agent knows. */
  readonly endedAt: number | undefined;
}

/**
 * All sandboxes of an agent. A task without an executor of its own has one of the same id (Mesos's command executor);
 * tasks of a group have theirs inside of their executor's (docs/sandbox.md of Mesos).
 * @param state an agent's `/state`
 */
export function sandboxesIn(state: unknown): readonly Sandbox[] {
  const over = new Set(
    [...listAt(state, 'frameworks'), ...listAt(state, 'completed_frameworks')].flatMap((framework) =>
      listAt(framework, 'completed_executors'),
    ),
  );
  return executorsIn(state).flatMap((executor) => {
    const [own = '', directory = ''] = [textAt(executor, 'id'), textAt(executor, 'directory')];
    const ended = listAt(executor, 'completed_tasks');
    const others = [...listAt(executor, 'tasks'), ...ended].filter((task) => textAt(task, 'id') !== own);
    const endsAt = Math.max(...ended.flatMap((task) => endOf(task) ?? []));
    const inGroup = others.flatMap((task) => {
      const id = textAt(task, 'id');
      const isOver = over.has(executor) || ended.includes(task);
      return id === undefined ? [] : [{ id, directory: `${directory}/tasks/${id}`, isOver, endedAt: endOf(task) }];
    });
    const endedAt = over.has(executor) && Number.isFinite(endsAt) ? endsAt : undefined;
    return [{ id: own, directory, isOver: over.has(executor), endedAt }, ...inGroup];
  });
}

function endOf(task: unknown): number | undefined {
  const seconds = numberAt(listAt(task, 'statuses').at(-1), 'timestamp');
  return seconds === undefined ? undefined : seconds * 1000;
}
