import type { Attribute, Resource } from '../../../protocol/mesos.ts';
import type { Candidate } from '../../discovery/discovery.ts';
import type { Processes } from '../../../platform/processes/processes.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { Resources } from '../../master/resources.ts';
import type { LogLevel } from '../../observability/log-level.ts';
import type { AgentOptions } from '../agent-options.ts';
import type { Containers } from '../containers/containers.ts';
import type { FilesApiOptions } from '../../files/files-api.ts';
import type { ExecutorApi } from '../executors/custom/executor-api.ts';
import type { DiskWatch } from '../disk/disk-watch.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import type { DrainView } from '../tasks/draining.ts';

/** How the endpoints look at sandboxes. */
export type ViewedFiles = FilesApiOptions['sandboxes'] & Pick<Sandboxes, 'machine'>;

/** What the endpoints show of an agent. */
export interface AgentView {
  readonly options: AgentOptions;
  readonly world: {
    readonly log: (line: string) => void;
    readonly processes: Pick<Processes, 'usageOf'>;
    readonly sandboxes: ViewedFiles;
  };
  /** N of `slave(N)@ip:port`; missing: 1. */
  readonly ordinal?: number;
  readonly port: number;
  /** Empty until the agent has registered for the first time. */
  readonly id: () => string;
  readonly master: () => Candidate | undefined;
  readonly table: TaskTable;
  readonly resources: readonly Resource[];
  /** What operations have made of them. Missing: nothing. */
  readonly total?: () => Resources;
  readonly attributes: readonly Attribute[];
  /** Seconds since 1970. */
  readonly startTime: number;
  readonly logLevel: LogLevel;
  /** Missing: it does not drain, or has. */
  readonly draining?: () => DrainView | undefined;
  readonly statusUpdates: () => number;
  /** Missing where there are no executors to speak to. */
  readonly executorApi?: ExecutorApi;
  /** Missing where nobody can ask for any. */
  readonly containers?: Containers;
  /** What containers have on the disk. Missing: nobody looks. */
  readonly disk?: DiskWatch | undefined;
  /** What the fetcher counts, by the last part of the metrics' names. */
  readonly fetches: () => Readonly<Record<string, number>>;
}

/** What is served below /files: sandboxes, and the agent's own log (src/slave/slave.cpp, Slave::initialize). */
export function filesOf({ world, table }: AgentView): FilesApiOptions {
  return { sandboxes: world.sandboxes, attached: table.attached, log: world.log };
}
