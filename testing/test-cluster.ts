/* What `create-mesos-cluster/testing` gives: this file becomes its declarations. */

/** An agent of the cluster. */
export interface AgentOptions {
  /** In Mesos's form; what it leaves out is not there. Default: `cpus:4;mem:4096;disk:10240`, and ports of its own. */
  readonly resources?: string;
  /** In Mesos's form: `rack:r1;zone:west`. Default: none. */
  readonly attributes?: string;
}

export interface ClusterOptions {
  /** 1 to 5, named `master1` and so on. Default 1. */
  readonly masters?: number;
  /** How many, up to 20, or each by itself; named `agent1` and so on. Default 1. */
  readonly agents?: number | readonly AgentOptions[];
  /** 0 to 3, named `marathon1` and so on. Default 1. */
  readonly marathons?: number;
  /** 0 or 1, named `load-balancer`; it serves the service ports of Marathon's apps. Default 0. */
  readonly loadBalancers?: number;
  /** How many agents there are besides whose tasks run nothing; all of them are one part, `simulated-agents`. Default 0. */
  readonly simulatedAgents?: number;
  /** Flag `agent_ping_timeout` of the masters. Default as in Mesos, 15 s: an agent is lost after five of them. */
  readonly agentPingTimeoutMs?: number;
  /** Flag `max_agent_ping_timeouts` of the masters. Default as in Mesos, 5. */
  readonly maxAgentPingTimeouts?: number;
  /** The time of the cluster, if it is not to be that of the system: testClock(). */
  readonly clock?: TestClock;
}

/** A time that goes as the system's does, and can be made to leap. Several clusters may have the same. */
export interface TestClock {
  /** Milliseconds since 1970, as the clusters see it. */
  readonly now: () => number;
  /**
   * Lets so much time pass in a moment: timeouts run out, and what is due is done, in its order. Tasks are processes of
   * this machine, and have its time. Resolves when all is done.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** For clusters. The function is called with each leap, until the one that it returns is. */
  readonly follow: (leap: (ms: number) => Promise<void>) => () => void;
}

/** A task of an app, as Marathon shows it. */
export interface AppTask {
  readonly id: string;
  readonly slaveId: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly state: string;
  readonly [field: string]: unknown;
}

/** An app, as Marathon shows it. */
export interface DeployedApp {
  readonly id: string;
  readonly instances: number;
  readonly tasks: readonly AppTask[];
  readonly [field: string]: unknown;
}

export interface DeployOptions {
  /** Default 30 000. */
  readonly timeoutMs?: number;
}

export interface WaitOptions {
  /** What is waited for, in words, for the error. */
  readonly what?: string;
  /** Default 30 000. */
  readonly timeoutMs?: number;
  /** Between two looks. Default 20. */
  readonly intervalMs?: number;
}

export type PartState = 'running' | 'stopped' | 'killed' | 'paused' | 'partitioned';

export type Falsy = false | 0 | '' | null | undefined;

/** A cluster that runs until `end`, or until the process of the tests goes, in whatever way. */
export interface TestCluster {
  /** Of the first master; one that does not lead sends to the leader. */
  readonly masterUrl: string;
  readonly masterUrls: readonly string[];
  readonly agentUrls: readonly string[];
  /** Of the first Marathon; empty when there is none. */
  readonly marathonUrl: string;
  readonly marathonUrls: readonly string[];
  /** Of the statistics; empty when there is none. */
  readonly loadBalancerUrl: string;
  /** Service ports that Marathon gives to apps, and that the load balancer listens on, at 127.0.0.1. */
  readonly servicePorts: { readonly first: number; readonly last: number };
  /** Where the logs of the parts (`logs`) and the sandboxes of tasks (`work`) are, until `end`. */
  readonly folder: string;

  /**
   * Gives Marathon an app, and waits until all its instances run, and are healthy if there are checks.
   * @throws with what Marathon refuses, or with what the last task that failed says
   */
  readonly deploy: (app: object, options?: DeployOptions) => Promise<DeployedApp>;
  /**
   * Looks again and again until there is something true, and returns it. What it throws counts as not yet.
   * @throws with what was seen last, when time is up
   */
  readonly waitFor: <Seen>(
    look: () => Seen | PromiseLike<Seen>,
    options?: WaitOptions,
  ) => Promise<Exclude<Seen, Falsy>>;
  /** Waits until all that runs, and is not cut off, has found the others: a leader, its agents, Marathon. */
  readonly ready: () => Promise<void>;

  /** Ends parts as a shutdown does. */
  readonly stop: (...names: readonly string[]) => Promise<void>;
  /** Ends parts as `kill -9` does; tasks of an agent go on. */
  readonly kill: (...names: readonly string[]) => Promise<void>;
  /** Lets parts stand still as SIGSTOP does: connections stay open, nothing is answered. */
  readonly pause: (...names: readonly string[]) => Promise<void>;
  /** Cuts agents off from the masters. */
  readonly partition: (...names: readonly string[]) => Promise<void>;
  /** Undoes `partition`. */
  readonly heal: (...names: readonly string[]) => Promise<void>;
  /** Undoes all of these; resolves when the parts run. `ready` waits for more. */
  readonly start: (...names: readonly string[]) => Promise<void>;
  /** What each part is in, by its name. */
  readonly states: () => Promise<Readonly<Record<string, PartState>>>;

  /** Ends the cluster and its tasks, and removes its folder. May be called twice. */
  readonly end: () => Promise<void>;
}
