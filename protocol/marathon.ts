import type { TaskCheck, TaskCheckResult } from './marathon/marathon-checks.ts';
import type { Json } from './mesos.ts';

/*
 * Marathon's v2 API in its JSON form (docs/docs/rest-api/public/api/v2/types of Marathon 1.10). The types are the
 * canonical form that Marathon answers with; the older form that it also accepts is translated at the door.
 */

export type Labels = Readonly<Record<string, string>>;

export interface PortDefinition {
  /** Service port; with `requirePorts` the host port, too. */
  readonly port: number;
  readonly protocol: string;
  readonly name?: string;
  readonly labels: Labels;
}

export interface PortMapping {
  /** 0: the same as the host port. */
  readonly containerPort: number;
  /** 0: one out of the offer. Missing (container networks only): none. */
  readonly hostPort?: number;
  readonly servicePort: number;
  readonly protocol: string;
  readonly name?: string;
  readonly labels: Labels;
  readonly networkNames?: readonly string[];
}

export interface Network {
  readonly mode: 'container' | 'container/bridge' | 'host';
  readonly name?: string;
  readonly labels?: Labels;
}

export interface DockerContainer {
  readonly image: string;
  readonly forcePullImage: boolean;
  readonly privileged: boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
}

/** A volume whose data outlives tasks, as a definition asks for it. */
export interface PersistentVolumeInfo {
  readonly type: 'root' | 'path' | 'mount';
  /** MiB. */
  readonly size: number;
  /** Of a disk of type mount, which is taken as a whole. */
  readonly maxSize?: number;
  /** What the path of the disk must be like. */
  readonly constraints?: readonly (readonly string[])[];
}

export interface Container {
  readonly type: 'MESOS' | 'DOCKER';
  readonly docker?: DockerContainer;
  readonly volumes: readonly Json[];
  readonly portMappings?: readonly PortMapping[];
}

export type HealthCheckProtocol = 'HTTP' | 'HTTPS' | 'TCP' | 'COMMAND' | 'MESOS_TCP' | 'MESOS_HTTP' | 'MESOS_HTTPS';

export interface HealthCheck {
  readonly protocol: HealthCheckProtocol;
  readonly path?: string;
  readonly port?: number;
  readonly portIndex?: number;
  readonly command?: { readonly value: string };
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly delaySeconds: number;
  readonly ignoreHttp1xx?: boolean;
  readonly ipProtocol?: string;
}

/** Asked of new tasks while they are deployed, and never again once a task is ready. */
export interface ReadinessCheck {
  readonly name: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly path: string;
  readonly portName: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly httpStatusCodesForReady: readonly number[];
  readonly preserveLastResponse: boolean;
}

/** What a readiness check of a task gave last. */
export interface ReadinessResult {
  readonly name: string;
  readonly taskId: string;
  readonly ready: boolean;
  readonly lastResponse?: HttpResponse;
}

export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A constraint: field, operator, and for most operators a value. */
export type Constraint = readonly string[];

export interface Artifact {
  readonly uri: string;
  readonly extract: boolean;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly destPath?: string;
}

export interface VersionInfo {
  readonly lastScalingAt: string;
  readonly lastConfigChangeAt: string;
}

export type UnreachableStrategy =
  'disabled' | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };

export type KillSelection = 'YOUNGEST_FIRST' | 'OLDEST_FIRST';

/** An app in canonical form, all defaults filled in. */
export interface App {
  /** Absolute: `/group/name`. */
  readonly id: string;
  readonly acceptedResourceRoles?: readonly string[];
  readonly args?: readonly string[];
  readonly backoffFactor: number;
  readonly backoffSeconds: number;
  readonly cmd?: string;
  readonly constraints?: readonly Constraint[];
  readonly container?: Container;
  readonly cpus: number;
  readonly dependencies?: readonly string[];
  readonly disk: number;
  readonly env?: Readonly<Record<string, string | { readonly secret: string }>>;
  readonly executor: string;
  readonly fetch?: readonly Artifact[];
  readonly healthChecks?: readonly HealthCheck[];
  readonly check?: TaskCheck;
  readonly instances: number;
  readonly labels: Labels;
  readonly maxLaunchDelaySeconds: number;
  readonly mem: number;
  readonly gpus: number;
  readonly networks: readonly Network[];
  readonly portDefinitions?: readonly PortDefinition[];
  readonly readinessChecks?: readonly ReadinessCheck[];
  readonly requirePorts: boolean;
  readonly secrets?: Json;
  readonly taskKillGracePeriodSeconds?: number;
  readonly tty?: boolean;
  readonly upgradeStrategy: { readonly maximumOverCapacity: number; readonly minimumHealthCapacity: number };
  readonly user?: string;
  readonly version: string;
  readonly versionInfo: VersionInfo;
  readonly killSelection: KillSelection;
  readonly unreachableStrategy: UnreachableStrategy;
  readonly role: string;
}

/** What became of one health check of one task. */
export interface Health {
  readonly alive: boolean;
  readonly consecutiveFailures: number;
  readonly firstSuccess?: string;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
  readonly lastFailureCause?: string;
  readonly instanceId: string;
}

/** A task as in /v2/tasks. */
export interface MarathonTask {
  readonly id: string;
  readonly appId: string;
  readonly host: string;
  readonly ipAddresses: readonly { readonly ipAddress: string; readonly protocol: string }[];
  /** Host ports. */
  readonly ports: readonly number[];
  readonly servicePorts: readonly number[];
  readonly slaveId: string;
  readonly state: string;
  /** Missing for what has no task now. */
  readonly stagedAt?: string;
  readonly startedAt?: string;
  readonly version: string;
  readonly localVolumes: readonly Json[];
  readonly healthCheckResults?: readonly Health[];
  readonly checkResult?: TaskCheckResult;
  readonly region?: string;
  readonly zone?: string;
  readonly role: string;
}

export interface TaskFailure {
  readonly appId: string;
  readonly host: string;
  readonly message: string;
  readonly state: string;
  readonly taskId: string;
  readonly timestamp: string;
  readonly version: string;
  readonly slaveId?: string;
  /** Of the instance; only of pods. */
  readonly startedAt?: string;
}

/** An error answer. */
export interface MarathonError {
  readonly message: string;
  readonly details?: string | readonly { readonly path: string; readonly errors: readonly string[] }[];
  readonly deployments?: readonly { readonly id: string }[];
}
