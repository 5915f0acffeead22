/* What operators have decided (src/master/registry.proto): all that a master cannot learn from agents and frameworks. */

export interface MachineId {
  readonly hostname?: string;
  readonly ip?: string;
}

export interface Nanoseconds {
  readonly nanoseconds: number;
}

/** When a machine will be away; without a duration for ever. */
export interface Unavailability {
  readonly start: Nanoseconds;
  readonly duration?: Nanoseconds;
}

export interface MaintenanceWindow {
  readonly machine_ids: readonly MachineId[];
  readonly unavailability: Unavailability;
}

export interface Registry {
  readonly windows: readonly MaintenanceWindow[];
  /** Machines of the windows that are in maintenance now. */
  readonly down: readonly MachineId[];
}

export const emptyRegistry: Registry = { windows: [], down: [] };

/** @throws SyntaxError when it is none that was saved */
export function parseRegistry(text: string | undefined): Registry {
  return text === undefined ? emptyRegistry : { ...emptyRegistry, ...(JSON.parse(text) as Partial<Registry>) };
}
