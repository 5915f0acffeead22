import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';
import { toolLabel } from '../../../protocol/lab-labels.ts';

const hasName = ({ image }: LabContainer): boolean => !image.startsWith('sha256:');

/**
 * Removes images of ours that have lost their name to a newer one and that no container uses: nobody would find them.
 * That it could not is no reason to fail.
 */
export async function removeReplacedImages(engine: DockerEngine): Promise<void> {
  await engine.run(['image', 'prune', '--force', '--filter', `label=${toolLabel}`], { timeoutMs: 60_000 });
}

/** What `down` leaves, in a sentence: images, which come back slowly. */
export function keptImages(containers: readonly LabContainer[]): readonly string[] {
  const images = [...new Set(containers.filter(hasName).map(({ image }) => image))].sort();
  return images.length === 0 ? [] : [`images, for the next up (docker image rm removes them): ${images.join(', ')}`];
}

/** The same, once those that were replaced since the containers were made are gone like them. */
export async function keepImages(
  engine: DockerEngine,
  containers: readonly LabContainer[],
): Promise<readonly string[]> {
  if (!containers.every(hasName)) await removeReplacedImages(engine);
  return keptImages(containers);
}
