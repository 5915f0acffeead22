import type { TaskCheckResult } from '../../../protocol/marathon/marathon-checks.ts';
import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { isPodInstance } from '../pods/pod-instance.ts';
import { PodUpdates } from '../pods/pod-updates.ts';
import { instanceChanged, publishStatus } from '../instance-events.ts';
import { leave } from '../residency/leave.ts';
import { isReserved } from '../residency/resident.ts';
import { failureIn, noteFailure } from './last-failures.ts';
import { conditionName, conditions, instanceIdOf, limitWorthy, type Condition, type Instance } from './instances.ts';
import type { TaskKiller } from './task-killer.ts';

/** Takes what Mesos says of tasks, and acknowledges it once it is saved. */
export class StatusUpdates {
  readonly #shared: SharedParts;
  readonly #killer: TaskKiller;
  readonly #pods: PodUpdates;

  constructor(shared: SharedParts, killer: TaskKiller) {
    this.#shared = shared;
    this.#killer = killer;
    this.#pods = new PodUpdates(shared);
  }

  handle(status: TaskStatus): void {
    const instance = this.#shared.instances.ofTask(status.task_id.value);
    const condition = conditions[status.state];
    if (instance === undefined || isReserved(instance)) this.#handleUnknown(status);
    else if (isPodInstance(instance)) this.#pods.handle(instance, status);
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
        instanceId: instanceIdOf(status.task_id.value),
        condition: conditionName(status.state),
      });
    }
  }

  #update(instance: Instance, condition: Condition, status: TaskStatus): void {
    const { instances, clock, events } = this.#shared;
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
    if (next.state !== instance.state || status.reason !== 'REASON_RECONCILIATION') publishStatus(events, next, status);
  }

  #end(instance: Instance, status: TaskStatus): void {
    const { apps, delays, events } = this.#shared;
    leave(this.#shared, { ...instance, state: status.state });
    const failure = failureIn(status, instance);
    if (failure !== undefined) noteFailure(this.#shared, instance, failure);
    if (limitWorthy.has(status.state)) delays.addAfter(instance, apps.get(instance.appId));
    publishStatus(events, instance, status);
    events.publish('instance_changed_event', instanceChanged(instance, conditionName(status.state)));
  }

  /** Only what has a uuid asks for it. Unsaved, it would be lost if Marathon died now: then it will be sent again. */
  #acknowledge({ uuid, agent_id, task_id }: TaskStatus): void {
    if (uuid === undefined || agent_id === undefined) return;
    void this.#shared.store.flush().then((isSaved) => {
      if (isSaved) void this.#shared.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    });
  }
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
