import type { ShellOrArgv } from './marathon-checks.ts';
import type { Json } from '../mesos.ts';
import type {
  Artifact,
  KillSelection,
  Labels,
  Network,
  PersistentVolumeInfo,
  UnreachableStrategy,
} from '../marathon.ts';

/* Pods of Marathon's v2 API, in the canonical form in which it answers (pod.raml, podContainer.raml of Marathon 1.10). */

export type Environment = Readonly<Record<string, string | { readonly secret: string }>>;

export interface PodResources {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
}

export interface Endpoint {
  /** No other endpoint of the pod has it. */
  readonly name: string;
  /** 0: the same as the host port. Missing with the network of the host. */
  readonly containerPort?: number;
  /** 0: one out of the offer. */
  readonly hostPort?: number;
  readonly protocol?: readonly string[];
  readonly labels?: Labels;
  readonly networkNames?: readonly string[];
}

/** Exactly one of `http`, `tcp` and `exec` is there. */
export interface PodHealthCheck {
  readonly http?: { readonly endpoint: string; readonly path?: string; readonly scheme: 'HTTP' | 'HTTPS' };
  readonly tcp?: { readonly endpoint: string };
  readonly exec?: { readonly command: ShellOrArgv };
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
}

export interface PodContainer {
  readonly name: string;
  readonly exec?: { readonly command: ShellOrArgv; readonly overrideEntrypoint?: boolean };
  readonly resources: PodResources;
  readonly endpoints?: readonly Endpoint[];
  readonly image?: { readonly kind: 'DOCKER'; readonly id: string; readonly forcePull?: boolean };
  readonly environment?: Environment;
  readonly user?: string;
  readonly healthCheck?: PodHealthCheck;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly artifacts?: readonly Artifact[];
  readonly labels?: Labels;
  readonly lifecycle?: { readonly killGracePeriodSeconds?: number };
  readonly tty?: boolean;
}

export interface PodVolume {
  readonly name: string;
  readonly secret?: string;
  readonly persistent?: PersistentVolumeInfo;
}

/** What the instances of a pod are made of. */
export interface PodTemplate {
  readonly labels?: Labels;
  readonly user?: string;
  readonly environment?: Environment;
  readonly containers: readonly PodContainer[];
  readonly secrets?: Json;
  /** Only with a name, a folder that containers share. */
  readonly volumes?: readonly PodVolume[];
  readonly networks?: readonly Network[];
  readonly executorResources: Omit<PodResources, 'gpus'>;
}

export interface PodConstraint {
  readonly fieldName: string;
  readonly operator: string;
  readonly value?: string;
}

export interface PodScheduling {
  readonly backoff: { readonly backoff: number; readonly backoffFactor: number; readonly maxLaunchDelay: number };
  readonly upgrade: { readonly minimumHealthCapacity: number; readonly maximumOverCapacity: number };
  readonly placement?: {
    readonly constraints?: readonly PodConstraint[];
    readonly acceptedResourceRoles?: readonly string[];
  };
  readonly killSelection: KillSelection;
  readonly unreachableStrategy: UnreachableStrategy;
}

/** A pod, all defaults filled in. */
export interface Pod extends PodTemplate {
  /** Absolute: `/group/name`. */
  readonly id: string;
  readonly version: string;
  readonly scaling: { readonly kind: 'fixed'; readonly instances: number };
  readonly scheduling: PodScheduling;
  readonly role: string;
}
