import type { TaskChoice } from './agent-watch.ts';
import type { Sandbox } from './sandboxes.ts';

/** Of tasks of one app that have ended, so many of each agent are shown where nobody says how old they may be. */
const mostEnded = 3;

/** What tasks of one app have in common: ids of Marathon's are `APP.INSTANCE`. */
const appOf = (taskId: string) => taskId.split('.')[0] ?? taskId;

/**
 * All tasks: those that run, and of those that have ended the newest of each app, or those that ended since.
 * @param since milliseconds since 1970
 * @param leaveOut told of how many that is not true, each time that there are some
 */
export function allTasks(since: number | undefined, leaveOut: (count: number) => void): TaskChoice {
  const atFirst = (sandboxes: readonly Sandbox[]) => {
    const counts = new Map<string, number>();
    const isWanted = ({ id, isOver, endedAt = Infinity }: Sandbox) => {
      if (!isOver) return true;
      if (since !== undefined) return endedAt >= since;
      const count = (counts.get(appOf(id)) ?? 0) + 1;
      counts.set(appOf(id), count);
      return count <= mostEnded;
    };
    const newestFirst = sandboxes.toSorted((a, b) => (b.endedAt ?? Infinity) - (a.endedAt ?? Infinity));
    const wanted = new Set(newestFirst.filter(isWanted));
    if (since === undefined && wanted.size < sandboxes.length) leaveOut(sandboxes.length - wanted.size);
    return sandboxes.filter((sandbox) => wanted.has(sandbox));
  };
  return { atFirst, later: () => true };
}

/** Each that one of these shows. */
export const anyOf = (choices: readonly TaskChoice[]): TaskChoice => ({
  atFirst: (sandboxes) => [...new Set(choices.flatMap((choice) => choice.atFirst(sandboxes)))],
  later: (taskId) => choices.some((choice) => choice.later(taskId)),
});
