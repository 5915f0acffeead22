import type {
  AgentId,
  Attribute,
  ExecutorId,
  ExecutorInfo,
  FrameworkId,
  FrameworkInfo,
  Id,
  Json,
  Resource,
  TaskInfo,
  TaskStatus,
} from './mesos.ts';

/*
 * How our agent and our master talk. Mesos's own agents speak protobuf over libprocess, which nothing but Mesos itself
 * speaks, so this is ours; it has the shape of Mesos's HTTP APIs: `POST /api/agent` with a JSON call, and for SUBSCRIBE
 * an answer that never ends, with events in RecordIO. The agent opens the connection, keeps it, and re-subscribes with
 * its id and its tasks after it broke or after another master was elected: the stream is the agent's session.
 */

/** What an agent says of itself. */
export interface AgentRegistration {
  /** Missing at the first registration; the master then gives one. */
  readonly agent_id?: AgentId;
  readonly hostname: string;
  /** Where the agent's own HTTP server listens. */
  readonly port: number;
  readonly ip: string;
  readonly resources: readonly Resource[];
  /** What of them operations have reserved or made volumes of. Missing: nothing. */
  readonly checkpointed_resources?: readonly Resource[];
  /** Operations that it has done and whose frameworks have not acknowledged that, by their uuids. */
  readonly operations?: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly version: string;
  /** N of `slave(N)@ip:port`, where a process has several agents, as libprocess counts them. Missing: 1. */
  readonly ordinal?: number;
  /** Tasks that run on the agent, with their latest status: after a failover the new master knows nothing else. */
  readonly tasks: readonly {
    readonly framework_id: FrameworkId;
    readonly task: TaskInfo;
    readonly status: TaskStatus;
  }[];
  readonly frameworks: readonly FrameworkInfo[];
  /** Executors of the frameworks' own, which run on the agent. Missing: none. */
  readonly executors?: readonly { readonly framework_id: FrameworkId; readonly executor_info: ExecutorInfo }[];
}

/** Names an executor of a framework. */
export interface ExecutorName {
  readonly framework_id: FrameworkId;
  readonly executor_id: ExecutorId;
}

/** Agent to master: one call a request, 202 on success (200 and the stream for SUBSCRIBE). */
export type AgentCall =
  | { readonly type: 'SUBSCRIBE'; readonly subscribe: AgentRegistration }
  /** Repeated by the agent until ACKNOWLEDGE_STATUS comes back, as Mesos's status update manager does. */
  | {
      readonly type: 'UPDATE_STATUS';
      readonly agent_id: AgentId;
      readonly update_status: { readonly framework_id: FrameworkId; readonly status: TaskStatus };
    }
  /** Of an operation with `feedback`; repeated until ACKNOWLEDGE_OPERATION comes back. */
  | {
      readonly type: 'UPDATE_OPERATION_STATUS';
      readonly agent_id: AgentId;
      readonly update_operation_status: { readonly framework_id: FrameworkId; readonly status: OperationStatus };
    }
  /** An executor of a framework's own has ended (ExitedExecutorMessage). @param status as wait(2) has it */
  | {
      readonly type: 'EXITED_EXECUTOR';
      readonly agent_id: AgentId;
      readonly exited_executor: ExecutorName & { readonly status?: number };
    }
  /** From an executor to its framework (ExecutorToFrameworkMessage). @param data base64 */
  | {
      readonly type: 'MESSAGE';
      readonly agent_id: AgentId;
      readonly message: ExecutorName & { readonly data: string };
    }
  | { readonly type: 'PONG'; readonly agent_id: AgentId }
  /** The agent ends for good, with its tasks (UnregisterSlaveMessage): the master removes it at once. */
  | { readonly type: 'UNREGISTER'; readonly agent_id: AgentId };

/** OperationStatus of mesos.proto. */
export interface OperationStatus {
  readonly operation_id: Id;
  readonly state:
    | 'OPERATION_PENDING'
    | 'OPERATION_FINISHED'
    | 'OPERATION_ERROR'
    | 'OPERATION_DROPPED'
    | 'OPERATION_UNREACHABLE'
    | 'OPERATION_GONE_BY_OPERATOR'
    | 'OPERATION_UNKNOWN';
  readonly message?: string;
  /** Base64 of 16 bytes; an update that has one must be acknowledged. */
  readonly uuid?: Id;
  readonly agent_id?: AgentId;
}

/** RESERVE, UNRESERVE, CREATE or DESTROY: the agent has the one resources no more, and the others instead. */
export interface AppliedOperation {
  readonly consumed: readonly Resource[];
  readonly converted: readonly Resource[];
  /** A framework wants to hear that it is done. */
  readonly feedback?: { readonly uuid: string; readonly operation_id: Id; readonly framework_id: FrameworkId };
}

