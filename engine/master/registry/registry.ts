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

export interface DrainConfig {
  readonly max_grace_period?: Nanoseconds;
  readonly mark_gone: boolean;
}

/** An agent that an operator has deactivated, perhaps to drain it. */
export interface AgentDecision {
  readonly drain?: {
    readonly config: DrainConfig;
    readonly state: 'DRAINING' | 'DRAINED';
    /** Milliseconds since 1970. */
    readonly startedAt: number;
  };
}

/** What a role is owed, and what it may have at most: scalars by name. */
export interface Quota {
  readonly guarantees: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
}

export interface Registry {
  readonly windows: readonly MaintenanceWindow[];
  /** Machines of the windows that are in maintenance now. */
  readonly down: readonly MachineId[];
  /** By agent id. */
  readonly agents: Readonly<Record<string, AgentDecision>>;
  /** By role. */
  readonly quotas: Readonly<Record<string, Quota>>;
  readonly weights: Readonly<Record<string, number>>;
  /** Agents that never come back, and since when. */
  readonly gone: Readonly<Record<string, number>>;
}

export const emptyRegistry: Registry = { windows: [], down: [], agents: {}, gone: {}, quotas: {}, weights: {} };

/** @throws SyntaxError when it is none that was saved */
export function parseRegistry(text: string | undefined): Registry {
  return text === undefined ? emptyRegistry : { ...emptyRegistry, ...(JSON.parse(text) as Partial<Registry>) };
}

/** Whether an agent never comes back. */
export const isGone = ({ gone }: Registry, agentId: string): boolean => Object.hasOwn(gone, agentId);
