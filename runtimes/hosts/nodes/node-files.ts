import { textFingerprint } from '../../../lab/fingerprint.ts';
import { readManifest } from '../../../lab/manifest.ts';
import { explainingFailures } from '../../../lab/write-failure.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { hostsFolder } from '../hosts-record.ts';

/** The folder of a node's files; Compose's project folder there. */
export const nodeFolder = (directory: string, node: string) => `${directory}/nodes/${node}`;

/** Which Compose file each node is run with. */
export interface NodeFiles {
  /** Absolute, by the names of the nodes. */
  readonly paths: ReadonlyMap<string, string>;
  readonly remarks: readonly string[];
}

interface FileWorld {
  readonly files: FileSystem;
  readonly nodeTexts: (plan: Plan) => ReadonlyMap<string, string>;
}

/**
 * Chooses the Compose files that a plan is run with, and writes those that the lab does not have: its own ones count
 * where they say the same, or were edited by hand.
 * @param directory absolute
 * @param folder where those are written that are not the lab's own
 */
export function nodeFiles(directory: string, plan: Plan, world: FileWorld, folder = hostsFolder(directory)): NodeFiles {
  const { files } = world;
  const written = readManifest(files, directory).files;
  const paths = new Map<string, string>();
  const edited: string[] = [];
  const newer: string[] = [];
  for (const [node, text] of world.nodeTexts(plan)) {
    const name = `nodes/${node}/docker-compose.yml`;
    const own = `${directory}/${name}`;
    const has = files.kindOf(own) === undefined ? undefined : files.readText(own);
    if (has === text) {
      paths.set(node, own);
      continue;
    }
    if (has !== undefined && written.get(name) !== textFingerprint(has)) {
      paths.set(node, own);
      edited.push(name);
      continue;
    }
    const path = `${folder}/${name}`;
    explainingFailures(directory, 'Nothing was started', () => {
      files.makeFolders(path.slice(0, path.lastIndexOf('/')));
      files.writeText(path, text, false);
    });
    paths.set(node, path);
    newer.push(name);
  }
  const remarks = [
    ...(edited.length === 0
      ? []
      : [`edited, and run as they stand; checks go by mesos-cluster.yaml: ${edited.join(', ')}`]),
    ...(newer.length === 0
      ? []
      : [`mesos-cluster.yaml is newer, and counts; npm run generate writes these again: ${newer.join(', ')}`]),
  ];
  return { paths, remarks };
}
