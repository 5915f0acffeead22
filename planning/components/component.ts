import type { Probe } from '../catalogue/probes.ts';

/*
 * What is known of the components of a cluster: the plan, the checks, the questions, `explain` and the tables derive
 * from it. A component is described in one file of this folder, and named in components.ts.
 */

/** What a reason may depend on; a Plan is one. */
export interface LabFacts {
  readonly placement: 'one-host' | 'machines';
  readonly imageSet: string;
  readonly timing: 'standard' | 'fast';
  readonly agentDocker: 'dind' | 'socket';
  readonly masterCount: number;
  readonly quorum: number;
  readonly zookeepers: readonly { readonly host: string }[];
  readonly urls: { readonly zookeeperConnect: string };
  readonly registryMirror?: string;
}

/** Why a generated name has its value. */
export interface Reason {
  /** How the value of this lab was derived, as `explain` says it. */
  readonly why: string | ((lab: LabFacts) => string);
  /** Where the rule comes from. */
  readonly source: string;
  /** The short word in the generated files, where the value does not explain itself. */
  readonly comment?: string;
}

/** What the settings of all components depend on, all of it decided already. */
export interface LabContext {
  readonly labName: string;
  readonly placement: LabFacts['placement'];
  readonly timing: LabFacts['timing'];
  readonly agentDocker: LabFacts['agentDocker'];
  readonly addons: readonly string[];
  readonly clusterName: string;
  readonly workDir: string;
  readonly quorum: number;
  readonly mesosZk: string;
  readonly marathonZk: string;
  readonly zookeeperConnect: string;
  readonly masterUrls: readonly string[];
  readonly marathonUrls: readonly string[];
  /** Of the load balancers. */
  readonly statisticsUrls: readonly string[];
  /** Of one that is asked queries, if there is any. */
  readonly prometheusUrl: string | undefined;
  /** Within what the autoscaler may have another number of agents wanted, if it may. */
  readonly agentBounds: { readonly min: number; readonly max: number; readonly cooldown: string } | undefined;
  /** The whole ZOO_SERVERS line. */
  readonly zooServers: string;
  /** The agents' flag `executor_registration_timeout`, where the spec passes one. */
  readonly askedRegistrationTimeout: string | undefined;
  /** How much the registry may store, in MB. */
  readonly registryLimitMb: number;
  /** Whether the agents' Mesos wants its CNI folders named (image-sets.ts). */
  readonly needsCniFolders: boolean;
  /** What the agents' Docker CLI is held to, if anything (agent-docker-api.ts). */
  readonly agentDockerApi: string | undefined;
  /** The network in which containers of tasks have addresses of their own, if there is one. */
  readonly taskNetwork: string | undefined;
  /** Where the agents have their file with credentials of registries, if there is one. */
  readonly agentDockerConfig: string | undefined;
  /**
   * This machine in the lab's network, where Mesos-DNS and agents are published for the tasks in the machine's Engine;
   * undefined: there are none, or no Mesos-DNS.
   */
  readonly gatewayForTasks: string | undefined;
}

/** And those of one component. */
export interface SettingsContext extends LabContext {
  readonly id: string;
  readonly host: string;
  /** The first of its ports. */
  readonly port: number | undefined;
  /** Whether it is one of our own programs (image set lite), which have no Java. */
  readonly isOurs: boolean;
  /** Of the member of the ensemble, for ZooKeeper. */
  readonly zookeeperId?: number | undefined;
  /** What it offers, for an agent, in Mesos's form; empty where Mesos finds out itself. */
  readonly agent?: { readonly resources: string; readonly attributes: string } | undefined;
}

/** A variable of the component's environment. */
export interface ComponentSetting extends Reason {
  /** As the program knows it: `MESOS_QUORUM`, `ZOO_SERVERS`. */
  readonly name: string;
  /** Undefined: not set in this lab. */
  readonly value: (context: SettingsContext) => string | number | boolean | undefined;
}