/*
 * Many agents of one process (engine/simulation) share a stream, for ten thousand streams are twenty thousand sockets.
 * SHARE opens it, and its answer names it in Mesos-Stream-Id; CALLS with that header are answered with CallResults. An
 * agent that subscribes in one of them chooses a channel, a number that no other subscription of the stream has had.
 */

/** What goes to the master of agents that share a stream. */
export type SharedCall =
  { readonly type: 'SHARE' } | { readonly type: 'CALLS'; readonly calls: readonly ChannelCall[] };

/** A call of an agent that shares its stream: each is taken, or refused, for itself. */
export type ChannelCall =
  | { readonly type: 'SUBSCRIBE'; readonly channel: number; readonly subscribe: AgentRegistration }
  | Extract<
      AgentCall,
      {
        readonly type: 'UPDATE_STATUS' | 'UPDATE_OPERATION_STATUS' | 'EXITED_EXECUTOR' | 'MESSAGE' | 'UNREGISTER';
      }
    >
  /** Answers the PINGs of these. */
  | { readonly type: 'PONG'; readonly channels: readonly number[] };

/** The calls that were refused, by their place in `calls`; status and message are what a request of its own would get. */
export interface CallResults {
  readonly refused: readonly { readonly index: number; readonly status: number; readonly message: string }[];
}

/** An event for the agents with these channels; several of them for PING alone. CLOSED: the session is over. */
export interface ChannelEvent {
  readonly channels: readonly number[];
  readonly event: AgentEvent | { readonly type: 'CLOSED' };
}

/** Master to agent, on the stream of SUBSCRIBE. */
export type AgentEvent =
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: { readonly agent_id: AgentId; readonly master_id: string } }
  | {
      readonly type: 'RUN_TASK';
      readonly run_task: {
        readonly framework: FrameworkInfo;
        readonly framework_id: FrameworkId;
        readonly task: TaskInfo;
      };
    }
  /**
   * All of them, or none (RunTaskGroupMessage); each names the executor. A single task of an executor of the framework's
   * own is sent like this, too.
   */
  | {
      readonly type: 'RUN_TASK_GROUP';
      readonly run_task_group: {
        readonly framework: FrameworkInfo;
        readonly framework_id: FrameworkId;
        readonly executor: ExecutorInfo;
        /** False: the master counts on one that runs already, and has taken no resources for another. */
        readonly launch_executor: boolean;
        readonly tasks: readonly TaskInfo[];
        /** It was launched by itself. */
        readonly is_single?: true;
      };
    }
  | {
      readonly type: 'KILL_TASK';
      readonly kill_task: {
        readonly framework_id: FrameworkId;
        readonly task_id: { readonly value: string };
        readonly kill_policy?: { readonly grace_period?: { readonly nanoseconds: number } };
      };
    }
  /** Before the RUN_TASK of a task that needs it. */
  | { readonly type: 'APPLY_OPERATION'; readonly apply_operation: AppliedOperation }
  | { readonly type: 'ACKNOWLEDGE_OPERATION'; readonly acknowledge_operation: { readonly uuid: string } }
  /** A framework acknowledged this update (or nobody will): the agent sends the next one of the task. */
  | {
      readonly type: 'ACKNOWLEDGE_STATUS';
      readonly acknowledge_status: {
        readonly framework_id: FrameworkId;
        readonly task_id: { readonly value: string };
        /** As in TaskStatus.uuid: base64. */
        readonly uuid: string;
      };
    }
  /** The framework wants an executor of its own to end (ShutdownExecutorMessage). */
  | { readonly type: 'SHUTDOWN_EXECUTOR'; readonly shutdown_executor: ExecutorName }
  /** From a framework to an executor of its own (FrameworkToExecutorMessage). @param data base64 */
  | { readonly type: 'MESSAGE'; readonly message: ExecutorName & { readonly data: string } }
  /** The framework was torn down: end its tasks, no updates. */
  | { readonly type: 'SHUTDOWN_FRAMEWORK'; readonly shutdown_framework: { readonly framework_id: FrameworkId } }
  /** End all tasks (DrainSlaveMessage); none are sent any more. */
  | {
      readonly type: 'DRAIN';
      readonly drain: { readonly max_grace_period?: { readonly nanoseconds: number }; readonly mark_gone: boolean };
    }
  /** Every agent_ping_timeout; the agent answers PONG. */
  | { readonly type: 'PING' }
  /** The master does not want this agent (removed, other version): stop all tasks and exit. */
  | { readonly type: 'SHUTDOWN'; readonly shutdown: { readonly message: string } };

export type { Json };
