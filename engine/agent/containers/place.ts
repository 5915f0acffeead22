import type { CommandInfo } from '../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import { launchOf } from '../executors/custom/executor-launch.ts';
import { containerImage } from '../executors/simulated-docker-executor.ts';
import { withSecrets } from '../tasks/secrets.ts';
import { taskEnvironment, type AgentAddress } from '../tasks/task-environment.ts';
import { containerIdOf } from '../tasks/task-status.ts';
import { isByItself, isDefault, isTerminal, type ExecutorRecord, type TaskRecord } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import { isRoot, rootOf, textOfId, type ContainerId } from './container-id.ts';

/** A container that others can be in: what they have of it. */
export interface Place {
  /** Its sandbox; those of its children are below. */
  readonly directory: string;
  /** Where its command runs. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
}

/** What a container of a task or of an executor is known by. */
export type OwnedContainer = TaskRecord | ExecutorRecord;

export interface PlacesOptions {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
}

export const idOfOwned = (record: OwnedContainer): string =>
  'task' in record ? textOfId(containerIdOf(record)) : record.containerId;

/** Finds the container of a task or of an executor of a framework's own that has not ended. */
export function findOwned(table: TaskTable, id: ContainerId): OwnedContainer | undefined {
  const wanted = textOfId(id);
  if (isRoot(id)) {
    for (const executor of table.executors()) if (executor.containerId === wanted) return executor;
  }
  for (const task of table.active()) {
    // Those that a program runs are in its container.
    const hasOwn = isByItself(task) || (task.executor !== undefined && isDefault(task.executor));
    if (hasOwn && !isTerminal(task) && idOfOwned(task) === wanted) return task;
  }
  return undefined;
}

/** Whether what is in its outermost container may be had by the next agent: that is by itself, or its framework checkpoints. */
export function isRootCheckpointed(table: TaskTable, id: ContainerId): boolean {
  const owner = findOwned(table, rootOf(id));
  return owner === undefined || table.infoOf(owner.frameworkId).checkpoint === true;
}

/** Docker runs it, or would. */
export const isOfDocker = (record: OwnedContainer): boolean =>
  'task' in record && containerImage(record.task) !== undefined;

export function placeOfOwned(record: OwnedContainer, { agent, world, address, table }: PlacesOptions): Place {
  const { directory, frameworkId } = record;
  const isTask = 'task' in record;
  const command = isTask ? record.task.command : record.info.command;
  const own = isTask
    ? taskEnvironment(record, address, world.processes.inheritedEnvironment)
    : launchOf(record, table.infoOf(frameworkId), { agent, world, address }).environment;
  return {
    ...{ directory, cwd: directory },
    environment: { ...own, ...variablesOf(command) },
    ...(command?.user !== undefined && { user: command.user }),
  };
}

/** With its secrets. @throws Error */
export const variablesOf = (command: CommandInfo = {}): Readonly<Record<string, string>> =>
  Object.fromEntries((withSecrets(command).environment?.variables ?? []).map(({ name, value = '' }) => [name, value]));
