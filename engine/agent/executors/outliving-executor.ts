import type { Processes } from '../../../platform/processes/processes.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { Life } from '../../lives/life.ts';
import { inTurn } from '../../lives/world-of-life.ts';
import type { Executor, RunningTask, TaskEnd, TaskLaunch } from './executor.ts';

/**
 * What runs tasks beside an agent in the same process, as Mesos's executors do in processes of their own: they outlive
 * an agent that was killed, keep how a task ended meanwhile, and the next agent in its folder finds them again.
 */
export interface OutlivingTasks {
  /** The machine's, not those of an agent's life. */
  readonly processes: Processes;
  readonly sandboxes: Sandboxes;
  /** By container id of Mesos. */
  readonly running: Map<string, Promise<RunningTask>>;
}

export const outlivingTasks = (processes: Processes, sandboxes: Sandboxes): OutlivingTasks => ({
  ...{ processes, sandboxes },
  running: new Map(),
});

/** How long tasks may take to end by themselves. */
const graceMs = 300;

/** Ends all of them at once; resolves when none is left. */
export async function endTasks({ running }: OutlivingTasks): Promise<void> {
  const end = async (started: Promise<RunningTask>) => {
    const task = await started.catch(() => undefined);
    task?.kill(graceMs);
    await task?.ended;
  };
  await Promise.all([...running.values()].map(end));
  running.clear();
}

/** The answer, as the life hears it that asks. */
function inLife<T>(answer: Promise<T>): Promise<T> {
  const life = Life.current();
  return life === undefined ? answer : inTurn(life, () => answer);
}

/** An executor whose tasks stay when the agent does not. */
export function outlivingExecutor(executor: Executor, { running }: OutlivingTasks): Executor {
  return {
    launch: async (launch) => {
      const started = Life.outside(() => executor.launch(launch));
      running.set(launch.containerId, started);
      started.catch(() => running.delete(launch.containerId));
      return following(await inLife(started), launch, running);
    },
    attach: async (launch) => {
      const started = running.get(launch.containerId);
      return started === undefined ? undefined : following(await inLife(started), launch, running);
    },
  };
}

/** A task as one agent sees it, until its end, or that of the agent. */
function following(task: RunningTask, { containerId }: TaskLaunch, running: OutlivingTasks['running']): RunningTask {
  let letGo: () => void = () => undefined;
  const wasLetGo = new Promise<undefined>((resolve) => {
    letGo = () => {
      resolve(undefined);
    };
  });
  const heard = async (): Promise<TaskEnd | undefined> => {
    const end = await inLife(Promise.race([task.ended, wasLetGo]));
    if (end !== undefined) running.delete(containerId);
    return end;
  };
  const { check } = task;
  return {
    ...task,
    ended: heard(),
    letGo,
    kill: (ms) => {
      Life.outside(() => {
        task.kill(ms);
      });
    },
    ...(check === undefined ? {} : { check: (command, timeoutMs) => inLife(check(command, timeoutMs)) }),
  };
}
