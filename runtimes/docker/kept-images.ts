import type { LabContainer } from './lab-containers.ts';

/** What `down` leaves, in a sentence: images, which come back slowly. */
export function keptImages(containers: readonly LabContainer[]): readonly string[] {
  // An image that has lost its name to a newer one is shown by its digest.
  const images = [...new Set(containers.map(({ image }) => image))]
    .filter((image) => !image.startsWith('sha256:'))
    .sort();
  return images.length === 0 ? [] : [`images, for the next up (docker image rm removes them): ${images.join(', ')}`];
}
