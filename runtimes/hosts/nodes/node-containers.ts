import type { Problem } from '../../../errors/user-error.ts';
import type { DockerCall, DockerEngine } from '../../docker/docker-engine.ts';
import { labContainers, labFolderOf, type LabContainer } from '../../docker/lab/lab-containers.ts';
import { nodeFolder } from './node-files.ts';

/** The containers of labs on a node's machine: people share machines, and labs share names. */
export interface NodeContainers {
  /** Of the lab in our folder. */
  readonly own: readonly LabContainer[];
  /** Of labs in other folders, whatever their names. */
  readonly others: readonly LabContainer[];
}

/**
 * Asks a node's Engine for all containers of labs.
 * @param folders of our lab, absolute
 */
export async function nodeContainers(
  engine: DockerEngine,
  node: string,
  folders: readonly string[],
  call: DockerCall = {},
): Promise<NodeContainers> {
  const projects = new Set(folders.map((folder) => nodeFolder(folder, node)));
  const all = await labContainers(engine, [], call);
  return {
    own: all.filter(({ directory }) => projects.has(directory)),
    others: all.filter(({ directory }) => !projects.has(directory)),
  };
}

/** Compose, and what `down` goes by, tell labs on a machine apart by their names alone. */
export function otherLabProblem(node: string, container: LabContainer): Problem {
  return {
    code: 'SPEC_DUPLICATE',
    message: `${node}: the containers of a lab called ${container.lab} belong to another folder`,
    found: labFolderOf(container),
    fix: 'end that lab in its folder (create-mesos-cluster down; here, if it was moved here), or give this one another name in mesos-cluster.yaml',
  };
}
