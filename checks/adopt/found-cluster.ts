/** Flags as `/flags` shows them: names and values as text. */
export type FoundFlags = Readonly<Record<string, string>>;

/** A master that answered. */
export interface FoundMaster {
  /** Where this machine reaches it, without a slash at the end. */
  readonly url: string;
  /** What it calls itself; undefined when it does not say. */
  readonly hostname?: string;
  /** IPv4 address that it advertises. */
  readonly ip?: string;
  readonly port: number;
  readonly version: string;
  readonly flags: FoundFlags;
  readonly leads: boolean;
}

/** An agent as the leading master shows it. */
export interface FoundAgent {
  readonly hostname: string;
  readonly port: number;
  readonly ip?: string;
  readonly active: boolean;
  /** Names and values as the master shows them. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** In Mesos's form: `cpus:2;mem:1024;ports:[31000-32000]`; empty when it offers nothing. */
  readonly resources: string;
  readonly version?: string;
  /** Undefined when it was not asked, or did not answer. */
  readonly flags?: FoundFlags;
}

export interface FoundMarathon {
  /** Where this machine reaches it, the leading one first. */
  readonly urls: readonly string[];
  readonly version?: string;
  /** Its settings by the names of its flags, as text. */
  readonly flags: FoundFlags;
  /** Its `--zk`. */
  readonly zookeeper?: string;
}

/** What was seen of a cluster that somebody else runs. */
export interface FoundCluster {
  readonly masters: readonly FoundMaster[];
  /** Name of the cluster, when it has one. */
  readonly name?: string;
  /** The masters' `--zk`; undefined when they name none. */
  readonly zookeeper?: string;
  readonly agents: readonly FoundAgent[];
  readonly marathon?: FoundMarathon;
  readonly loadBalancer?: string;
  /** What could not be known, in sentences for a person: one line each, without characters that are not to be printed. */
  readonly unknown: readonly string[];
}

/** Why there is nothing to adopt. */
export class AdoptFailure extends Error {
  override readonly name = 'AdoptFailure';
  readonly kind: 'unreachable' | 'not-mesos';
  readonly found: string;
  readonly fix: string;

  constructor(kind: AdoptFailure['kind'], message: string, found: string, fix: string) {
    super(message);
    this.kind = kind;
    this.found = found;
    this.fix = fix;
  }
}
