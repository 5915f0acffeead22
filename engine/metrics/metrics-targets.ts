/** What an exporter asks; it finds the agents itself, through the leading master. */
export interface MetricsTargets {
  /** URLs of all masters, `http://master1:5050`. */
  readonly masters: readonly string[];
  readonly marathons: readonly string[];
  /** URLs of the statistics, `http://marathon-lb:9090`. */
  readonly loadBalancers: readonly string[];
  /** `zookeeper1:2181` */
  readonly zookeepers: readonly string[];
}

/** An agent, as the master tells of it. */
export interface KnownAgent {
  /** What it calls itself, `agent1:5051`: the label of its metrics. */
  readonly name: string;
  /** Where it is: its name need not lead there. */
  readonly url: string;
  readonly id: string;
  /** Whether it gets offers. */
  readonly isActive: boolean;
}
