import type { MachineId, MaintenanceWindow, Registry, Unavailability } from '../registry/registry.ts';
import { describeMachine, machineKey, refuseMachine, refuseMachines, refuseTwice } from './machine-id.ts';

/* How the schedule of maintenance changes (src/master/maintenance.cpp, with its checks and texts). */

/** A change, or why there is none. */
export type Change = Registry | { readonly refusal: string };

/** Ten thousand agents that register ask the same of the same registry, which never changes. */
function remembered<Result>(of: (registry: Registry) => Result): (registry: Registry) => Result {
  const known = new WeakMap<Registry, { readonly result: Result }>();
  return (registry) => {
    const found = known.get(registry) ?? { result: of(registry) };
    known.set(registry, found);
    return found.result;
  };
}

/** When machines will be away, by machineKey; those that are down among them. */
export const unavailabilities = remembered(
  ({ windows }): ReadonlyMap<string, Unavailability> =>
    new Map(
      windows.flatMap(({ machine_ids: ids, unavailability }) =>
        ids.map((id) => [machineKey(id), unavailability] as const),
      ),
    ),
);

const downKeys = remembered(({ down }): ReadonlySet<string> => new Set(down.map(machineKey)));

export const isDown = (registry: Registry, id: MachineId): boolean => downKeys(registry).has(machineKey(id));

/** Those that are scheduled, and not down yet. */
export const drainingMachines = (registry: Registry): readonly MachineId[] =>
  registry.windows.flatMap(({ machine_ids: ids }) => ids).filter((id) => !isDown(registry, id));

function refuseWindow({ machine_ids: ids, unavailability }: MaintenanceWindow): string | undefined {
  if (ids.length === 0) return 'List of machines in the maintenance window is empty';
  if ((unavailability.duration?.nanoseconds ?? 0) < 0) return "Unavailability 'duration' is negative";
  return ids.map(refuseMachine).find((each) => each !== undefined);
}

/** A window as it is sent: protobuf and JSON leave out a list that is empty. */
type SentWindow = Omit<MaintenanceWindow, 'machine_ids'> & Partial<Pick<MaintenanceWindow, 'machine_ids'>>;

export function changeSchedule(registry: Registry, sent: readonly SentWindow[]): Change {
  const windows = sent.map((window) => ({ ...window, machine_ids: window.machine_ids ?? [] }));
  const ids = windows.flatMap(({ machine_ids: each }) => each);
  const scheduled = new Set(ids.map(machineKey));
  const lost = registry.down.find((id) => !scheduled.has(machineKey(id)));
  const refusal =
    windows.map(refuseWindow).find((each) => each !== undefined) ??
    refuseTwice(ids, 'appears more than once in the schedule') ??
    (lost && describeMachine(lost, 'is deactivated and cannot be removed from the schedule'));
  return refusal === undefined ? { ...registry, windows } : { refusal };
}

/** @param isKnown whether an agent came from a machine that is not scheduled */
export function startMaintenance(
  registry: Registry,
  machines: readonly MachineId[],
  isKnown: (id: MachineId) => boolean,
): Change {
  const draining = new Set(drainingMachines(registry).map(machineKey));
  const refuse = (id: MachineId) => {
    if (draining.has(machineKey(id))) return undefined;
    const what =
      isDown(registry, id) || isKnown(id)
        ? 'is not in DRAINING mode and cannot be brought down'
        : 'is not part of a maintenance schedule';
    return describeMachine(id, what);
  };
  const refusal = refuseMachines(machines) ?? machines.map(refuse).find((each) => each !== undefined);
  return refusal === undefined ? { ...registry, down: [...registry.down, ...machines] } : { refusal };
}

/** @param isKnown as of startMaintenance */
export function stopMaintenance(
  registry: Registry,
  machines: readonly MachineId[],
  isKnown: (id: MachineId) => boolean,
): Change {
  const scheduled = unavailabilities(registry);
  const refuse = (id: MachineId) => {
    if (isDown(registry, id)) return undefined;
    const what =
      scheduled.has(machineKey(id)) || isKnown(id)
        ? 'is not in DOWN mode and cannot be brought up'
        : 'is not part of a maintenance schedule';
    return describeMachine(id, what);
  };
  const refusal = refuseMachines(machines) ?? machines.map(refuse).find((each) => each !== undefined);
  if (refusal !== undefined) return { refusal };
  const up = new Set(machines.map(machineKey));
  const without = (ids: readonly MachineId[]) => ids.filter((id) => !up.has(machineKey(id)));
  const windows = registry.windows
    .map((window) => ({ ...window, machine_ids: without(window.machine_ids) }))
    .filter(({ machine_ids: ids }) => ids.length > 0);
  return { ...registry, windows, down: without(registry.down) };
}
