/*
 * The part of Mesos's v1 API that the engine speaks, in its JSON form (include/mesos/v1/mesos.proto and
 * scheduler/scheduler.proto of Apache Mesos; field names and types as a real master answers).
 */

import type { Labels } from './labels.ts';
import type { DiskInfo, Reservation } from './resource-info.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Id {
  readonly value: string;
}
export type AgentId = Id;
export type FrameworkId = Id;
export type TaskId = Id;
export type ExecutorId = Id;
export type OfferId = Id;

export interface Range {
  readonly begin: number;
  readonly end: number;
}

export interface Resource {
  readonly name: string;
  readonly type: 'SCALAR' | 'RANGES' | 'SET';
  readonly scalar?: { readonly value: number };
  readonly ranges?: { readonly range: readonly Range[] };
  readonly set?: { readonly item: readonly string[] };
  /** The old form of `reservations`, with `reservation` for a dynamic one. */
  readonly role?: string;
  readonly reservation?: Omit<Reservation, 'type' | 'role'>;
  /** The last one is in effect: it refines those before. */
  readonly reservations?: readonly Reservation[];
  readonly disk?: DiskInfo;
  readonly allocation_info?: { readonly role: string };
}

export interface Attribute {
  readonly name: string;
  readonly type: 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';
  readonly scalar?: { readonly value: number };
  readonly ranges?: { readonly range: readonly Range[] };
  readonly set?: { readonly item: readonly string[] };
  readonly text?: { readonly value: string };
}

export interface FrameworkInfo {
  readonly user: string;
  readonly name: string;
  readonly id?: FrameworkId;
  /** Seconds. */
  readonly failover_timeout?: number;
  readonly checkpoint?: boolean;
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly hostname?: string;
  readonly principal?: string;
  readonly webui_url?: string;
  readonly capabilities?: readonly { readonly type: string }[];
  readonly labels?: Labels;
  /** By role. */
  readonly offer_filters?: Readonly<Record<string, Json>>;
}

export const hasCapability = (info: FrameworkInfo, name: string): boolean =>
  info.capabilities?.some(({ type }) => type === name) === true;

export interface EnvironmentVariable {
  readonly name: string;
  /** Default VALUE. */
  readonly type?: 'UNKNOWN' | 'VALUE' | 'SECRET';
  readonly value?: string;
  /** Secret of mesos.proto, of the type SECRET. */
  readonly secret?: Json;
}

/** CommandInfo.URI */
export interface CommandUri {
  readonly value: string;
  readonly executable?: boolean;
  /** Default true. */
  readonly extract?: boolean;
  readonly cache?: boolean;
  /** Path in the sandbox. */
  readonly output_file?: string;
}

export interface CommandInfo {
  readonly shell?: boolean;
  readonly value?: string;
  readonly arguments?: readonly string[];
  readonly user?: string;
  readonly uris?: readonly CommandUri[];
  readonly environment?: { readonly variables: readonly EnvironmentVariable[] };
}

export interface DockerPortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string;
}

export interface ContainerInfo {
  readonly type: 'DOCKER' | 'MESOS';
  readonly docker?: {
    readonly image: string;
    readonly network?: 'HOST' | 'BRIDGE' | 'NONE' | 'USER';
    readonly port_mappings?: readonly DockerPortMapping[];
    readonly privileged?: boolean;
    readonly parameters?: readonly { readonly key: string; readonly value: string }[];
    readonly force_pull_image?: boolean;
    readonly volume_driver?: string;
  };
  readonly hostname?: string;
  readonly volumes?: readonly Json[];
  readonly network_infos?: readonly Json[];
  readonly linux_info?: Json;
  readonly rlimit_info?: Json;
  readonly tty_info?: Json;
  /** Of a container of type MESOS: its image, if it has one. */
  readonly mesos?: Json;
}

export interface DiscoveryInfo {
  readonly visibility: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
  readonly name?: string;
  readonly ports?: {
    readonly ports: readonly {
      readonly number: number;
      readonly name?: string;
      readonly protocol?: string;
      readonly labels?: Labels;
    }[];
  };
}

export interface ExecutorInfo {
  /** Missing: CUSTOM, in a task that was launched by itself. */
  readonly type?: 'UNKNOWN' | 'DEFAULT' | 'CUSTOM';
  readonly executor_id: ExecutorId;
  readonly framework_id?: FrameworkId;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly resources?: readonly Resource[];
  readonly name?: string;
  readonly source?: string;
  readonly data?: string;
  readonly labels?: Labels;
  readonly shutdown_grace_period?: { readonly nanoseconds: number };
}

export interface TaskInfo {
  readonly name: string;
  readonly task_id: TaskId;
  readonly agent_id: AgentId;
  readonly resources: readonly Resource[];
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly discovery?: DiscoveryInfo;
  readonly labels?: Labels;
  readonly health_check?: Json;
  readonly check?: Json;
  readonly kill_policy?: { readonly grace_period?: { readonly nanoseconds: number } };
  readonly max_completion_time?: { readonly nanoseconds: number };
  /** Of a task in a group, too: then the one that all of the group have. */
  readonly executor?: ExecutorInfo;
  readonly data?: string;
  readonly limits?: Readonly<Record<string, { readonly value: number }>>;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';

/** States after which nothing more happens to a task. */
export const terminalStates: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export interface TaskStatus {
  readonly task_id: TaskId;
  readonly state: TaskState;
  readonly source?: 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';
  readonly reason?: string;
  readonly message?: string;
  readonly agent_id?: AgentId;
  readonly executor_id?: ExecutorId;
  readonly healthy?: boolean;
  /** What the task's check saw last. */
  readonly check_status?: Json;
  /** Seconds since 1970, with fractions. */
  readonly timestamp?: number;
  /** Base64 of 16 bytes; an update that has one must be acknowledged. */
  readonly uuid?: string;
  readonly container_status?: Json;
  /** When the master gave up the task's agent. */
  readonly unreachable_time?: { readonly nanoseconds: number };
  /** What it had used up, when its reason is a limit of its container. */
  readonly limitation?: { readonly resources: readonly Resource[] };
  readonly labels?: Labels;
}

export interface Offer {
  readonly id: OfferId;
  readonly framework_id: FrameworkId;
  readonly agent_id: AgentId;
  readonly hostname: string;
  readonly resources: readonly Resource[];
  readonly attributes?: readonly Attribute[];
  /** Executors of the framework that run on the agent. */
  readonly executor_ids?: readonly ExecutorId[];
  readonly allocation_info?: { readonly role: string };
  readonly url?: Json;
  readonly domain?: Json;
  /** When the agent's machine will be in maintenance. */
  readonly unavailability?: {
    readonly start: { readonly nanoseconds: number };
    readonly duration?: { readonly nanoseconds: number };
  };
}
