import { measuresDisk } from '../../../protocol/disk-isolation.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import { DiskWatch, type DiskWatchOptions } from './disk-watch.ts';

interface Parts {
  readonly options: AgentOptions;
  readonly world: Pick<AgentWorld, 'sandboxes' | 'log'>;
  readonly table: TaskTable;
}

/** Begins to look at what containers have on the disk; undefined where the agent's isolation does not ask for that. */
export function watchDisk(
  { options, world, table }: Parts,
  onExceeded: DiskWatchOptions['onExceeded'],
): DiskWatch | undefined {
  const { isolation = agentDefaults.isolation, diskWatchMs = agentDefaults.diskWatchMs } = options;
  if (!measuresDisk(isolation)) return undefined;
  const { sandboxes, log } = world;
  return new DiskWatch({
    ...{ table, sandboxes, log, onExceeded, workDir: options.workDir, watchMs: diskWatchMs },
    isEnforced: options.enforceDiskQuota === true,
  });
}
