import type { AgentBounds } from './agent-bounds.ts';
import type { Probe } from '../catalogue/probes.ts';
import type { ImageBuild } from '../catalogue/image-sets.ts';
import type { Addon, ImageSetName, PresetName, Role, VagrantProvider } from '../catalogue/roles.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { LabNetwork } from './lab-network.ts';
import type { TimeRange } from '../values/time-range.ts';

/** How the files run: everything on one Docker Engine, or a Docker Engine per node. */
export type Placement = 'one-host' | 'machines';

/**
 * One derived setting of one component: an environment variable or a command-line flag of the program.
 * Why it has this value is said beside its rule, in components/.
 */
export interface Setting {
  /** As the program knows it: `MESOS_QUORUM`, `ZOO_SERVERS`, `MARATHON_ZK`, `--group`. */
  readonly name: string;
  readonly value: string;
  /** `spec`: the user asked for this value; `derived`: the plan computed it or chose it. */
  readonly origin: 'derived' | 'spec';
}

/** A port that a component listens on. */
export interface PlannedPort {
  /** What is spoken there: `client`, `peer`, `election`, `http`, `stats`, `services`, `virtual-hosts`, `dns`, `libprocess`. */
  readonly name: string;
  /** The port inside the component's network (on placement `machines`: on the node). For `services`: the first one. */
  readonly target: number;
  /** The port on this machine's bind address, when it is published there (placement `one-host`). */
  readonly published?: number;
  /** Last port of a range (`services`); the published range is as long as the target range. */
  readonly targetEnd?: number;
}

/** Which image plays a part, and how it is started. */
export interface PlannedImage {
  readonly reference: string;
  /** Given only where the image exists for one processor alone, or the spec says so. */
  readonly platform?: string;
  /** Replaces the image's CMD. */
  readonly command?: readonly string[];
  /** Replaces the image's ENTRYPOINT. */
  readonly entrypoint?: readonly string[];
  /** How the component is asked for its health from inside its container. */
  readonly probe: Probe;
  /** Present: never pulled, but built on the machine that it runs on. */
  readonly build?: ImageBuild;
}

/** One role on one node: one container, or for an agent with its own engine a pod of three. */
export interface PlannedComponent {
  readonly role: Role;
  /** Unique in the lab: `master1`, `agent2`, `marathon-lb`; on placement `machines`: `node1-mesos-master`. */
  readonly id: string;
  /** The Compose service: the id on one host, the role on a node of its own. */
  readonly service: string;
  /** Name of the node it runs on. */
  readonly node: string;
  /** Counts from 1 within the role. */
  readonly ordinal: number;
  /** What the other components reach it by: a service name, or the node's address. */
  readonly host: string;
  readonly ports: readonly PlannedPort[];
  readonly image: PlannedImage;
  /** What stands behind it, if it is a gate: `environment` is that of this one. */
  readonly behind?: PlannedImage;
  /** The first component of its Compose file with an image that is built: its service builds it for the others. */
  readonly buildsImage?: true;
  /** Environment, in the order of the file. */
  readonly environment: readonly Setting[];
  /** Flags and arguments behind the image's command, for programs that take no environment. */
  readonly arguments: readonly string[];
  /** Memory limit of the container, in MB; none for an agent that offers all of its machine. */
  readonly memoryMb?: number;
  /** What it uses while a small lab works, in MB: an estimate, without the Engine that an agent may have of its own. */
  readonly usualMemoryMb: number;
}

export interface PlannedNode {
  readonly name: string;
  /** IPv4 address; only on placement `machines`. */
  readonly address?: string;
  readonly roles: readonly Role[];
  /** Where its Engine is, as the spec says it. */
  readonly docker?: string;
  readonly components: readonly PlannedComponent[];
}

export interface ZookeeperMember {
  /** `myid`. */
  readonly id: number;
  readonly node: string;
  readonly host: string;
  /** Client port as the components of the cluster reach it. */
  readonly clientPort: number;
  /** As in ZOO_SERVERS: `server.1=zookeeper1:2888:3888;2181`. */
  readonly serverLine: string;
}

export interface PlannedAgent {
  /** The component's id. */
  readonly id: string;
  /** In Mesos's form, empty when there are none. */
  readonly attributes: string;
  readonly resources: string;
}

/** Agents whose tasks are simulated, beside the real ones. */
export interface PlannedSimulation {
  readonly count: number;
  /** In Mesos's form; what they leave out is simulatedResources. */
  readonly resources: string;
  /** In Mesos's form, without `simulated`, rack and zone; empty when there are none. */
  readonly attributes: string;
  /** 0: they have no such attribute. */
  readonly racks: number;
  readonly zones: number;
  readonly tasks: {
    readonly startDelay: TimeRange;
    /** Missing: they run until they are killed. */
    readonly endAfter?: TimeRange;
    /** From 0 to 1. */
    readonly crashRate: number;
    readonly crashAfter: TimeRange;
  };
}

