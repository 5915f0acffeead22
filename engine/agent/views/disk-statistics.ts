import type { DiskInfo } from '../../../protocol/resource-info.ts';
import type { ExecutorRecord, TaskRecord } from '../tasks/task-record.ts';
import type { AgentView } from './agent-view.ts';

/** What ResourceStatistics of mesos.proto says of the disk. */
export interface DiskStatistics {
  /** Of the sandbox. */
  readonly disk_used_bytes?: number;
  readonly disk_limit_bytes?: number;
  /** Of each volume, and then of the sandbox. */
  readonly disk_statistics?: readonly {
    readonly limit_bytes: number;
    readonly used_bytes?: number;
    readonly source?: DiskInfo['source'];
    readonly persistence?: DiskInfo['persistence'];
  }[];
}

/** Of an outermost container: PosixDiskIsolatorProcess::usage of src/slave/containerizer/mesos/isolators/posix/disk.cpp. */
export function diskStatistics({ disk }: Pick<AgentView, 'disk'>, owner: TaskRecord | ExecutorRecord): DiskStatistics {
  const uses = disk?.useOf(owner) ?? [];
  if (uses.length === 0) return {};
  const sandbox = uses.find(({ volume }) => volume === undefined);
  return {
    ...(sandbox !== undefined && {
      disk_limit_bytes: sandbox.limitBytes,
      // Until it was looked at, as if there were nothing.
      disk_used_bytes: sandbox.usedBytes ?? 0,
    }),
    disk_statistics: uses.map(({ volume, limitBytes, usedBytes = volume === undefined ? 0 : undefined }) => ({
      limit_bytes: limitBytes,
      ...(usedBytes !== undefined && { used_bytes: usedBytes }),
      ...(volume?.disk?.source !== undefined && { source: volume.disk.source }),
      ...(volume?.disk?.persistence !== undefined && { persistence: volume.disk.persistence }),
    })),
  };
}
