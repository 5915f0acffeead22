import type { Labels } from '../../../protocol/labels.ts';
import type {
  AgentId,
  ExecutorId,
  FrameworkId,
  FrameworkInfo,
  Offer,
  OfferId,
  Resource,
  TaskId,
  TaskInfo,
  TaskStatus,
} from '../../../protocol/mesos.ts';

/* Calls and events of Mesos's v1 scheduler API that Marathon and Chronos use (scheduler/scheduler.proto of Apache Mesos). */

interface Filters {
  readonly refuse_seconds: number;
}

/** Tasks that are launched together or not at all, by an executor of their own. */
export interface TaskGroup {
  readonly executor: {
    readonly type: 'DEFAULT';
    readonly executor_id: ExecutorId;
    readonly framework_id: FrameworkId;
    readonly resources: readonly Resource[];
    readonly labels?: Labels;
  };
  readonly task_group: { readonly tasks: readonly TaskInfo[] };
}

/** What is done with an offer. */
export type OfferOperation =
  | { readonly type: 'LAUNCH'; readonly launch: { readonly task_infos: readonly TaskInfo[] } }
  | { readonly type: 'LAUNCH_GROUP'; readonly launch_group: TaskGroup }
  | { readonly type: 'RESERVE'; readonly reserve: { readonly resources: readonly Resource[] } }
  | { readonly type: 'UNRESERVE'; readonly unreserve: { readonly resources: readonly Resource[] } }
  | { readonly type: 'CREATE'; readonly create: { readonly volumes: readonly Resource[] } }
  | { readonly type: 'DESTROY'; readonly destroy: { readonly volumes: readonly Resource[] } };

/** What an operation launches. */
export function tasksIn(operation: OfferOperation): readonly TaskInfo[] {
  if (operation.type === 'LAUNCH') return operation.launch.task_infos;
  return operation.type === 'LAUNCH_GROUP' ? operation.launch_group.task_group.tasks : [];
}

export type SchedulerCall =
  | { readonly type: 'SUBSCRIBE'; readonly subscribe: { readonly framework_info: FrameworkInfo } }
  | {
      readonly type: 'ACCEPT';
      readonly accept: {
        readonly offer_ids: readonly OfferId[];
        readonly operations: readonly OfferOperation[];
        readonly filters: Filters;
      };
    }
  | {
      readonly type: 'DECLINE';
      readonly decline: { readonly offer_ids: readonly OfferId[]; readonly filters: Filters };
    }
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly update_framework: { readonly framework_info: FrameworkInfo } }
  | { readonly type: 'REVIVE' }
  | { readonly type: 'SUPPRESS' }
  | { readonly type: 'KILL'; readonly kill: { readonly task_id: TaskId; readonly agent_id?: AgentId } }
  | {
      readonly type: 'ACKNOWLEDGE';
      readonly acknowledge: { readonly agent_id: AgentId; readonly task_id: TaskId; readonly uuid: string };
    }
  | {
      readonly type: 'RECONCILE';
      readonly reconcile: { readonly tasks: readonly { readonly task_id: TaskId; readonly agent_id?: AgentId }[] };
    };

export type SchedulerEvent =
  | {
      readonly type: 'SUBSCRIBED';
      readonly subscribed: {
        readonly framework_id: FrameworkId;
        readonly heartbeat_interval_seconds?: number;
        readonly master_info?: {
          readonly hostname?: string;
          readonly port?: number;
          readonly address?: { readonly hostname?: string; readonly ip?: string; readonly port?: number };
        };
      };
    }
  | { readonly type: 'OFFERS'; readonly offers: { readonly offers: readonly Offer[] } }
  | { readonly type: 'RESCIND'; readonly rescind: { readonly offer_id: OfferId } }
  | { readonly type: 'UPDATE'; readonly update: { readonly status: TaskStatus } }
  | {
      readonly type: 'MESSAGE';
      readonly message: {
        readonly agent_id: AgentId;
        readonly executor_id: { readonly value: string };
        /** base64 */
        readonly data: string;
      };
    }
  | { readonly type: 'FAILURE'; readonly failure: { readonly agent_id?: AgentId } }
  | { readonly type: 'ERROR'; readonly error: { readonly message: string } }
  | { readonly type: 'HEARTBEAT' };
