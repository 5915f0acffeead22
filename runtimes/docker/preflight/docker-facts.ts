import type { ErrorCode } from '../../../errors/catalogue.ts';

/** What is known of the Docker that `docker` on this machine talks to. */
export interface DockerFacts {
  readonly kind: 'facts';
  readonly client: { readonly version: string };
  readonly engine: {
    readonly version: string;
    /** The lowest that it speaks: `1.24`. */
    readonly minApiVersion: string;
    /** `linux` or `windows`: of the containers. */
    readonly os: string;
    /** As in platforms of images: `amd64`, `arm64`. */
    readonly arch: string;
    readonly kind: 'docker' | 'desktop' | 'podman';
    /** As it calls its machine: `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
    readonly machine: string;
  };
  /** Undefined on an Engine that is too old to tell. */
  readonly cgroupVersion: 1 | 2 | undefined;
  readonly storage: {
    /** `overlay2`, `overlayfs`, … */
    readonly driver: string;
    /** Images are in containerd's store instead of the Engine's own. */
    readonly isContainerd: boolean;
  };
  readonly memoryMb: number;
  readonly cpus: number;
  readonly isRootless: boolean;
  /** User namespaces for all containers (`userns-remap`): privileged ones are refused. */
  readonly hasUserNamespaces: boolean;
  /** Programs for linux/amd64 run on an arm64 machine; undefined when that is not known. */
  readonly emulatesAmd64: boolean | undefined;
  /** Where the Engine keeps images, on its own machine. */
  readonly rootFolder: string;
  readonly context: string;
  /** `unix:///var/run/docker.sock`, `ssh://user@host`. */
  readonly endpoint: string;
  /** The Engine is on another machine: what it publishes is not on this one. */
  readonly isRemote: boolean;
  readonly composeVersion: string;
}

/** Why there is no Docker that labs could run on. */
export interface DockerProblem {
  readonly kind: 'problem';
  readonly code: ErrorCode;
  /** One sentence, without a final full stop. */
  readonly message: string;
  /** What was seen. */
  readonly found: string;
  readonly fix: string;
}
