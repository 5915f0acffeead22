import type { LabPart } from '../../cluster-runtime.ts';
import type { DockerCall, DockerEngine } from '../docker-engine.ts';
import { composeLabels, labLabel, nodeLabel, partitionRole, roleLabel } from '../../../protocol/lab-labels.ts';

/** A container of a lab. */
export interface LabContainer extends LabPart {
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  /** Name of the lab. */
  readonly lab: string;
  /** Folder of the lab, as Compose was told. */
  readonly directory: string;
  /** The Compose file it was made from. */
  readonly composeFile: string;
}

const label = (name: string) => `{{.Label "${name}"}}`;

/** Columns of `docker ps`, in the order of LabContainer's making. */
const format = [
  '{{.ID}}',
  '{{.Names}}',
  '{{.State}}',
  '{{.Status}}',
  '{{.Image}}',
  label(labLabel),
  label(nodeLabel),
  label(roleLabel),
  label(composeLabels.service),
  label(composeLabels.directory),
  label(composeLabels.files),
].join('\t');

/**
 * Containers of labs, those that do not run among them, by their services' names.
 * @param filters as for `docker ps --filter`, beyond the mark of labs: `label=…`, `publish=5050`
 * @throws as DockerEngine.ask
 */
export async function labContainers(
  engine: DockerEngine,
  filters: readonly string[],
  call: DockerCall = {},
): Promise<readonly LabContainer[]> {
  const words = [`label=${labLabel}`, ...filters].flatMap((filter) => ['--filter', filter]);
  const text = await engine.ask(['ps', '--all', '--no-trunc', ...words, '--format', format], call);
  const found = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(containerOf)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return withPartitions(found);
}

/** Agents that are cut off are said to be so, and what does it is no part of the lab. */
function withPartitions(containers: readonly LabContainer[]): readonly LabContainer[] {
  const cut = new Set(
    containers.filter(({ role, state }) => role === partitionRole && state === 'running').map(({ id }) => id),
  );
  return containers
    .filter(({ role }) => role !== partitionRole)
    .map((each) =>
      each.state === 'running' && cut.has(`${each.id}-${partitionRole}`) ? { ...each, state: 'partitioned' } : each,
    );
}

function containerOf(line: string): LabContainer {
  const [containerId = '', name = '', state = '', detail = '', image = '', lab = '', ...rest] = line.split('\t');
  const [node = '', role = '', id = '', directory = '', composeFile = ''] = rest;
  // An image that has lost its name to a newer one is shown by its digest: its beginning is enough.
  return {
    id,
    containerId,
    name,
    // 128 and SIGKILL: nobody starts it again but `start`.
    state: state === 'exited' && detail.startsWith('Exited (137)') ? 'killed' : state,
    detail,
    image: image.replace(/^(sha256:.{12}).*$/, '$1'),
    lab,
    node,
    role,
    directory,
    composeFile,
  };
}

/** The containers that a lab of this name has: both marks must say so. */
export const ofLab = (name: string): readonly string[] => [
  `label=${labLabel}=${name}`,
  `label=${composeLabels.project}=${name}`,
];

/** The containers that labs of this folder have, whatever their names. */
export const inFolder = (directory: string): readonly string[] => [`label=${composeLabels.directory}=${directory}`];

/** The lab's folder that a container bears, also if its lab is on one host. */
export const labFolderOf = ({ directory }: Pick<LabContainer, 'directory'>): string =>
  directory.replace(/\/nodes\/[^/]+$/, '');

/**
 * The pull-through cache ends when its upstream does not answer at its start (distribution/distribution#4038), and is
 * started again until it does. Without a network a lab has no use for it, and runs without it.
 */
export const optionalRole = 'registry-cache';

/** Whether a part is one that a lab does without and that the Engine starts again: in between it runs for a moment. */
export const isDoneWithout = ({ role, state }: Pick<LabPart, 'role' | 'state'>): boolean =>
  role === optionalRole && (state === 'restarting' || state === 'running');
