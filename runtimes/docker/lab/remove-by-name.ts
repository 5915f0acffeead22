import { stateFolder } from '../../../lab/lab-layout.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Removal } from '../../labs-facet.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { readDockerRecord, removeDockerRecord } from './docker-record.ts';
import { keepImages } from '../images/kept-images.ts';
import { labContainers, ofLab } from './lab-containers.ts';
import { removedText, removeLabFrom } from './remove-lab.ts';

/**
 * Removes a lab whose folder is gone, or is not this one: by the marks that everything of it bears; and the record of
 * the run where its folder is there.
 * @returns undefined when the Engine has nothing of that name
 */
export async function removeByName(
  engine: DockerEngine,
  name: string,
  { clock, files }: { readonly clock: Clock; readonly files: FileSystem },
): Promise<Removal | undefined> {
  const containers = await labContainers(engine, ofLab(name));
  const counts = await removeLabFrom(engine, name, clock);
  for (const directory of new Set(containers.map((each) => each.directory))) {
    if (readDockerRecord(files, directory)?.name !== name) continue;
    removeDockerRecord(files, directory);
    files.removeEmptyFolder(`${directory}/${stateFolder}`);
  }
  const removed = removedText(counts);
  if (removed === '') return undefined;
  return { removed, kept: [...(await keepImages(engine, containers)), ...counts.left] };
}
