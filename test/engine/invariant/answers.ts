/* What the test reads of the answers of Mesos and Marathon. */

export interface MesosTask {
  readonly id: string;
  readonly slave_id: string;
  readonly state: string;
  readonly resources: Readonly<Record<string, number>>;
}

export interface MesosAgent {
  readonly id: string;
  readonly hostname: string;
  readonly active: boolean;
  readonly resources: { readonly cpus: number };
  readonly used_resources: Readonly<Record<string, number>> & { readonly cpus: number };
}

interface Framework {
  readonly id: string;
  readonly active: boolean;
  readonly tasks: readonly MesosTask[];
  readonly unreachable_tasks: readonly MesosTask[];
}

/** /state of a master. */
export interface MasterState {
  readonly id: string;
  readonly leader_info?: { readonly id: string };
  readonly slaves: readonly MesosAgent[];
  readonly frameworks: readonly Framework[];
  readonly completed_frameworks: readonly Framework[];
}

interface Executor {
  readonly container: string;
  readonly tasks: readonly MesosTask[];
  readonly queued_tasks: readonly MesosTask[];
}

/** /state of an agent. */
export interface AgentState {
  readonly id: string;
  readonly frameworks: readonly { readonly executors: readonly Executor[] }[];
}

export interface MarathonTask {
  readonly id: string;
  readonly slaveId: string;
  readonly state: string;
  readonly version: string;
}

export interface MarathonApp {
  readonly id: string;
  readonly instances: number;
  readonly version: string;
  readonly versionInfo: { readonly lastConfigChangeAt: string };
  readonly env: { readonly TAG: string };
  readonly tasks: readonly MarathonTask[];
}

/** /v2/deployments */
export interface Deployment {
  readonly id: string;
  readonly affectedApps: readonly string[];
}
