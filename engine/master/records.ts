import type { AgentEvent, AgentRegistration, OperationStatus } from '../../protocol/agent-api.ts';
import type { ExecutorInfo, FrameworkInfo, TaskInfo, TaskState, TaskStatus } from '../../protocol/mesos.ts';
import type { AgentDecision, Unavailability } from './registry/registry.ts';
import type { Resources } from './resources.ts';
import type { AgentFilter } from './scheduler/offer-constraints.ts';
import type { Operation } from './scheduler/scheduler-call.ts';
import type { SchedulerEvent } from './scheduler/scheduler-event.ts';

/*
 * What a leading master keeps of its cluster. The records are its state, so their fields change; ClusterState
 * (cluster-state.ts) keeps the sums and cross-references in them right.
 */

/** The open end of a RecordIO stream. */
export interface EventStream<Event> {
  readonly id: string;
  readonly send: (event: Event) => void;
  readonly close: () => void;
  /** What the client has not taken yet. */
  readonly unreadBytes: number;
  /** Resolves when the client has taken most of it, or is gone. */
  readonly drained: () => Promise<void>;
}

export interface TaskRecord {
  readonly info: TaskInfo;
  readonly framework: FrameworkRecord;
  readonly agentId: string;
  /** That its resources are allocated to. */
  readonly role: string;
  readonly resources: Resources;
  state: TaskState;
  readonly statuses: TaskStatus[];
  /** Of the update that was last forwarded: what its framework believes. */
  statusUpdateState: TaskState | undefined;
  statusUpdateUuid: string | undefined;
  /** Whether its resources count as used. */
  holdsResources: boolean;
}

/** An executor of a framework's own on an agent; command tasks have none. */
export interface ExecutorRecord {
  readonly info: ExecutorInfo;
  readonly framework: FrameworkRecord;
  readonly agentId: string;
  readonly role: string;
  readonly resources: Resources;
}

export interface OfferRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  /** That it is allocated to. */
  readonly role: string;
  readonly resources: Resources;
  timer: NodeJS.Timeout | undefined;
}

/** An operation to which its framework has given an id, until it has acknowledged its end. */
export interface OperationRecord {
  readonly uuid: string;
  readonly agentId: string;
  readonly info: Operation;
  /** Undefined until the agent says that it is done. */
  readonly status: OperationStatus | undefined;
}

/** A refused offer: the same or less is not offered again to the role before `until` (milliseconds since 1970). */
export interface OfferFilter {
  readonly role: string;
  readonly resources: Resources;
  readonly until: number;
}

/** What of the cluster is allocated to a framework for one of its roles: amounts, whatever is reserved of it. */
export interface Allocation {
  used: Resources;
  offered: Resources;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  /** Each of its offers is allocated to one of them. */
  roles: readonly string[];
  /** It has said that it knows of several: offers tell it which one. */
  isMultiRole: boolean;
  isPartitionAware: boolean;
  /** Resources are written to it with all their reservations. */
  knowsRefinement: boolean;
  /** Where it says that its libprocess is (`name@host:port`); one that speaks HTTP only says nothing. */
  pid: string | undefined;
  stream: EventStream<SchedulerEvent> | undefined;
  /** Agents brought its tasks after a failover, and it has not subscribed yet. */
  isRecovered: boolean;
  /** Those that want no offers. */
  suppressedRoles: ReadonlySet<string>;
  /** Agents that it wants no offers of; undefined: it wants those of all. */
  agentFilter: AgentFilter | undefined;
  /** Milliseconds since 1970. */
  registeredTime: number;
  reregisteredTime: number;
  unregisteredTime: number | undefined;
  readonly tasks: Map<string, TaskRecord>;
  /** How many of `tasks` there are by state, and by agent id. */
  readonly taskStates: Map<TaskState, number>;
  readonly tasksByAgent: Map<string, number>;
  readonly unreachableTasks: Map<string, TaskRecord>;
  readonly completedTasks: TaskRecord[];
  readonly executors: Set<ExecutorRecord>;
  readonly offers: Map<string, OfferRecord>;
  /** By the id that it gave. */
  readonly operations: Map<string, OperationRecord>;
  /** By agent id. */
  readonly filters: Map<string, OfferFilter[]>;
  /** By role, also of roles that it had before. */
  readonly allocations: Map<string, Allocation>;
  failoverTimer: NodeJS.Timeout | undefined;
  /** Of the metrics: `calls/accept`, `events/offers`, … */
  readonly counts: Map<string, number>;
}

export interface AgentRecord {
  readonly id: string;
  registration: AgentRegistration;
  total: Resources;
  used: Resources;
  offered: Resources;
  /** When its machine will be in maintenance. */
  unavailability: Unavailability | undefined;
  /** An operator has deactivated it. */
  decision: AgentDecision | undefined;
  /** Connected; then it is active, unless an operator has deactivated it. */
  stream: EventStream<AgentEvent> | undefined;
  registeredTime: number;
  reregisteredTime: number | undefined;
  readonly tasks: Set<TaskRecord>;
  /** By framework id and executor id (executorKey). */
  readonly executors: Map<string, ExecutorRecord>;
  readonly offers: Map<string, OfferRecord>;
  /** Kills that wait for it to come back: framework id and task id of each. */
  readonly missedKills: Map<string, { readonly frameworkId: string; readonly taskId: string }>;
  missedPings: number;
  hasAnsweredPing: boolean;
}

/** Connected, and not deactivated by an operator. */
export const isActive = ({ stream, decision }: AgentRecord): boolean => stream !== undefined && decision === undefined;
