import type { Processes } from '../../../platform/processes/processes.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import { Life } from '../../lives/life.ts';
import { inTurn } from '../../lives/world-of-life.ts';
import { timerMs } from '../../timer-limit.ts';
import { shutdownGraceMs } from '../recovery/recovery-timeout.ts';
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
  /** How long they wait for an agent that comes after theirs (`recovery_timeout`). */
  readonly recoveryTimeoutMs: number;
  /** Of those that run, the ones whose framework does not checkpoint: they end with their agent. */
  readonly mortal: Set<string>;
  /** Those that no executor ends: containers by themselves. */
  readonly alone: Set<string>;
  /** Of those whose agent is dead. */
  readonly deadlines: Map<string, NodeJS.Timeout>;
  /** Agents whose end is heard of. */
  readonly agents: WeakSet<Life>;
}

export const outlivingTasks = (
  processes: Processes,
  sandboxes: Sandboxes,
  recoveryTimeoutMs: number = agentDefaults.recoveryTimeoutMs,
): OutlivingTasks => ({
  ...{ processes, sandboxes, recoveryTimeoutMs },
  ...{ running: new Map(), mortal: new Set(), alone: new Set(), deadlines: new Map(), agents: new WeakSet() },
});

/** How long tasks may take to end by themselves. */
const graceMs = 300;

/**
 * Has the tasks end by themselves when no agent comes after theirs in time: src/exec/exec.cpp, `exited` and
 * `_recoveryTimeout`; docs/agent-recovery.md.
 */
function endUnlessRecovered(tasks: OutlivingTasks): void {
  const { running, mortal, alone, deadlines, recoveryTimeoutMs } = tasks;
  for (const [containerId, started] of running) {
    // The agent that came next has ended before it found this one: it waits on.
    if (deadlines.has(containerId) || alone.has(containerId)) continue;
    const shutDown = async () => {
      const task = await started.catch(() => undefined);
      task?.kill(shutdownGraceMs);
      await task?.ended;
      // As of an executor that is gone: the next agent finds nothing of it.
      forget(containerId, tasks);
    };
    const waitMs = mortal.has(containerId) ? 0 : timerMs(recoveryTimeoutMs);
    deadlines.set(containerId, setTimeout(() => void shutDown(), waitMs).unref());
  }
}

function forget(containerId: string, tasks: OutlivingTasks): void {
  clearTimeout(tasks.deadlines.get(containerId));
  tasks.deadlines.delete(containerId);
  tasks.running.delete(containerId);
  tasks.mortal.delete(containerId);
  tasks.alone.delete(containerId);
}

/** Hears of the end of the agent that is at work. */
function watchAgent(tasks: OutlivingTasks): void {
  const life = Life.current();
  if (life === undefined || tasks.agents.has(life)) return;
  tasks.agents.add(life);
  life.onOver(() => {
    Life.outside(() => {
      endUnlessRecovered(tasks);
    });
  });
}

/** Ends all of them at once; resolves when none is left. */
export async function endTasks({ running, deadlines }: OutlivingTasks): Promise<void> {
  for (const deadline of deadlines.values()) clearTimeout(deadline);
  deadlines.clear();
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
export function outlivingExecutor(executor: Executor, tasks: OutlivingTasks): Executor {
  const { running, mortal, deadlines } = tasks;
  return {
    launch: async (launch) => {
      watchAgent(tasks);
      const started = Life.outside(() => executor.launch(launch));
      running.set(launch.containerId, started);
      if (!launch.isCheckpointed) mortal.add(launch.containerId);
      if (launch.hasNoExecutor === true) tasks.alone.add(launch.containerId);
      started.catch(() => {
        forget(launch.containerId, tasks);
      });
      return following(await inLife(started), launch, tasks);
    },
    attach: async (launch) => {
      watchAgent(tasks);
      clearTimeout(deadlines.get(launch.containerId));
      deadlines.delete(launch.containerId);
      const started = running.get(launch.containerId);
      return started === undefined ? undefined : following(await inLife(started), launch, tasks);
    },
  };
}

/** A task as one agent sees it, until its end, or that of the agent. */
function following(task: RunningTask, { containerId }: TaskLaunch, tasks: OutlivingTasks): RunningTask {
  let letGo: () => void = () => undefined;
  const wasLetGo = new Promise<undefined>((resolve) => {
    letGo = () => {
      resolve(undefined);
    };
  });
  const heard = async (): Promise<TaskEnd | undefined> => {
    const end = await inLife(Promise.race([task.ended, wasLetGo]));
    if (end !== undefined) forget(containerId, tasks);
    return end;
  };
  const { check, commandId } = task;
  return {
    ...task,
    ended: heard(),
    letGo,
    kill: (ms) => {
      Life.outside(() => {
        task.kill(ms);
      });
    },
    ...(commandId === undefined ? {} : { commandId: () => inLife(commandId()) }),
    ...(check === undefined ? {} : { check: (command, timeoutMs) => inLife(check(command, timeoutMs)) }),
  };
}
