import { createHash } from 'node:crypto';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { ExecutorInfo, FrameworkInfo, TaskInfo, TaskState, TaskStatus } from '../../../protocol/mesos.ts';
import type { TaskRecord, ExecutorRecord } from '../tasks/task-record.ts';
import type { AgentInfo } from './agent-info.ts';
import { RecordWriter } from './record-writer.ts';

/** What is kept of a task: all that its record holds, and the updates that nobody acknowledged. */
export interface TaskCheckpoint {
  readonly frameworkId: string;
  readonly framework: FrameworkInfo;
  readonly agentId: string;
  readonly task: TaskInfo;
  /** Of the executor that it has, whose record is another. */
  readonly executorContainerId?: string;
  readonly groupId?: string;
  readonly containerId: string;
  readonly directory: string;
  readonly state: TaskState;
  readonly statuses: readonly TaskStatus[];
  /** Oldest first. */
  readonly pending: readonly TaskStatus[];
  readonly killGraceMs?: number;
  readonly killedAsUnhealthy?: boolean;
  readonly isSilent: boolean;
  /** Its last update was acknowledged. */
  readonly isCompleted: boolean;
}

/** What is kept of an executor of a framework's own; its tasks name it. */
export interface ExecutorCheckpoint {
  readonly frameworkId: string;
  readonly framework: FrameworkInfo;
  readonly agentId: string;
  readonly info: ExecutorInfo;
  readonly containerId: string;
  readonly directory: string;
  /** It has ended. */
  readonly isCompleted: boolean;
}

/** Keeps what an agent must know of itself after a restart. */
export interface Checkpoints {
  /** @throws the system's error */
  readonly save: (
    record: TaskRecord,
    framework: FrameworkInfo,
    pending: readonly TaskStatus[],
    isCompleted: boolean,
  ) => Promise<void>;
  /** @throws the system's error */
  readonly saveExecutor: (record: ExecutorRecord, framework: FrameworkInfo, isCompleted: boolean) => Promise<void>;
  /** Never rejects. */
  readonly forget: (record: TaskRecord | ExecutorRecord) => Promise<void>;
  /** The agent has got an id. @throws the system's error */
  readonly saveAgent: (agentId: string, info: AgentInfo) => Promise<void>;
  /** The next start is a new agent. */
  readonly startOver: () => Promise<void>;
  /** What happens from now on is not kept. Resolves when what happened before is. */
  readonly close: () => Promise<void>;
}

/*
 * Below workDir/meta, with Mesos's names where it has the same thing (src/slave/paths.hpp): the link `slaves/latest`,
 * which its advice says to remove, and `slaves/<id>/slave.info`. The forms are ours: JSON, and one file for each task and executor.
 */
export const slavesFolder = (workDir: string): string => `${workDir}/meta/slaves`;
export const latestLink = (workDir: string): string => `${slavesFolder(workDir)}/latest`;
export const infoFile = (workDir: string, agentId: string): string => `${slavesFolder(workDir)}/${agentId}/slave.info`;
export const tasksFolder = (workDir: string, agentId: string): string => `${slavesFolder(workDir)}/${agentId}/tasks`;
export const executorsFolder = (workDir: string, agentId: string): string =>
  `${slavesFolder(workDir)}/${agentId}/executors`;

/** For an agent whose tasks end with it. */
export const noCheckpoints: Checkpoints = {
  save: () => Promise.resolve(),
  saveExecutor: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  saveAgent: () => Promise.resolve(),
  startOver: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export function fileCheckpoints(workDir: string, sandboxes: Sandboxes): Checkpoints {
  const writer = new RecordWriter(sandboxes);
  let saving: Promise<void> = Promise.resolve();
  const fileOf = (record: TaskRecord | ExecutorRecord) =>
    'task' in record
      ? `${tasksFolder(workDir, record.agentId)}/${nameOf(record)}.json`
      : `${executorsFolder(workDir, record.agentId)}/${record.containerId}.json`;
  return {
    save: (record, framework, pending, isCompleted) =>
      writer.write(fileOf(record), JSON.stringify(checkpointOf(record, framework, pending, isCompleted))),
    saveExecutor: (record, framework, isCompleted) => {
      const { frameworkId, agentId, info, containerId, directory } = record;
      const saved: ExecutorCheckpoint = { frameworkId, framework, agentId, info, containerId, directory, isCompleted };
      return writer.write(fileOf(record), JSON.stringify(saved));
    },
    forget: (record) => writer.write(fileOf(record), undefined).catch(() => undefined),
    saveAgent: (agentId, info) => {
      const save = async () => {
        await sandboxes.writeRecord(infoFile(workDir, agentId), JSON.stringify(info));
        await sandboxes.link(agentId, latestLink(workDir));
      };
      const saved = save();
      saving = saved.catch(() => undefined);
      return saved;
    },
    startOver: async () => {
      await saving;
      await sandboxes.remove(latestLink(workDir));
    },
    close: async () => {
      await saving;
      await writer.close();
    },
  };
}

/** Tasks that a program runs are all in its container. */
function nameOf({ containerId, executor, task }: TaskRecord): string {
  if (executor?.containerId !== containerId) return containerId;
  return `${containerId}-${createHash('sha256').update(task.task_id.value).digest('hex').slice(0, 32)}`;
}

function checkpointOf(
  record: TaskRecord,
  framework: FrameworkInfo,
  pending: readonly TaskStatus[],
  isCompleted: boolean,
): TaskCheckpoint {
  const { frameworkId, agentId, task, containerId, directory, state, statuses, isSilent } = record;
  return {
    ...{ frameworkId, framework, agentId, task, containerId, directory, state, statuses, pending, isSilent },
    ...(record.executor !== undefined && { executorContainerId: record.executor.containerId }),
    ...(record.groupId !== undefined && { groupId: record.groupId }),
    ...(record.killGraceMs !== undefined && { killGraceMs: record.killGraceMs }),
    ...(record.killedAsUnhealthy !== undefined && { killedAsUnhealthy: record.killedAsUnhealthy }),
    isCompleted,
  };
}
