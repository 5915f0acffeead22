import type { OperationStatus } from '../../../protocol/agent-api.ts';
import type { AgentId, ExecutorId, FrameworkId, Json, Offer, OfferId, TaskStatus } from '../../../protocol/mesos.ts';
import type { ExecutorAt } from './scheduler-call.ts';

/** What a master sends to a framework (scheduler.proto, message Event); the part that this master sends. */
export type SchedulerEvent =
  | {
      readonly type: 'SUBSCRIBED';
      readonly subscribed: {
        readonly framework_id: FrameworkId;
        readonly heartbeat_interval_seconds: number;
        readonly master_info: Json;
      };
    }
  | { readonly type: 'HEARTBEAT' }
  | { readonly type: 'OFFERS'; readonly offers: { readonly offers: readonly Offer[] } }
  | { readonly type: 'INVERSE_OFFERS'; readonly inverse_offers: { readonly inverse_offers: readonly unknown[] } }
  | { readonly type: 'RESCIND_INVERSE_OFFER'; readonly rescind_inverse_offer: { readonly inverse_offer_id: OfferId } }
  | { readonly type: 'RESCIND'; readonly rescind: { readonly offer_id: OfferId } }
  | { readonly type: 'UPDATE'; readonly update: { readonly status: TaskStatus } }
  | { readonly type: 'UPDATE_OPERATION_STATUS'; readonly update_operation_status: { readonly status: OperationStatus } }
  /** Without an executor: the agent is gone. */
  | {
      readonly type: 'FAILURE';
      readonly failure: { readonly agent_id: AgentId; readonly executor_id?: ExecutorId; readonly status?: number };
    }
  | { readonly type: 'MESSAGE'; readonly message: ExecutorAt & { readonly data: string } }
  | { readonly type: 'ERROR'; readonly error: { readonly message: string } };
