/*
 * What the page shows: rows by id, in tables. The server sends all of them once, and then what changes; it says what is,
 * and not in which words: those are the page's (pages/app/words.ts).
 */

/** Amounts of what agents have: processors, and megabytes. */
export interface Amounts {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
}

/** Whom the server listens to: `master` and `marathon`; and `lab`, while it does not run. */
export interface SourceRow {
  /** `never`: it is looked for, and nothing was heard of it yet. */
  readonly state: 'never' | 'following' | 'lost';
  /** Of the one that leads. */
  readonly url?: string;
  /** Why it is not followed. */
  readonly why?: string;
  /** URLs that are asked again and again while none is followed. */
  readonly tried?: readonly string[];
  /** When this began: milliseconds since 1970. */
  readonly since: number;
}

/** A component of the lab, by its id, such as `master1`. */
export interface ComponentRow {
  readonly role: string;
  /** The machine that it is on. */
  readonly node: string;
  /** What is opened of it. */
  readonly url?: string;
  /** What is seen there. */
  readonly about?: string;
  /** It answers. */
  readonly isUp: boolean;
  /** As `status` says it: `leads`, `stands by`, `killed`; of an agent that was not asked it is empty. */
  readonly state: string;
  /** What an agent calls itself, by which it is found among those of the master. */
  readonly agent?: { readonly host: string; readonly port: number };
}

/** An agent, by the id that the master gave it. */
export interface AgentRow {
  readonly host: string;
  readonly port: number;
  /** `slave(7)`: before its paths, where it shares its address with others. */
  readonly process?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly total: Amounts;
  /** By its tasks that have not ended. */
  readonly used: Amounts;
  readonly tasks: number;
  /**
   * `inactive`: it does not answer; `deactivated`: by an operator; `recovered`: known to the master from before it led,
   * and not heard of since.
   */
  readonly state: 'active' | 'inactive' | 'deactivated' | 'draining' | 'drained' | 'recovered';
}

/** A framework, by its id. */
export interface FrameworkRow {
  readonly name: string;
  readonly user: string;
  readonly roles: readonly string[];
  readonly state: 'active' | 'inactive' | 'disconnected' | 'completed';
  readonly webUrl?: string;
  readonly tasks: number;
  /** By its tasks that have not ended. */
  readonly used: Amounts;
}

/** A task, by its id. Only while they are few: else who wants some asks for them (`page/tasks`). */
export interface TaskRow {
  readonly name: string;
  readonly framework: string;
  readonly agent: string;
  /** `TASK_RUNNING` */
  readonly state: string;
  readonly isHealthy?: boolean;
  /** Why it is in this state. */
  readonly why?: string;
  readonly cpus: number;
  readonly mem: number;
  /** When it came to this state: milliseconds since 1970. */
  readonly since: number;
}

/** An app or a pod of Marathon, by its id. */
export interface AppRow {
  readonly isPod: boolean;
  readonly instances: number;
  readonly running: number;
  readonly staged: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly cpus: number;
  readonly mem: number;
  /** What runs: a command, or an image. */
  readonly what: string;
  readonly version: string;
  readonly isSuspended: boolean;
  readonly hasChecks: boolean;
  /** Ids of deployments that are changing it. */
  readonly deployments: readonly string[];
  /** Of its last task that failed. */
  readonly lastFailure?: string;
  /** It waits in the queue. */
  readonly waiting?: Waiting;
}

/** Why instances wait. */
export interface Waiting {
  readonly count: number;
  /** Until then no attempt is made: milliseconds since 1970. Missing: offers are looked at. */
  readonly until?: number;
  /** What offers lacked, in words. */
  readonly why?: string;
  /** What the last offer of each agent lacked, in the order in which Marathon looks; those that lacked nothing are not told. */
  readonly lacks: readonly Lack[];
}

/** Offers that were of no use, of those that came so far. */
export interface Lack {
  /** Marathon's name: `InsufficientCpus`. */
  readonly reason: string;
  readonly declined: number;
  readonly processed: number;
}

/** A deployment of Marathon, by its id. */
export interface DeploymentRow {
  readonly apps: readonly string[];
  readonly step: number;
  readonly steps: number;
  /** `ScaleApplication /shop` */
  readonly actions: readonly string[];
  /** When it was begun: milliseconds since 1970; 0 if that is not known. */
  readonly since: number;
}

/** Something that just happened, by a number that grows. */
export interface EventRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: EventKind;
  /** What it is about: a name of an agent, an app, a task. */
  readonly about: string;
  /** More of it: a state, a reason. */
  readonly detail?: string;
  /** Of the row that it is about; missing where it is about several. */
  readonly id?: string;
  /** How many of the same there were. Missing: one. */
  readonly count?: number;
}

export type EventKind =
  | 'agent-added'
  | 'agent-gone'
  | 'agent-state'
  | 'framework-added'
  | 'framework-gone'
  | 'master-leads'
  | 'master-lost'
  | 'marathon-leads'
  | 'marathon-lost'
  | 'task-state'
  | 'health'
  | 'deployment-began'
  | 'deployment-done'
  | 'deployment-failed'
  | 'component-up'
  | 'component-down'
  | 'component-state'
  | 'lab-down'
  | 'lab-up';

export interface Tables {
  readonly sources: SourceRow;
  readonly components: ComponentRow;
  readonly agents: AgentRow;
  readonly frameworks: FrameworkRow;
  readonly tasks: TaskRow;
  readonly apps: AppRow;
  readonly deployments: DeploymentRow;
  readonly events: EventRow;
}

export type TableName = keyof Tables;

export const tableNames = [
  ...(['sources', 'components', 'agents', 'frameworks'] as const),
  ...(['tasks', 'apps', 'deployments', 'events'] as const),
] satisfies readonly TableName[];

/** A row that is null is gone. */
export type Changes = { readonly [Name in TableName]?: Readonly<Record<string, Tables[Name] | null>> };

/** A message of `page/changes`. */
export interface Message {
  /** Everything: what was known before is void. */
  readonly isWhole: boolean;
  /** The server's clock: milliseconds since 1970. */
  readonly now: number;
  readonly changes: Changes;
  /** All tasks that have not ended, also where they are too many to be told of one by one. */
  readonly taskCount: number;
  /** Whether something may be changed: `token`: by who opened the URL that was printed. */
  readonly changing?: 'none' | 'open' | 'token';
}

/** A setting that components of a role have, as `explain` knows it: `page/settings`. */
export interface SettingRow {
  readonly name: string;
  /** Empty: it is of the lab as a whole. */
  readonly role: string;
  /** Its values, and which of them have each. */
  readonly values: readonly { readonly value: string; readonly components: readonly string[] }[];
  /** How it came to be. */
  readonly why: string;
  readonly source: string;
}
