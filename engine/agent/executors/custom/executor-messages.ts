import type {
  ExecutorId,
  ExecutorInfo,
  FrameworkId,
  FrameworkInfo,
  TaskId,
  TaskInfo,
  TaskStatus,
} from '../../../../protocol/mesos.ts';

/** What an executor sends (executor.proto, message Call), as far as it is well-formed and has what its type needs. */
export type ExecutorCall = { readonly executor_id: ExecutorId; readonly framework_id: FrameworkId } & (
  | { readonly type: 'SUBSCRIBE'; readonly subscribe: Subscribe }
  | { readonly type: 'UPDATE'; readonly update: Update }
  | { readonly type: 'MESSAGE'; readonly message: { readonly data: string } }
  | { readonly type: 'HEARTBEAT' | 'UNKNOWN' }
);

export interface Subscribe {
  readonly unacknowledged_tasks?: readonly TaskInfo[];
  readonly unacknowledged_updates?: readonly Update[];
}

interface Update {
  readonly status: TaskStatus;
}

/** What an executor is sent (executor.proto, message Event). */
export type ExecutorEvent =
  | {
      readonly type: 'SUBSCRIBED';
      readonly subscribed: {
        readonly executor_info: ExecutorInfo;
        readonly framework_info: FrameworkInfo;
        readonly agent_info: object;
        readonly container_id: { readonly value: string };
      };
    }
  | { readonly type: 'LAUNCH'; readonly launch: { readonly task: TaskInfo } }
  | {
      readonly type: 'LAUNCH_GROUP';
      readonly launch_group: { readonly task_group: { readonly tasks: readonly TaskInfo[] } };
    }
  | { readonly type: 'KILL'; readonly kill: { readonly task_id: TaskId; readonly kill_policy?: KillPolicy } }
  | { readonly type: 'ACKNOWLEDGED'; readonly acknowledged: { readonly task_id: TaskId; readonly uuid: string } }
  | { readonly type: 'MESSAGE'; readonly message: { readonly data: string } }
  | { readonly type: 'SHUTDOWN' };

interface KillPolicy {
  readonly grace_period: { readonly nanoseconds: number };
}
