import type { OperationStatus } from '../../../protocol/agent-api.ts';
import type { AgentId, FrameworkId, Json, Offer, OfferId, TaskStatus } from '../../../protocol/mesos.ts';

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
  | { readonly type: 'RESCIND'; readonly rescind: { readonly offer_id: OfferId } }
  | { readonly type: 'UPDATE'; readonly update: { readonly status: TaskStatus } }
  | { readonly type: 'UPDATE_OPERATION_STATUS'; readonly update_operation_status: { readonly status: OperationStatus } }
  | { readonly type: 'FAILURE'; readonly failure: { readonly agent_id: AgentId } }
  | { readonly type: 'ERROR'; readonly error: { readonly message: string } };
