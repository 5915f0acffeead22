import { isUserError } from '../../../errors/user-error.ts';
import type { LabsFacet, ListedLab } from '../../labs-facet.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { DockerWorld } from '../docker-world.ts';
import { readDockerRecord } from './docker-record.ts';
import { labContainers, labFolderOf, ofLab, type LabContainer } from './lab-containers.ts';
import { removeByName } from './remove-by-name.ts';

/** The labs on this machine's Engine: containers carry the name of their lab; without Docker there are none. */
export function dockerLabs(world: DockerWorld, engine: DockerEngine): LabsFacet {
  return {
    list: async (warn, signal) => {
      const containers = await labContainers(engine, []).catch((error: unknown) => {
        signal.throwIfAborted();
        if (!isUserError(error)) throw error;
        const [{ code, message }] = error.problems;
        if (code !== 'MACHINE_NO_DOCKER') warn(`${message}: labs on Docker are not shown`);
        return [];
      });
      signal.throwIfAborted();
      const labs = new Map<string, LabContainer[]>();
      for (const container of containers) {
        const key = JSON.stringify([container.lab, container.directory]);
        labs.set(key, [...(labs.get(key) ?? []), container]);
      }
      return [...labs.values()].flatMap((parts) => listed(world, parts));
    },
    named: async (name) => (await labContainers(engine, ofLab(name))).map(labFolderOf),
    removeNamed: (name) => removeByName(engine, name, world),
  };
}

function listed({ files }: DockerWorld, parts: readonly LabContainer[]): readonly ListedLab[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { lab: name, directory } = first;
  // A node of a lab on several machines.
  if (files.kindOf(`${labFolderOf(first)}/nodes`) !== undefined) return [];
  const running = parts.filter(({ state }) => state === 'running').length;
  const state = running === parts.length ? 'running' : running === 0 ? 'stopped' : `${running} of ${parts.length} run`;
  const folderIsGone = files.kindOf(`${directory}/mesos-cluster.yaml`) === undefined;
  const urls = readDockerRecord(files, directory)?.plan.urls.marathons ?? [];
  return [{ name, runtime: 'docker', state, directory, folderIsGone, urls: running === 0 ? [] : urls }];
}
