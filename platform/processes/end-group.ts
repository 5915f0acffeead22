import { listProcesses } from './process-table.ts';

/** How often it is looked whether anything of a group is left. */
const pollMs = 100;

/** Ids 0 and 1 would mean our own group, init, or every process: they are never ours. */
export function sendSignal(id: number, target: number, signal: NodeJS.Signals | number): boolean {
  if (!Number.isInteger(id) || id <= 1) return false;
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}

/** Where nobody takes note of processes that have ended, as in a container without an init, signals still reach them. */
const isAlive = async (groupId: number): Promise<boolean> =>
  sendSignal(groupId, -groupId, 0) && (await listProcesses()).some((row) => row.groupId === groupId);

/**
 * Ends what is left of a process group whose leader has ended: at once, unless it still has time to end by itself.
 * @param timeLeft in milliseconds; asked again and again, as it may become less
 */
export async function endGroup(id: number, timeLeft: () => number): Promise<void> {
  while (timeLeft() > 0) {
    if (!(await isAlive(id))) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, timeLeft())));
  }
  sendSignal(id, -id, 'SIGKILL');
}
