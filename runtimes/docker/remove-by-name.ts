import type { Clock } from '../../platform/clock.ts';
import type { Removal } from '../cluster-runtime.ts';
import type { DockerEngine } from './docker-engine.ts';
import { keepImages } from './kept-images.ts';
import { labContainers, ofLab } from './lab-containers.ts';
import { removedText, removeLabFrom } from './remove-lab.ts';

/**
 * Removes a lab whose folder is gone, or is not this one: by the marks that everything of it bears.
 * @returns undefined when the Engine has nothing of that name
 */
export async function removeByName(engine: DockerEngine, name: string, clock: Clock): Promise<Removal | undefined> {
  const containers = await labContainers(engine, ofLab(name));
  const counts = await removeLabFrom(engine, name, clock);
  const removed = removedText(counts);
  if (removed === '') return undefined;
  return { removed, kept: [...(await keepImages(engine, containers)), ...counts.left] };
}
