/*
 * What the page asks for while a view of it is open (`page/roles`, `page/agent`, …): of this no event tells. Times are
 * milliseconds since 1970; what a Mesos does not say is missing.
 */

import type { TaskRow } from './tables.ts';

/** By name: `cpus`, `mem`, `disk`, `gpus`. */
export type AmountsByName = Readonly<Record<string, number>>;

export interface RoleDetails {
  readonly name: string;
  readonly weight: number;
  readonly guarantee: AmountsByName;
  readonly limit: AmountsByName;
  readonly consumed: AmountsByName;
  readonly allocated: AmountsByName;
  readonly offered: AmountsByName;
  readonly reserved: AmountsByName;
  /** Ids. */
  readonly frameworks: readonly string[];
}

/** A part of an agent, with what it is bound to. */
export interface ResourceItem {
  readonly name: string;
  /** Of ranges and sets: as text. */
  readonly amount: number | string;
  /** For whom it is reserved; missing: for all. */
  readonly role?: string;
  readonly isDynamic?: true;
  readonly principal?: string;
  /** Id of a persistent volume, and where it is in a container. */
  readonly volume?: string;
  readonly path?: string;
  readonly isShared?: true;
  readonly isRevocable?: true;
}

export interface OfferDetails {
  readonly id: string;
  readonly framework: string;
  readonly agent: string;
  readonly host: string;
  readonly role?: string;
  readonly resources: readonly ResourceItem[];
}

export interface Offers {
  /** How many there are; not all of them are here if they are very many. */
  readonly count: number;
  readonly offers: readonly OfferDetails[];
}

export interface MasterDetails {
  readonly id: string;
  readonly cluster: string;
  readonly version: string;
  readonly builtAt?: number;
  readonly builtBy?: string;
  readonly startedAt?: number;
  readonly electedAt?: number;
  readonly flags: Readonly<Record<string, string>>;
  /** It writes one, and shows it. */
  readonly hasLog: boolean;
  /** `/metrics/snapshot`, but what is of one framework. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly offered: AmountsByName;
}

export interface FrameworkDetails {
  readonly principal?: string;
  readonly host?: string;
  readonly capabilities: readonly string[];
  readonly isCheckpointing: boolean;
  /** Seconds. */
  readonly failoverTimeout: number;
  readonly registeredAt?: number;
  readonly reregisteredAt?: number;
  readonly unregisteredAt?: number;
  readonly isRecovered: boolean;
  readonly allocated: readonly ResourceItem[];
  readonly offered: readonly ResourceItem[];
  readonly offers: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ExecutorDetails {
  readonly id: string;
  readonly name: string;
  readonly framework: string;
  readonly frameworkName: string;
  readonly container: string;
  /** `DEFAULT`: that of pods. */
  readonly type?: string;
  readonly tasks: number;
  readonly isCompleted: boolean;
  readonly resources: AmountsByName;
}

export interface AgentDetails {
  readonly version: string;
  readonly pid: string;
  readonly capabilities: readonly string[];
  readonly registeredAt?: number;
  readonly reregisteredAt?: number;
  readonly total: readonly ResourceItem[];
  readonly used: readonly ResourceItem[];
  readonly offered: readonly ResourceItem[];
  readonly drain?: Drain;
  readonly maintenance?: Maintenance;
  /** What the agent says of itself; missing: why. */
  readonly own?: {
    readonly startedAt?: number;
    readonly hasLog: boolean;
    readonly flags: Readonly<Record<string, string>>;
    readonly executors: readonly ExecutorDetails[];
  };
  readonly why?: string;
}

interface Drain {
  readonly state: string;
  readonly startedAt?: number;
  /** Seconds. */
  readonly grace?: number;
  readonly marksGone: boolean;
}

interface Maintenance {
  readonly mode: 'scheduled' | 'draining' | 'down';
  readonly startsAt?: number;
  /** Seconds. */
  readonly duration?: number;
}

/** What a container uses, as it was measured. */
export interface UsageDetails {
  readonly container: string;
  readonly executor: string;
  readonly framework: string;
  /** Seconds since 1970, of the agent's clock. */
  readonly at: number;
  /** Seconds of processors, since it began. */
  readonly cpuSeconds: number;
  readonly cpus?: number;
  readonly memory?: number;
  readonly memoryLimit?: number;
}

/** A state that a task was in. */
export interface TaskMoment {
  readonly state: string;
  readonly at: number;
  readonly reason?: string;
  readonly message?: string;
  readonly source?: string;
  readonly isHealthy?: boolean;
}

export interface TaskDetails {
  /** What is known of it from events. */
  readonly row?: TaskRow;
  readonly history: readonly TaskMoment[];
  readonly executor: string;
  readonly role?: string;
  readonly user?: string;
  readonly container?: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
  readonly image?: string;
  readonly resources: AmountsByName;
  readonly portRanges?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck?: string;
}

/** Something in a sandbox. */
export interface FileDetails {
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
  /** `-rw-r--r--` */
  readonly mode: string;
  readonly owner: string;
  readonly changedAt?: number;
}

/** Bytes of a file. */
export interface FilePart {
  /** Base64: what a task writes need not be text. */
  readonly data: string;
  readonly offset: number;
  /** Of the whole file, now. */
  readonly size: number;
}

/** What a tag names in the registry of a lab. */
export interface RegistryImageDetails {
  /** `shop/web` */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Missing: it does not say. */
  readonly bytes?: number;
  readonly platforms: readonly string[];
  /** Of its platforms, how many the registry does not have; missing: none. */
  readonly lacks?: number;
  readonly created?: string;
}

export interface RegistryDetails {
  readonly images: readonly RegistryImageDetails[];
  /** Of all together. */
  readonly bytes: number;
  /** How apps write it before the name of an image: `registry:5000`. */
  readonly address: string;
}
