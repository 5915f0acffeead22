import {
  terminalStates,
  type ExecutorInfo,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../protocol/mesos.ts';
import { taskStatus, type ReportedTask, type StatusDetails } from '../agent/tasks/task-status.ts';
import type { Appointment } from './timetable.ts';

/** The same one for all tasks that were launched together. */
export interface SimulatedGroup {
  readonly executor: ExecutorInfo;
  /** Of the executor. */
  readonly containerId: string;
}

/** A task that nothing runs for. A hundred thousand of them are kept, so each is little: its description is text. */
export interface SimulatedTask {
  /** The one that it was launched on; another id after a SHUTDOWN is another agent, without it. */
  readonly agentId: string;
  readonly frameworkId: string;
  readonly taskId: string;
  /** TaskInfo, as JSON. */
  readonly info: string;
  /** Only of these a status says something that is nowhere but in the description. */
  readonly isDocker: boolean;
  readonly containerId: string;
  /** Missing: it is a task by itself. */
  readonly group?: SimulatedGroup;
  /** The latest status, but for what follows from the task. */
  state: TaskState;
  uuid?: string | undefined;
  /** Seconds since 1970. */
  timestamp: number;
  details: StatusDetails;
  /** What will become of it. */
  next?: Appointment | undefined;
  /** Until its health check says that it is well. */
  healthCheck?: Appointment | undefined;
}

/** Where it is said that a task is simulated: whoever looks at it finds these words. */
export const simulatedWords = {
  running: 'Simulated task: nothing runs, no port answers, and its health checks pass',
  healthy: 'Simulated task: its health check passes, nothing was asked',
  killed: 'Simulated task stopped',
  finished: 'Simulated task: finished after the time that endAfter says',
  crashed: 'Simulated task: crashed, as crashRate wants of some. Command exited with status 1',
} as const;

const nothing: StatusDetails = {};

export const newTask = (
  agentId: string,
  frameworkId: string,
  task: TaskInfo,
  containerId: string,
  group?: SimulatedGroup,
): SimulatedTask => ({
  agentId,
  frameworkId,
  taskId: task.task_id.value,
  info: JSON.stringify(task),
  isDocker: task.container?.docker !== undefined,
  containerId,
  // One that has none needs no field for it.
  ...(group !== undefined && { group }),
  state: 'TASK_STAGING',
  timestamp: Date.now() / 1000,
  details: nothing,
});

export const isOver = ({ state }: SimulatedTask): boolean => terminalStates.has(state);

export const infoOf = ({ info }: SimulatedTask): TaskInfo => JSON.parse(info) as TaskInfo;

const reportedOf = (task: SimulatedTask): ReportedTask => ({
  task: task.isDocker
    ? infoOf(task)
    : { task_id: { value: task.taskId }, ...(task.group !== undefined && { executor: task.group.executor }) },
  agentId: task.agentId,
  containerId: task.containerId,
});

/** A new status of a task, which is noted in it. */
export function nextStatus(task: SimulatedTask, ip: string, state: TaskState, details: StatusDetails): TaskStatus {
  const status = taskStatus(reportedOf(task), state, ip, details);
  task.state = state;
  task.uuid = status.uuid;
  task.timestamp = status.timestamp ?? Date.now() / 1000;
  task.details = details;
  return status;
}

/** The status that was sent last, for a master that may not know it. */
export function latestStatus(task: SimulatedTask, ip: string): TaskStatus {
  const { state, uuid, timestamp, details } = task;
  if (uuid === undefined)
    return { task_id: { value: task.taskId }, state, agent_id: { value: task.agentId }, timestamp };
  return { ...taskStatus(reportedOf(task), state, ip, details), uuid, timestamp };
}
