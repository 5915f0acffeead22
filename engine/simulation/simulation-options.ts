import type { EngineWorld } from '../component.ts';
import type { Discovery } from '../discovery/discovery.ts';

/** A length of time that is drawn between two, in milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What simulated tasks do. */
export interface TaskBehaviour {
  /** From the launch until the task runs, as a pull or a download would take. */
  readonly startDelay: TimeRange;
  /** How long a task runs before it finishes; missing: until it is killed. */
  readonly endAfter?: TimeRange;
  /** Which part of the tasks fails, from 0 to 1. */
  readonly crashRate: number;
  /** How long those run. */
  readonly crashAfter: TimeRange;
}

export interface SimulationOptions {
  readonly count: number;
  /** Of each, in Mesos's form; what is missing of cpus, mem, disk and ports is that of `simulatedResources` (protocol/mesos-defaults.ts). */
  readonly resources: string;
  /** Of all, in Mesos's form, beside `simulated:true`, rack and zone. */
  readonly attributes: string;
  /** How many racks and zones they are spread over in turn; a rack is in one zone. 0: they have no such attribute. */
  readonly racks: number;
  readonly zones: number;
  readonly tasks: TaskBehaviour;
  readonly masters: Discovery;
  /** Address to bind and to be reached by: one port for all of them. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** What the agents say their version is. */
  readonly version: string;
  /** As of a real agent (agent-options.ts). */
  readonly statusRetryMs?: number;
  readonly registrationBackoffMs?: number;
  readonly maxRegistrationBackoffMs?: number;
  readonly masterSilenceMs?: number;
}

export interface SimulationWorld extends EngineWorld {
  /** From 0 to 1. */
  readonly random: () => number;
}

export const drawn = ({ fromMs, toMs }: TimeRange, random: () => number): number => fromMs + random() * (toMs - fromMs);
