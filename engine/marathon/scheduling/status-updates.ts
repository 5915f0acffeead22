import type { TaskCheckResult } from '../../../protocol/marathon-checks.ts';
import type { TaskState, TaskStatus } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import { noteFailure } from './last-failures.ts';
import type { EventBus } from '../event-bus.ts';
import { isReserved, isResident, parked } from '../residency/resident.ts';
import type { Condition, Instance } from './instances.ts';
import type { TaskKiller } from './task-killer.ts';

const conditions: Readonly<Partial<Record<TaskState, Condition>>> = {
  TASK_STAGING: 'Staging',
  TASK_STARTING: 'Starting',
  TASK_RUNNING: 'Running',
  TASK_KILLING: 'Killing',
  TASK_UNREACHABLE: 'Unreachable',
};
/** After these an app's next launch waits (NotifyRateLimiterStepImpl of Marathon). */
const limitWorthy: ReadonlySet<TaskState> = new Set([
  'TASK_DROPPED',
  'TASK_ERROR',
  'TASK_FAILED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_FINISHED',
  'TASK_LOST',
]);
/** These are shown as the app's last failure. */
const failures: ReadonlySet<TaskState> = new Set([
  'TASK_DROPPED',
  'TASK_ERROR',
  'TASK_FAILED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_LOST',
]);

const killedAsIll = 'Task was killed since health check failed.';

/** `TASK_FAILED` is the condition Failed. */
const conditionName = (state: TaskState) => state.charAt(5) + state.slice(6).toLowerCase();

/** Takes what Mesos says of tasks, and acknowledges it once it is saved. */
export class StatusUpdates {
  readonly #shared: SharedParts;
  readonly #killer: TaskKiller;

  constructor(shared: SharedParts, killer: TaskKiller) {
    this.#shared = shared;
    this.#killer = killer;
  }

  handle(status: TaskStatus): void {
    const instance = this.#shared.instances.get(status.task_id.value);
    const condition = conditions[status.state];
    if (instance === undefined || isReserved(instance)) this.#handleUnknown(status);
    else if (condition === undefined) this.#end(instance, status);
    else this.#update(instance, condition, status);
    this.#acknowledge(status);
    this.#shared.wake();
  }