/** Words behind the image's command, for programs that are not configured by their environment. */
export interface ComponentArgument extends Reason {
  /** `--group` */
  readonly name: string;
  /** Undefined: it is not there. */
  readonly value: (context: SettingsContext) => readonly string[] | undefined;
}

/** A port that the program listens on. */
export interface ComponentPort {
  /** What is spoken there: `client`, `peer`, `election`, `http`, `stats`, `services`, `virtual-hosts`, `dns`, `libprocess`. */
  readonly name: string;
  /** The number it has everywhere else. */
  readonly usual: number;
  /** Last port of a range, which `ports.services` of a spec moves; it is published. */
  readonly usualLast?: number;
  /** Only on a machine of its own, as far behind the first port as usual. */
  readonly onMachines?: true;
  /** Only where the key of its name in `ports` publishes it (placement `one-host`). */
  readonly onlyAsked?: true;
  /** The first port of a component that only others in the lab ask: it is not published. */
  readonly onlyInside?: true;
}

/** An image that plays a part. */
export interface ComponentImage {
  readonly reference: string;
  /** Exists for this processor alone: others emulate it. */
  readonly onlyPlatform?: string;
  /** Replaces the image's CMD: the program, for images that hold several. */
  readonly command?: readonly string[];
  readonly probe: Probe;
}

/** What a person opens. */
export interface ComponentPage {
  readonly title: string;
  /** In what is printed; by default the role. */
  readonly short?: string;
  /** What is seen there. */
  readonly shows?: string;
  readonly path?: string;
  /** What answers in its place where the program has no page (image set lite). */
  readonly litePath?: string;
}

/**
 * Memory in MB. What ZooKeeper, the agents' Engines, the registry and our own programs use was measured (proportional
 * set size); the images of Mesos could not be pulled where this was written: estimates from their programs and heaps.
 */
export interface ComponentMemory {
  /** Limit of the container: the program's heap and as much again. */
  readonly limit: number;
  /** What it uses while a small lab works; the limit is far above it. */
  readonly usual: number;
  /** The same of our own program that plays it in the set lite. */
  readonly usualLite?: number;
}

/** One component, as far as it differs from the others. */
export interface Component<Name extends string = string> {
  /** What a spec calls it. */
  readonly role: Name;
  /** One of it, and several. */
  readonly title: readonly [one: string, several: string];
  /** For an add-on, what the question says of it. */
  readonly summary?: string;
  /** Add-ons that bring it; it is none by itself. */
  readonly comesWith?: readonly string[];
  /** It tells of the machine that it runs on, so there is one on each (placement `machines`). */
  readonly isOnEachMachine?: true;
  /** What it cannot do without; with `or` there, that is enough. */
  readonly needs?: { readonly role: string; readonly or?: string; readonly why: string };
  /** Roles that have to be well before it starts, where they are in the same Compose file. */
  readonly waitsFor?: readonly string[];
  /** The first one is what its clients use: a spec can move it, and on one host it is published. */
  readonly ports: readonly [ComponentPort, ...ComponentPort[]];
  /** Listens inside its container on the port that is published: it tells others, and browsers, where it is. */
  readonly tellsItsPort?: true;
  /** How far apart the published ports of several are; 1 by default. */
  readonly portStep?: number;
  readonly memory: ComponentMemory;
  /** Its image, if every set takes the same one; else see image-sets.ts. */
  readonly image?: ComponentImage;
  /**
   * A program of ours that stands in front of its image: it has the name and the ports, the arguments and the probe; the
   * settings are those of the image. What an image set calls it.
   */
  readonly gate?: 'registry-gate';
  /** What answers 200 when it is well; ZooKeeper is asked another way. */
  readonly probe?: ComponentProbe;
  readonly page?: ComponentPage;
  /** In the order of the file. */
  readonly settings: readonly ComponentSetting[];
  /** The first word behind the image's command. */
  readonly command?: string;
  readonly arguments?: readonly ComponentArgument[];
}

export interface ComponentProbe {
  readonly path: string;
  /** Listens on every address, on a machine of its own too. */
  readonly onLoopback?: true;
  /** A JVM. */
  readonly startsSlowly?: true;
}
