import type { StartOptions } from '../../cluster-runtime.ts';
import { refuseMissingMounts, writeChosen, type ChosenFile } from '../compose/compose-file.ts';
import type { DockerWorld } from '../docker-world.ts';
import { refuseBadDockerConfig } from './docker-config.ts';

/**
 * Writes the Compose file that was chosen, where all that it mounts is there.
 *
 * @throws UserError LAB_NOT_GENERATED, DOCKER_CONFIG
 */
export function putInPlace(
  { files }: DockerWorld,
  directory: string,
  chosen: ChosenFile,
  { plan, tell }: StartOptions,
): void {
  if (chosen.remark !== undefined) tell.warn(chosen.remark);
  refuseMissingMounts(files, directory, chosen);
  refuseBadDockerConfig(files, directory, plan);
  writeChosen(files, directory, chosen);
}