  #handleUnknown(status: TaskStatus): void {
    const isAlive = conditions[status.state] !== undefined && status.state !== 'TASK_UNREACHABLE';
    if (isAlive && status.state !== 'TASK_KILLING') {
      this.#killer.killUnknown(status.task_id.value, status.agent_id?.value);
    } else if (!isAlive && status.reason !== 'REASON_RECONCILIATION') {
      this.#shared.events.publish('unknown_instance_terminated_event', {
        instanceId: status.task_id.value.replace(/\._app\.\d+$/, ''),
        condition: conditionName(status.state),
      });
    }
  }

  #update(instance: Instance, condition: Condition, status: TaskStatus): void {
    const { instances, clock } = this.#shared;
    // A reconciliation may not undo what Marathon decided of an instance that is still out of reach.
    const isStillLost = condition === 'Unreachable' && instance.condition === 'UnreachableInactive';
    const now = clock();
    const { unreachableSince: _since, mesosHealthy: _healthy, checkResult: _seen, ...rest } = instance;
    const checkResult = checkResultOf(status);
    const mesosHealthy = status.healthy ?? instance.mesosHealthy;
    const next: Instance = {
      ...rest,
      condition: isStillLost ? instance.condition : condition,
      state: status.state,
      ipAddresses: ipAddressesOf(status) ?? instance.ipAddresses,
      ...(condition === 'Running' && instance.startedAt === undefined ? { startedAt: now } : {}),
      ...(condition === 'Unreachable' ? { unreachableSince: instance.unreachableSince ?? now } : {}),
      ...(mesosHealthy === undefined ? {} : { mesosHealthy }),
      ...(checkResult === undefined ? {} : { checkResult }),
    };
    instances.put(next);
    if (next.state !== instance.state || status.reason !== 'REASON_RECONCILIATION') this.#publish(next, status);
  }

  #end(instance: Instance, status: TaskStatus): void {
    const { apps, delays, events } = this.#shared;
    this.#leave(instance, status);
    if (failures.has(status.state)) noteFailure(this.#shared, instance, status.state, status.message ?? '');
    // Mesos gave its health check up: nobody asked for the end of it.
    const isIll = status.state === 'TASK_KILLED' && status.healthy === false && instance.goal === 'Running';
    if (isIll) noteFailure(this.#shared, instance, 'TASK_FAILED', `${killedAsIll} Reason: ${status.message ?? ''}`);
    const app = apps.get(instance.appId);
    const isCurrent = app !== undefined && instance.version >= app.versionInfo.lastConfigChangeAt;
    if (isCurrent && instance.goal === 'Running' && limitWorthy.has(status.state)) delays.add(app);
    this.#publish(instance, status);
    events.publish('instance_changed_event', instanceChanged(instance, conditionName(status.state)));
  }

  /** What is reserved for a resident one is kept for its next task, unless nobody will want that. */
  #leave(instance: Instance, { state }: TaskStatus): void {
    const { instances, apps, releases } = this.#shared;
    const app = apps.get(instance.appId);
    const { reservation, isWiped, taskId } = instance;
    if (reservation !== undefined && isWiped !== true && app !== undefined && isResident(app)) {
      instances.put({ ...parked(instance), state });
      return;
    }
    instances.remove(taskId);
    if (reservation !== undefined) releases.add(instance.id);
  }

  #publish(instance: Instance, status: TaskStatus): void {
    this.#shared.events.publish('status_update_event', {
      slaveId: instance.agentId,
      taskId: instance.taskId,
      taskStatus: status.state,
      message: status.message ?? '',
      appId: instance.appId,
      host: instance.host,
      ipAddresses: instance.ipAddresses,
      ports: instance.hostPorts,
      version: instance.version,
    });
  }

  /** Only what has a uuid asks for it. Unsaved, it would be lost if Marathon died now: then it will be sent again. */
  #acknowledge({ uuid, agent_id, task_id }: TaskStatus): void {
    if (uuid === undefined || agent_id === undefined) return;
    void this.#shared.store.flush().then((isSaved) => {
      if (isSaved) void this.#shared.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    });
  }
}

/** Tells of an instance whose condition or goal has changed. */
export function announceInstance(events: EventBus, instance: Instance, before: Instance | undefined): void {
  if (before?.condition === instance.condition && before.goal === instance.goal) return;
  events.publish('instance_changed_event', instanceChanged(instance, instance.condition));
}

export function instanceChanged(instance: Instance, condition: string): object {
  return {
    instanceId: instance.id,
    condition,
    runSpecId: instance.appId,
    agentId: instance.agentId,
    host: instance.host,
    runSpecVersion: instance.version,
    goal: instance.goal,
    since: isoTime(instance.startedAt ?? instance.stagedAt),
  };
}

/** CheckStatusInfo of mesos.proto, as Marathon shows it (CheckConversion.checkStatusRamlWriter). */
function checkResultOf({ check_status }: TaskStatus): TaskCheckResult | undefined {
  if (check_status === undefined) return undefined;
  const { http, tcp, command } = check_status as CheckStatus;
  return {
    ...(http?.status_code === undefined ? {} : { http: { statusCode: http.status_code } }),
    ...(tcp?.succeeded === undefined ? {} : { tcp: { succeeded: tcp.succeeded } }),
    ...(command?.exit_code === undefined ? {} : { command: { exitCode: command.exit_code } }),
  };
}

interface CheckStatus {
  readonly http?: { readonly status_code?: number };
  readonly tcp?: { readonly succeeded?: boolean };
  readonly command?: { readonly exit_code?: number };
}

interface ContainerStatus {
  readonly network_infos?: readonly {
    readonly ip_addresses?: readonly { readonly ip_address?: string; readonly protocol?: string }[];
  }[];
}

function ipAddressesOf(status: TaskStatus): Instance['ipAddresses'] | undefined {
  const networks = (status.container_status as ContainerStatus | undefined)?.network_infos;
  return networks
    ?.flatMap(({ ip_addresses }) => ip_addresses ?? [])
    .flatMap(({ ip_address, protocol }) =>
      ip_address === undefined ? [] : [{ ipAddress: ip_address, protocol: protocol ?? 'IPv4' }],
    );
}
