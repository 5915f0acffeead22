/*
 * A job of Chronos, complete: with a value for everything that was left out (Jobs.scala, Containers.scala and
 * JobDeserializer.scala of Chronos 3).
 */

export interface Parameter {
  readonly key: string;
  readonly value: string;
}

export interface Fetch {
  readonly uri: string;
  readonly output_file: string;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly extract: boolean;
}

export interface Volume {
  readonly hostPath?: string;
  readonly containerPath: string;
  readonly mode?: 'RW' | 'RO';
  readonly external?: { readonly name: string; readonly provider: string; readonly options: readonly Parameter[] };
}

export interface Network {
  readonly name: string;
  readonly protocol?: 'IPv4' | 'IPv6';
  readonly labels: readonly Parameter[];
  readonly portMappings: readonly {
    readonly hostPort: number;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

export interface Container {
  readonly type: 'DOCKER' | 'MESOS';
  readonly image: string;
  readonly network: 'BRIDGE' | 'HOST' | 'USER';
  readonly networkName?: string;
  readonly networkInfos: readonly Network[];
  readonly volumes: readonly Volume[];
  readonly forcePullImage: boolean;
  readonly parameters: readonly Parameter[];
}

/** Attribute, operator, value. */
export type Constraint = readonly [string, 'EQUALS' | 'LIKE' | 'UNLIKE', string];

interface CommonJob {
  readonly name: string;
  readonly command: string;
  readonly shell: boolean;
  readonly executor: string;
  readonly executorFlags: string;
  readonly taskInfoData: string;
  readonly retries: number;
  readonly owner: string;
  readonly ownerName: string;
  readonly description: string;
  /** A run goes on when its task has ended, until its completion is reported. */
  readonly async: boolean;
  readonly successCount: number;
  readonly errorCount: number;
  /** ISO 8601; empty: never. */
  readonly lastSuccess: string;
  readonly lastError: string;
  readonly errorsSinceLastSuccess: number;
  readonly cpus: number;
  readonly disk: number;
  readonly mem: number;
  readonly disabled: boolean;
  readonly softError: boolean;
  readonly dataProcessingJobType: boolean;
  readonly fetch: readonly Fetch[];
  readonly uris: readonly string[];
  readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
  readonly arguments: readonly string[];
  readonly highPriority: boolean;
  readonly runAsUser: string;
  readonly concurrent: boolean;
  /** Seconds; 0: any time. */
  readonly maxCompletionTime: number;
  readonly container?: Container;
  readonly constraints: readonly Constraint[];
}

export interface ScheduledJob extends CommonJob {
  readonly schedule: string;
  readonly scheduleTimeZone: string;
  /** How late a run may be; ISO 8601. Missing: as late as may be. */
  readonly epsilon?: string;
}

export interface DependentJob extends CommonJob {
  readonly parents: readonly string[];
}

export type Job = ScheduledJob | DependentJob;

export const isDependent = (job: Job): job is DependentJob => 'parents' in job;
