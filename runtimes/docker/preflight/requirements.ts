import type { ImageSetName, Role } from '../../../planning/catalogue/roles.ts';

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

/** A part of a lab, as far as memory goes. */
type Part = Role | 'docker-engine';

/**
 * What the parts use while a small lab works, in MB; the limits in the Compose file are far above it. ZooKeeper, the
 * agents' Engines and the registry were measured (51, 67 and 22 MB at rest, proportional set size), the images of Mesos
 * could not be pulled where this was written: estimates from the sizes of their programs and heaps.
 */
const usual: Readonly<Record<Part, number>> = {
  zookeeper: 100,
  'mesos-master': 80,
  'mesos-agent': 80,
  'docker-engine': 90,
  marathon: 550,
  'marathon-lb': 80,
  chronos: 450,
  'mesos-dns': 30,
  // Both of its containers.
  registry: 60,
};

/** Ours are Node.js processes which share a program: 25 to 36 MB were measured. */
const usualLite: Readonly<Partial<Record<Part, number>>> = {
  'mesos-master': 45,
  'mesos-agent': 50,
  marathon: 50,
  'marathon-lb': 40,
};

export const usualMemoryMb = (set: ImageSetName, part: Part): number =>
  (set === 'lite' ? usualLite[part] : undefined) ?? usual[part];

/** Beside the lab's containers: the Engine, and the system below it. */
export const machineMemoryMb = 350;
/** What verify's tasks use. */
export const tasksMemoryMb = 100;
/** With less than this much more than is needed, one deployment may already be too much. */
export const comfortableShare = 1.25;
