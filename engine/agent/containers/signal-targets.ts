import type { RunningTask } from '../executors/executor.ts';
import type { Container } from './container.ts';
import type { OwnedContainer } from './place.ts';

/** Processes that a signal to a container is for: those of its command, or of none. */
export async function targetsOf(
  live: Container | undefined,
  owned: OwnedContainer | undefined,
): Promise<readonly number[]> {
  if (live?.process !== undefined) return idsOf(live.process);
  if (owned === undefined) return [];
  const { running } = owned;
  // Of an executor that is no process: those of its tasks, which end with it.
  const all =
    running?.processId !== undefined || 'task' in owned ? [running] : [...owned.tasks].map((each) => each.running);
  return (await Promise.all(all.map((each) => idsOf(each)))).flat();
}

async function idsOf(of: Pick<RunningTask, 'processId' | 'commandId'> | undefined): Promise<readonly number[]> {
  const id = of?.commandId === undefined ? of?.processId : await of.commandId();
  return id === undefined ? [] : [id];
}

/**
 * Who has a terminal is told by it how its command ended, as a shell tells that: 128 and the signal.
 * @param status as wait(2) has it
 */
export function statusOfCommand(status: number, { process, lastSignal }: Container): number {
  const isTold = process !== undefined && process.shownId !== process.id;
  return isTold && lastSignal !== undefined && status === (128 + lastSignal) << 8 ? lastSignal : status;
}