export interface VagrantPlan {
  readonly provider: VagrantProvider;
  /** Empty: chosen by the Vagrantfile for the provider and the processor. */
  readonly box: string;
  readonly cpus: number;
  readonly memoryMb: number;
  /** Docker release that is installed, as the package version starts: `28.`, `25.`. */
  readonly dockerVersion: string;
  /** Stock Mesos runs Docker tasks only with cgroup v1. */
  readonly cgroupV1: boolean;
}

/** What the Engine of each agent keeps of what has ended. */
export interface PlannedCleaner {
  /** Containers. */
  readonly containers: number;
  /** For so long. */
  readonly ageSeconds: number;
  /** Images without a tag, in MB. */
  readonly danglingImagesMb: number;
  /** What the cleaner of one Engine uses itself, in MB. */
  readonly usualMemoryMb: number;
}

/** What is said of the network of a lab on one host; all else is Docker's own choice. */
export interface PlannedNetwork {
  /** Missing: Compose's. */
  readonly name?: string;
  readonly addresses?: LabNetwork;
}

/** The Docker network in which containers of tasks have addresses that the whole lab reaches. */
export interface PlannedTaskNetwork {
  readonly name: string;
  /** What makes it in one Engine uses itself, in MB. */
  readonly usualMemoryMb: number;
}

/** A cluster that somebody else runs: where its parts are reached. Lists are in the order of the nodes of each role. */
export type AdoptedPlan = NonNullable<ClusterSpec['adopted']>;

/** A file with the credentials of private registries, which all agents have. */
export interface PlannedDockerConfig {
  /** Relative to the lab (placement `one-host`), or absolute on the machine of an agent. */
  readonly path: string;
  readonly inContainer: string;
}

/** Every decision about a lab, made once. Generators, explain, and later the runtimes and checks read nothing else. */
export interface Plan {
  readonly name: string;
  readonly preset: PresetName | 'custom';
  readonly placement: Placement;
  readonly imageSet: ImageSetName;
  /** Its Mesos agent works on cgroup v1 alone; false when the spec gives another agent. */
  readonly needsCgroupV1: boolean;
  /** Its Mesos agent starts no Docker task where the Engine leaves ContainerConfig out (agent-docker-api.ts). */
  readonly readsContainerConfig: boolean;
  readonly timing: 'standard' | 'fast';
  /** Address of this machine that ports are published on (placement `one-host`). */
  readonly bind: string;
  /** What all published ports are above those that the spec names; it is in them already (placement `one-host`). */
  readonly portOffset: number;
  readonly agentDocker: 'dind' | 'socket';
  readonly addons: readonly Addon[];
  /** In the order of the file; each has its components in start order. */
  readonly nodes: readonly PlannedNode[];
  readonly zookeepers: readonly ZookeeperMember[];
  readonly agents: readonly PlannedAgent[];
  /** What only the embedded runtime has. */
  readonly simulatedAgents?: PlannedSimulation;
  readonly masterCount: number;
  /** Majority of the masters. */
  readonly quorum: number;
  readonly urls: {
    /** `zk://host:2181,…/mesos` */
    readonly mesosZk: string;
    /** `zk://host:2181,…/marathon` */
    readonly marathonZk: string;
    /** `host:2181,…` */
    readonly zookeeperConnect: string;
    /** What a person opens, from the machine the lab is on. */
    readonly masters: readonly string[];
    readonly marathons: readonly string[];
    readonly agents: readonly string[];
    readonly loadBalancers: readonly string[];
    /** http://…:10000 for the first load balancer. */
    readonly services: readonly string[];
    readonly addons: readonly { readonly role: Role; readonly url: string }[];
  };
  /** First and last service port of the load balancer. */
  readonly servicePorts: { readonly first: number; readonly last: number };
  readonly clusterName: string;
  readonly workDir: string;
  readonly engine: {
    /** The agents' own Docker engine (dind). */
    readonly image: PlannedImage;
    /** Its release of Docker, when the image's tag says it. */
    readonly release?: number;
    /** What one uses, in MB. */
    readonly usualMemoryMb: number;
    /** Its arguments: mirrors, insecure registries. */
    readonly arguments: readonly string[];
    /** Proxy variables for engines and virtual machines, in the order of the file. */
    readonly proxy: readonly Setting[];
  };
  /** Within what the autoscaler may have another number of agents wanted. */
  readonly agentBounds?: AgentBounds;
  /** What removes the rest from the agents' own Engines, if anything does. */
  readonly cleaner?: PlannedCleaner;
  /** Missing: nothing is said. */
  readonly network?: PlannedNetwork;
  /** Of the agents' own Engines; of an Engine that they share, the network of the lab itself. */
  readonly taskNetwork?: PlannedTaskNetwork;
  /** URL of a pull-through cache that the user has. */
  readonly registryMirror?: string;
  readonly agentDockerConfig?: PlannedDockerConfig;
  readonly vagrant?: VagrantPlan;
  readonly nativeConfig: boolean;
  /** The cluster is somebody else's: it is looked at, never started or stopped, and `urls` are what was found. */
  readonly adopted?: AdoptedPlan;
}
