import type { ImageSetName } from '../../../planning/catalogue/roles.ts';

/** The oldest Engine that labs are made for: its predecessors have no fixes any more. */
export const oldestEngine = '24.0';
/** The first Compose with everything that the generated files use: `depends_on` conditions with `restart`. */
export const oldestCompose = '2.20.0';

/**
 * The newest API that the Docker client in an image set's agent speaks: an Engine that starts above it refuses the client.
 * With an Engine of its own (dind) that Engine is pinned to one that fits.
 * Sources: docker/cli deprecated.md (API floors 1.44 in 29.0, 1.40 in 29.3). The client in mesosphere/mesos-slave:1.7.1 is
 * as old as that image (2019): at most 18.09, API 1.39. The others' step down to what the Engine speaks (28.4 in clusterd's).
 */
export const newestClientApi: Readonly<Partial<Record<ImageSetName, string>>> = { stock: '1.39' };

/** The first Engine that speaks an API to which the plan holds agents' clients (planning/plan/agent-docker-api.ts). */
export const firstEngineOfHeldApi = '25.0';
/** From this release on a new Engine keeps images in containerd's store, unless it is told otherwise (moby 29.0). */
export const containerdRelease = 29;

/** Beside the lab's containers: the Engine, and the system below it. */
export const machineMemoryMb = 350;
/** What verify's tasks use. */
export const tasksMemoryMb = 100;
/** With less than this much more than is needed, one deployment may already be too much. */
export const comfortableShare = 1.25;
