import { endOrphansOf } from '../../engine/agent/recovery/orphans.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';

/** Ends the tasks of agents that were killed. Returns how many there were. */
export function endOrphansBelow(workFolder: string, files: FileSystem): Promise<number> {
  const workDirs = (files.list(workFolder) ?? []).map((agentId) => `${workFolder}/${agentId}`);
  return endOrphansOf(workDirs, { processes: nodeProcesses, sandboxes: nodeSandboxes });
}
