import { endUnrecovered } from '../../engine/agent/recovery/recovery-timeout.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';

/** What an agent leaves behind to be run when it has been gone for its `recovery_timeout`. */
const name = 'end-tasks';

/** @param workDir of the agent, and its token */
export const endTasksWords = (workDir: string, token: string): readonly string[] => [
  '__component',
  name,
  workDir,
  token,
];

/** Does it, if that is what the words of `__component` ask for; else undefined. */
export async function endTasksIfAsked([asked, workDir, token]: readonly string[]): Promise<number | undefined> {
  if (asked !== name || workDir === undefined || token === undefined) return undefined;
  await endUnrecovered(workDir, token, { processes: nodeProcesses, sandboxes: nodeSandboxes });
  return 0;
}
