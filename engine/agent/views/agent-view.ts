import type { Attribute, Resource } from '../../../protocol/mesos.ts';
import type { Candidate } from '../../discovery/discovery.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import type { TaskTable } from '../tasks/task-record.ts';

/** What the endpoints show of an agent. */
export interface AgentView {
  readonly options: AgentOptions;
  readonly world: AgentWorld;
  readonly port: number;
  /** Empty until the agent has registered for the first time. */
  readonly id: () => string;
  readonly master: () => Candidate | undefined;
  readonly table: TaskTable;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  /** Seconds since 1970. */
  readonly startTime: number;
  readonly statusUpdates: () => number;
  /** What the fetcher counts, by the last part of the metrics' names. */
  readonly fetches: () => Readonly<Record<string, number>>;
}
