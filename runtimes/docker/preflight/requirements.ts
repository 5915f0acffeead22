import type { ImageSetName } from '../../../planning/catalogue/roles.ts';

/** Whether a version's numbers are not below those of `least`; what stands behind them (`-desktop.1`) does not count. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(least)];
  const index = need.findIndex((number, position) => number !== (have[position] ?? 0));
  return index < 0 || (have[index] ?? 0) > (need[index] ?? 0);
}

/** The oldest Engine that labs are made for: its predecessors have no fixes any more. */
export const oldestEngine = '24.0';
/** The first Compose with everything that the generated files use: `depends_on` conditions with `restart`. */
export const oldestCompose = '2.20.0';

/** What the Mesos agent of an image set wants of the Engine that runs its Docker tasks. */
export interface AgentNeeds {
  /**
   * The API that the Docker client in its image speaks: an Engine that starts above it refuses the client.
   * With an Engine of its own (dind) that Engine is pinned to one that fits.
   */
  readonly clientApi: string | undefined;
  /** Needs `ContainerConfig` in `docker inspect IMAGE`, which the containerd image store never has. */
  readonly needsOwnImageStore: boolean;
}

/**
 * Sources: apache/mesos src/docker/docker.cpp (Image::create, which fails without ContainerConfig.Entrypoint), docker/cli
 * deprecated.md (ContainerConfig; API floors 1.44 in 29.0, 1.40 in 29.3), m3scluster/clusterd CHANGELOG. The client in
 * mesosphere/mesos-slave:1.7.1 is as old as that image (2019): at most 18.09, API 1.39.
 */
export const agentNeeds: Readonly<Record<ImageSetName, AgentNeeds>> = {
  stock: { clientApi: '1.39', needsOwnImageStore: true },
  // Docker CLI 28.4, which steps down to what the Engine speaks.
  clusterd: { clientApi: undefined, needsOwnImageStore: false },
  lite: { clientApi: undefined, needsOwnImageStore: false },
};

/** Beside the lab's containers: the Engine, and the system below it. */
export const machineMemoryMb = 350;
/** What verify's tasks use. */
export const tasksMemoryMb = 100;
/** With less than this much more than is needed, one deployment may already be too much. */
export const comfortableShare = 1.25;
