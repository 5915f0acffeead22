import { endOrphans } from '../../engine/agent/recovery/orphans.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';

/** Ends the tasks of agents that were killed. Returns how many there were. */
export async function endOrphansBelow(workFolder: string, files: FileSystem): Promise<number> {
  let count = 0;
  for (const agentId of files.list(workFolder) ?? []) {
    count += await endOrphans(`${workFolder}/${agentId}`, { processes: nodeProcesses, sandboxes: nodeSandboxes });
  }
  return count;
}
